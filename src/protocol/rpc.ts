import type { RunEvent } from './events.ts';
import type { RunState } from './state.ts';
import type { Refusal, TextAnswer, TextRequest } from './step.ts';

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
    params: {
      readonly token: string;
      readonly after?: number;
      /** What the client does for the run when it is asked: see ClientRequests. */
      readonly serves?: readonly (keyof ClientRequests)[];
    };
    answer: { readonly snapshot?: RunState; readonly events: readonly RunEvent[] };
  };
  /** Cancels the run, or some items of it. Answers when every process has ended. */
  cancel: { params: { readonly items?: readonly number[] }; answer: null };
  pause: { params: Record<string, never>; answer: null };
  resume: { params: Record<string, never>; answer: null };
  /**
   * Puts failed or cancelled items back in the queue; all failed ones without `items`. Answers false when
   * the run is ending and takes no more.
   */
  retry: { params: { readonly items?: readonly number[] }; answer: boolean };
  /** Moves a queued item to the front of the queue, to its end, or by one place. */
  move: {
    params: { readonly item: number; readonly to: 'first' | 'last' | 'up' | 'down' };
    answer: null;
  };
  /**
   * Asks the steps of the run, or of some items, to end at once with the best that they have. Answers how
   * many items were asked: those under way whose step can do so.
   */
  finish: { params: { readonly items?: readonly number[] }; answer: number };
  concurrency: { params: { readonly concurrency: number }; answer: null };
}

export type RunnerMethod = keyof RunnerRequests;

/** Notification from the runner: events, or a snapshot for a client that fell too far behind. */
export interface RunnerNotice {
  readonly snapshot?: RunState;
  readonly events: readonly RunEvent[];
}

/** What a runner asks of a client that serves it: a window. Withdrawn by JSON-RPC's `$/cancelRequest`. */
export interface ClientRequests {
  /** A text; its pieces come before the answer as JSON-RPC's `$/progress`, each a string, with this token. */
  text: {
    params: { readonly request: TextRequest; readonly pieces: string };
    answer: TextAnswer | { readonly refused: Refusal };
  };
}
