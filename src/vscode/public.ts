/** What other extensions get from Sluice. Contract: docs/api.md. */
import type { Event, Uri } from 'vscode';
import type { Failure, ItemEnd, RunEnd, RunEvent } from '../protocol/events.ts';

/** What `activate` of the extension `sluice.sluice` returns. */
export interface SluiceApi {
  /** It rises when something that is here changes its meaning or goes. */
  readonly version: 1;
  /**
   * Starts a run of a batch file, which is saved first when it is open and changed. Resolves once the run
   * has begun; it goes on by itself, also when the window is closed. `undefined` when the workspace is not
   * trusted, which the person is then told.
   *
   * @param file a path is absolute, or relative to the first folder of the workspace
   * @throws Error that says what is wrong in the batch file, and where; nothing has been started
   */
  runBatch(file: Uri | string, options?: RunOptions): Promise<RunInfo | undefined>;
  /** The runs that this window knows, newest first: also those that a terminal or another window started. */
  getRuns(): Promise<readonly RunInfo[]>;
  /** Every event of these runs, in order, from the time that the first listener is added. */
  readonly onDidEvent: Event<RunNews>;
}

/** How a batch is run, instead of what its file says. */
export interface RunOptions {
  /** Items under way at once. */
  readonly concurrency?: number;
  /** Replace files that stand where a result goes, whoever made them. */
  readonly overwrite?: boolean;
  /** Make every item, also those whose results are there. */
  readonly force?: boolean;
  /** The items to run, by their numbers in the batch, from 1; all of them without it. */
  readonly items?: readonly number[];
}

export interface RunNews {
  /** The run's id. */
  readonly run: string;
  /**
   * What happened. Without it the whole state was replaced, as when the runner is gone: `getRuns` has the
   * new one.
   */
  readonly event?: RunEvent;
}

/** A run as it stands when it is asked for. It does not change afterwards. */
export interface RunInfo {
  readonly id: string;
  readonly name: string;
  readonly batch: Uri;
  /** The folder that keeps the run. */
  readonly workspace: Uri;
  readonly state: 'running' | 'paused' | 'cancelling' | RunEnd;
  /** Ms since 1970. */
  readonly started: number;
  readonly ended?: number;
  /** How many items there are in each state. */
  readonly counts: Readonly<Record<ItemInfo['state'], number>>;
  /** Item `n` stands at `n - 1`. */
  readonly items: readonly ItemInfo[];
}

export interface ItemInfo {
  /** Number of the item in its run, from 1. */
  readonly item: number;
  readonly title: string;
  readonly state: 'queued' | 'running' | 'waiting' | ItemEnd;
  /** The files that it has made so far. */
  readonly results: readonly Uri[];
  readonly failure?: Failure;
}
