import type { RunEvent } from './events.ts';
import type { RunState } from './state.ts';

/**
 * What a client says to a runner, as JSON-RPC 2.0 on its socket, and what comes back. The runner then
 * sends `events` notifications: every event after the ones answered, once and in order.
 */
export interface RunnerRequests {
  /**
   * First request of every connection. `after` is the number of the last event that the client has.
   * The answer holds the missing events, or a snapshot when the runner no longer keeps them all.
   */
  attach: {
    params: { readonly token: string; readonly after?: number };
    answer: { readonly snapshot?: RunState; readonly events: readonly RunEvent[] };
  };
  /** Cancels the run, or some items of it. Answers when every process has ended. */
  cancel: { params: { readonly items?: readonly number[] }; answer: null };
  pause: { params: Record<string, never>; answer: null };
  resume: { params: Record<string, never>; answer: null };
  /** Puts failed or cancelled items back in the queue; all failed ones without `items`. */
  retry: { params: { readonly items?: readonly number[] }; answer: null };
  /** Moves a queued item to the front of the queue, or to its end. */
  move: { params: { readonly item: number; readonly to: 'first' | 'last' }; answer: null };
  concurrency: { params: { readonly concurrency: number }; answer: null };
}

export type RunnerMethod = keyof RunnerRequests;

/** Notification from the runner: events, or a snapshot for a client that fell too far behind. */
export interface RunnerNotice {
  readonly snapshot?: RunState;
  readonly events: readonly RunEvent[];
}
