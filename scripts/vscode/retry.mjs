import { setTimeout as delay } from 'node:timers/promises';

export const patience = 30_000;

/**
 * Again and again until it gives something: a workbench that starts has neither its commands nor its views at once.
 *
 * @template T
 * @param {string} what
 * @param {() => Promise<T | undefined>} attempt
 * @returns {Promise<T>}
 */
export async function retry(what, attempt) {
  let reason;
  for (const end = Date.now() + patience; Date.now() < end; await delay(200)) {
    try {
      const found = await attempt();
      if (found !== undefined) return found;
    } catch (error) {
      reason = error;
    }
  }
  throw new Error(`not found in ${patience / 1000} s: ${what}`, { cause: reason });
}
