import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { codeOf, ModelError } from './error.ts';

/**
 * Runs `work` while no other process runs under the same lock. A process that died leaves a lock
 * that is taken over after 10 s. While another process holds it, `onWait` is called twice a second.
 */
export async function withLock<T>(
  path: string,
  signal: AbortSignal,
  onWait: () => Promise<void>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const lost = new AbortController();
  const release = await acquire(path, signal, onWait, lost);
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    // A lock that was lost cannot be given back, and nothing needs it to be.
    await release().catch(() => undefined);
  }
}

async function acquire(
  path: string,
  signal: AbortSignal,
  onWait: () => Promise<void>,
  lost: AbortController,
): Promise<() => Promise<void>> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await lock(path, {
        realpath: false,
        stale: 10_000,
        update: 2_000,
        onCompromised: (cause) =>
          lost.abort(new ModelError(`The lock ${path}.lock was taken away`, { cause })),
      });
    } catch (error) {
      if (codeOf(error) !== 'ELOCKED') throw error;
    }
    await onWait();
    await sleep(500, undefined, { signal });
  }
}
