import { StepFailure } from './failure.ts';

/**
 * Ms until another attempt: `first`, doubled with each attempt, and differing a little between items that failed
 * together; longer where the other side has asked for more.
 */
export function delayAfter(failure: unknown, first: number, attempt: number): number {
  const backoff = Math.min(first * 2 ** (attempt - 1), 300_000) * (0.75 + Math.random() / 2);
  const asked = failure instanceof StepFailure ? failure.retryAfter : undefined;
  return Math.round(Math.max(asked ?? 0, backoff));
}
