import type { MemoryNeeds } from '../batch/memory.ts';
import type { Fact } from '../protocol/events.ts';
import type { StepOutcome } from './executor.ts';
import type { StepProvenance } from './history.ts';
import type { Made, Work } from './work.ts';

/** An attempt at an item, for whoever does its steps. */
export interface ItemJob {
  /** What is left to do, and what it has come to. */
  readonly work: Work;
  readonly signal: AbortSignal;
  /**
   * The work begins now, which is told to all. Gives the signal to work under: it also tells of the attempt's
   * time limit. Rejects with StepFailure when a result would have no place.
   */
  begin(): Promise<AbortSignal>;
  emit(fact: Fact): void;
  /** A fresh path to make a step's result at; a folder ends with a separator. Empty when none is wanted. */
  stage(step: number): Promise<string>;
  /** Absolute path of a folder, not made yet, where a step may keep what a later attempt or run goes on from. */
  keep(step: number): string;
  /** Removes what these steps have kept: the item is done. */
  forget(steps: readonly number[]): Promise<void>;
  /**
   * A step is done; `outcome` is what it made at `staged`, `steps` are those that led to it. It is in the work then, in
   * its place. Rejects with StepFailure when it cannot be put there.
   */
  made(
    step: number,
    staged: string,
    outcome: StepOutcome,
    steps: ReadonlyMap<number, StepProvenance>,
  ): Promise<Made>;
}

/** Takes as many items at once as it has places, and so many more `ahead` that no place stays empty. */
export interface Capacity {
  readonly places: number;
  readonly ahead: number;
}

/** Does the steps of items: on this machine, or on others. */
export interface ItemExecutor {
  /** What its items take of this machine's memory. */
  readonly memory: MemoryNeeds;
  /** Does the steps of an item that are left. Rejects with StepFailure, or with the reason of a signal. */
  run(job: ItemJob): Promise<void>;
  /** Asks the steps of an item for the best that they have, at once. False when none is at it that can. */
  finish(item: number): boolean;
  /** Holds back, or lets come, what the steps put out. */
  hold(held: boolean): void;
  /** Gives back the items that have not begun: their `run` rejects with an innocent StepFailure. */
  recall?(): void;
  /** Tells how many items it takes, now and whenever that changes. Not there: as many as it is given. */
  onCapacity?(listener: (capacity: Capacity) => void): void;
  /** Ends every process. Idempotent. */
  close(): Promise<void>;
}
