/**
 * The events of a run: one fact each. Everything that a surface shows is made of them, and they
 * are the same over the socket, over HTTP and in `sluice run --json`. Contract: docs/events.md.
 */

/** Version of the event format. It rises when an existing field changes its meaning. */
export const EVENTS_VERSION = 1;

/** A place in a text file. `line` and `column` count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What went wrong, where, and what to do about it. */
export interface Failure {
  readonly message: string;
  readonly hint?: string;
  readonly where?: Place;
}

/** How far a step is. Every field is optional: a program says what it knows. */
export interface Progress {
  /** Share that is done, 0 to 1. */
  readonly fraction?: number;
  readonly done?: number;
  readonly total?: number;
  /** What `done` and `total` count: `it`, `MB`, `tokens`. */
  readonly unit?: string;
  /** Units a second, as the program says it, otherwise as it was measured. */
  readonly rate?: number;
  /** Seconds left, as the program says it, otherwise estimated once that means something. */
  readonly eta?: number;
  /** A named part of the work; progress never falls within one. */
  readonly phase?: string;
}

export type StreamName = 'out' | 'err';

/** A file that a step made, published whole at `path`. */
export interface Result {
  /** Relative to the workspace, with `/`, or absolute when it lies outside. */
  readonly path: string;
  readonly mime: string;
  readonly bytes: number;
  /** Length of a sound, in seconds. */
  readonly seconds?: number;
  /** Of a part of a recording: what it is, such as `vocals` or `percussive`. The stems of an item play together. */
  readonly stem?: string;
  /**
   * Outline of a sound, as base64: for each of at most 400 equal parts of its length its lowest and its highest
   * sample, one Int8 each, 127 being full scale.
   */
  readonly peaks?: string;
}

/** A part of a sound, spoken by itself: a sentence, or a fragment of one. */
export interface SoundPart {
  /** From 0 on. */
  readonly chunk: number;
  /** What is written there, and where it stands in the whole text, in UTF-16 units. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** Where it is in the whole sound, in seconds; the silence behind it does not count. */
  readonly start: number;
  readonly end: number;
  /** Seconds that the voice took for it. */
  readonly took?: number;
  /** It could not be spoken: silence stands for it. */
  readonly gap?: boolean;
}

/** A part of a sound that can be played before the whole is there. */
export interface Sound extends SoundPart {
  /** A WAV file, as `path` of a Result. It is removed when the item has ended: the whole sound is there then. */
  readonly path: string;
}

/** How a step that looks for better and better solutions stands: one of its iterations. */
export interface Iteration {
  /** From 1; it never falls, and comes again when something better was found in between. */
  readonly iteration: number;
  /** Value of the best solution so far, such as a makespan. Less is better. */
  readonly best: number;
  /** Mean value of the solutions of this iteration. */
  readonly mean?: number;
  /** Solutions that were valued so far. */
  readonly evaluations?: number;
  /** Since the search began. */
  readonly seconds: number;
  /** No solution is better than this; proven. */
  readonly bound?: number;
  /** What is compared, such as the name of the algorithm: items of one series differ by their seed alone. */
  readonly series?: string;
}

/** Which machine does which task when. The lists have an entry for each task. */
export interface Schedule {
  readonly machines: readonly string[];
  readonly tasks: readonly string[];
  /** Index of its machine in `machines`. */
  readonly assignment: readonly number[];
  /** In the input's own unit of time. */
  readonly start: readonly number[];
  readonly end: readonly number[];
}

interface StepHeader {
  /** The built-in step's name, or the program's. */
  readonly name: string;
}

export interface ItemHeader {
  /** Number of the item in its run, from 1. */
  readonly item: number;
  readonly title: string;
  /** Where the input stands: the line of a list, or the file itself. */
  readonly source?: Place;
  /** The file that it works on, where `source` is another one: a row that names it. Relative to the workspace. */
  readonly input?: string;
  /** Where the last step's result goes, relative to the workspace. */
  readonly output?: string;
}

export interface RunHeader {
  readonly id: string;
  readonly name: string;
  /** The batch file, relative to the workspace where it lies inside it. */
  readonly batch: string;
  /** Absolute path of the folder that holds `.sluice`. */
  readonly workspace: string;
  readonly steps: readonly StepHeader[];
  readonly concurrency: number;
  /** Number of items. */
  readonly total: number;
  /** Process id of the runner. */
  readonly pid: number;
  /** When only some of the batch's items are run: their numbers in the batch, in order. */
  readonly only?: readonly number[];
  /** The run that this one goes on with: an interrupted one, or one whose failed items it tries again. */
  readonly resumes?: string;
  /** Where workers do the items: the address of their queue, without a password. */
  readonly queue?: string;
}

/** What a queued item waits for, beside its place in the queue. Memory in bytes. */
export interface Waits {
  readonly for: 'memory';
  readonly needs: number;
  readonly free: number;
}

export type ItemEnd = 'done' | 'failed' | 'cancelled' | 'skipped';
export type RunEnd = 'done' | 'failed' | 'cancelled' | 'interrupted';

export type Fact =
  /** The first event; `version` is EVENTS_VERSION. */
  | { readonly type: 'run'; readonly version: number; readonly run: RunHeader }
  | { readonly type: 'items'; readonly items: readonly ItemHeader[] }
  /** The queue was paused or resumed, or the run is being cancelled; or its concurrency changed. */
  | {
      readonly type: 'queue';
      readonly state: 'running' | 'paused' | 'cancelling';
      readonly concurrency: number;
    }
  /**
   * Items stand in the queue (again), in this order: before all others (`first`), before one of them
   * (`before`), or after all of them.
   */
  | {
      readonly type: 'queued';
      readonly items: readonly number[];
      readonly first?: boolean;
      readonly before?: number;
    }
  /**
   * The next item of the queue does not begin yet: it needs so many bytes of memory, and so many are free. Told
   * again when that changes; what comes next of the item ends it.
   */
  | { readonly type: 'waits'; readonly item: number; readonly waits: Waits }
  /** An attempt at an item began. `attempt` counts from 1. */
  | { readonly type: 'start'; readonly item: number; readonly attempt: number }
  /**
   * A step of an item began; `pid` is the process that does it. With `beside`, others of the item's
   * steps are under way: these, each until it says a progress of 1. Then `finished` is how many are finished. With
   * `canFinish`, it can be asked to end at once with the best that it has.
   */
  | {
      readonly type: 'step';
      readonly item: number;
      readonly step: number;
      readonly pid?: number;
      readonly beside?: readonly number[];
      readonly finished?: number;
      readonly canFinish?: boolean;
    }
  | {
      readonly type: 'progress';
      readonly item: number;
      readonly step: number;
      readonly progress: Progress;
    }
  /** More of the text that a step is making. */
  | { readonly type: 'text'; readonly item: number; readonly step: number; readonly text: string }
  /** A part of the sound that a step is making can be played. */
  | { readonly type: 'sound'; readonly item: number; readonly step: number; readonly sound: Sound }
  /** An iteration of a step; of iterations that follow each other fast, those that matter. */
  | ({ readonly type: 'iteration'; readonly item: number; readonly step: number } & Iteration)
  /** The best schedule that a step has found so far. It takes the place of the one before. */
  | {
      readonly type: 'schedule';
      readonly item: number;
      readonly step: number;
      readonly schedule: Schedule;
    }
  /**
   * Whole lines of output, without their ends, and without escapes but those that colour text (SGR), which
   * readers take out or show: see escapes.ts. `item` is 0 for a warm step's own.
   */
  | {
      readonly type: 'log';
      readonly item: number;
      readonly step: number;
      readonly stream: StreamName;
      readonly lines: readonly string[];
    }
  | {
      readonly type: 'result';
      readonly item: number;
      readonly step: number;
      readonly result: Result;
    }
  /** No output for so many seconds. */
  | {
      readonly type: 'silence';
      readonly item: number;
      readonly step: number;
      readonly seconds: number;
    }
  /** An attempt failed and another one begins in `delay` milliseconds. */
  | {
      readonly type: 'retry';
      readonly item: number;
      readonly attempt: number;
      readonly delay: number;
      readonly failure: Failure;
    }
  | {
      readonly type: 'end';
      readonly item: number;
      readonly state: ItemEnd;
      readonly failure?: Failure;
    }
  /** Something about the whole run that a person should read. */
  | {
      readonly type: 'note';
      readonly level: 'info' | 'warning' | 'error';
      readonly message: string;
    }
  /** Of a run whose items are done by workers: those that do them, and how many items wait in their queues. */
  | { readonly type: 'workers'; readonly workers: number; readonly waiting: number }
  | { readonly type: 'finish'; readonly state: RunEnd };

/** A fact with its place in the run: `seq` rises by 1 from 1; `time` is in ms since 1970. */
export type RunEvent = Fact & { readonly seq: number; readonly time: number };
