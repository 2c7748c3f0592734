import type { RunnerMethod, RunnerRequests } from '../protocol/rpc.ts';
import type { RunState } from '../protocol/state.ts';
import type { RunEvent } from '../protocol/events.ts';

/** A run as a surface holds it: its state, and what may be asked of its runner. */
export interface RunHandle {
  readonly id: string;
  readonly state: RunState;
  /** Told after each change with the new events, or with none when the whole state was replaced. */
  onChange(listener: (events: readonly RunEvent[]) => void): () => void;
  /** Rejects when the run is over and its runner is gone. */
  request<M extends RunnerMethod>(
    method: M,
    params: RunnerRequests[M]['params'],
  ): Promise<RunnerRequests[M]['answer']>;
  /** Lets go of the run, which goes on. Idempotent. */
  dispose(): void;
}

/** Starts a run of a batch file in a detached runner and attaches to it. Rejects with BatchError. */
export declare function startRun(options: {
  readonly batchFile: string;
  readonly workspace: string;
  /** More environment for the steps, for secrets: they are never written anywhere. */
  readonly env?: Readonly<Record<string, string>>;
}): Promise<RunHandle>;

/** All runs of a workspace, newest first, kept up to date: live ones attached, finished ones loaded. */
export interface RunList {
  readonly runs: readonly RunHandle[];
  /** Told when a run appears or goes. */
  onChange(listener: () => void): () => void;
  dispose(): void;
}
export declare function watchRuns(workspace: string): Promise<RunList>;
