import type { ItemPlan } from '../batch/plan.ts';
import type { Fact } from '../protocol/events.ts';
import type { FileNote, Streaming } from '../protocol/step.ts';
import type { Flow, FlowReader } from './flow.ts';
import type { StepProvenance } from './history.ts';

/** What one step hands to the next: a text, or the absolute path of a file or folder. */
export type Value = { readonly text: string } | { readonly file: string };

/** One step of one item, to be done. */
export interface StepJob {
  readonly item: ItemPlan;
  readonly step: number;
  /** Rises with each attempt: who began first is served first. */
  readonly order: number;
  readonly input: Value | { readonly flow: FlowReader };
  /** Whether the input is the item itself, and nothing that a step has made. */
  readonly fromItem: boolean;
  /** All that it works on, by the names in its `from`, where that is a list. */
  readonly inputs?: Readonly<Record<string, Value>> | undefined;
  /** Says that the step began, in this process, and whether `finish` may be asked for it. */
  begin(pid: number | undefined, canFinish?: boolean): void;
  /** Absolute path of a folder, not made yet, where it may keep what a later attempt or run can go on from. */
  readonly keep: string;
  /** Where the step's text goes as it comes, if a step takes it. */
  readonly into?: Flow | undefined;
  /** What an attempt that broke off has made: the step makes the rest. */
  readonly begun?: string | undefined;
  /** Absolute path to make the result at; a folder ends with a separator. */
  readonly staged: string;
  /** Whether a result is wanted, as a file or for the next step. */
  readonly wanted: boolean;
  readonly signal: AbortSignal;
  emit(fact: Fact): void;
  /** The step's process has begun, or gave a sign of life. */
  alive(): void;
}

export interface StepOutcome {
  /** `undefined` when the step has no result but what it did. */
  readonly value?: Value | undefined;
  readonly mime?: string | undefined;
  readonly seconds?: number | undefined;
  /** Names of further files that belong to the result, beside it. */
  readonly beside?: readonly string[] | undefined;
  /** What is known of files in a result that is a folder. */
  readonly files?: readonly FileNote[] | undefined;
  /** The result was left elsewhere: its value, and what is beside it, are notes that say where. See notes.ts. */
  readonly left?: boolean | undefined;
  readonly provenance: StepProvenance;
}

/** Does one step of a batch, for every item. */
export interface Executor {
  /** Rejects with StepFailure, or with the reason of the job's signal. */
  run(job: StepJob): Promise<StepOutcome>;
  /** Starts the step's process, and tells once it is ready how it can stream. Not there: it cannot. */
  streams?(): Promise<ReadonlySet<Streaming>>;
  /** Asks the step for the best that it has of an item, at once. False when it is not at it, or cannot. */
  finish?(item: number): boolean;
  /** Holds back, or lets come, what the step's processes put out. */
  hold(held: boolean): void;
  /** Ends every process of the step. Idempotent. */
  close(): Promise<void>;
}
