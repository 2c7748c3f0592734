import type { RunState } from '../protocol/state.ts';

/** Exit codes of `sluice`: docs/command-line.md. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The exit code that a finished run gives. */
export function exitCodeOf(state: RunState): number {
  if (state.state === 'done') return EXIT.done;
  return state.state === 'failed' ? EXIT.failed : EXIT.interrupted;
}

/** A wrong use of the command line: what to say before leaving with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
