import type { Iteration, Progress, Result, Schedule, SoundPart } from './events.ts';

/**
 * The step protocol: JSON lines on a warm step's standard input and output. One process serves many
 * items, so that a model is loaded once. Contract with an example in Python: docs/step-protocol.md.
 * A line on standard output that is no JSON object with a known `type`, and every line on standard error, is a log line.
 */

export const STEP_PROTOCOL_VERSION = 1;

/**
 * What a step can do with a text while it is being made: `out`, its `text` lines are its result from the
 * first one on, so that the next step may have them as they come; `in`, it takes such a text; `resume`, it
 * goes on with a text that was begun.
 */
export type Streaming = 'in' | 'out' | 'resume';

/** What a step is given for one item. */
export interface StepItem {
  readonly type: 'item';
  /** Names the item in both directions. */
  readonly id: string;
  /** The text to work on: the prompt, or what the step before made. */
  readonly text?: string;
  /** Absolute path of the file to work on, where the input is a file. */
  readonly file?: string;
  /** In place of `text` and `file`, for a step that says `in`: the text comes in `piece` lines. */
  readonly stream?: boolean;
  /** Where its `from` is a list: all that it works on, by these names. The first one is `text` or `file`, too. */
  readonly inputs?: Readonly<Record<string, { readonly text: string } | { readonly file: string }>>;
  /** For a step that says `resume`: what an attempt that broke off has made. The step makes the rest. */
  readonly begun?: string;
  /** The step's `with` of the batch file, placeholders filled in. */
  readonly with: Readonly<Record<string, unknown>>;
  /**
   * Absolute path to write a result file to, its folder made. Its ending says the format. With a separator at
   * its end it is a folder, which is there: every file in it is a result.
   */
  readonly output: string;
  /** Absolute path at which the result will stand, where it has a place: for what links to other files from there. */
  readonly target?: string;
  /**
   * Absolute path of a folder of the step's own, which it makes when it needs it: what it keeps there is found by
   * the next attempt, and by the next run of the same item, until the item is done.
   */
  readonly keep?: string;
  /** For titles and tags. `index` counts from 1. */
  readonly title: string;
  readonly index: number;
  readonly total: number;
  readonly run: string;
}

/**
 * A text that a step asks its host for: the host has it written by a window that is attached to the run,
 * with the language models of VS Code. What is left out is the window's or the model's own choice.
 */
export interface TextRequest {
  readonly prompt: string;
  /** What the model is told before the prompt. */
  readonly system?: string;
  /** `VENDOR/ID` or `VENDOR/FAMILY`, or the id of a model. */
  readonly model?: string;
  readonly temperature?: number;
  readonly seed?: number;
  readonly maxTokens?: number;
}

/** How an asked text ended; its pieces came before. */
export interface TextAnswer {
  /** The model that wrote it, `VENDOR/ID`. */
  readonly model?: string;
}

/** What a step knows of a file that it has made in the folder at `output`. */
export interface FileNote extends Partial<Pick<Result, 'mime' | 'seconds' | 'stem' | 'peaks'>> {
  /** Its path in that folder, with `/`. */
  readonly name: string;
}

/** Why a step got no text. `retry` and `retryAfter` mean what they mean in `error`. */
export interface Refusal {
  readonly message: string;
  readonly hint?: string;
  readonly retry?: boolean;
  readonly retryAfter?: number;
}

/** Lines to a step. Standard input ends when no more items come; the step then ends by itself. */
export type ToStep =
  | {
      readonly type: 'hello';
      readonly protocol: number;
      /** Absolute path of the workspace. */
      readonly workspace: string;
      /** Items that may be under way at once in the whole run. */
      readonly concurrency: number;
    }
  | StepItem
  /**
   * More of the text of an item with `stream`; `piece` counts from 1. `fraction` is how far the step that
   * makes the text is, 0 to 1, where it says so.
   */
  | {
      readonly type: 'piece';
      readonly id: string;
      readonly piece: number;
      readonly text: string;
      readonly fraction?: number;
    }
  /** The text of an item with `stream` is whole. `file` is what the step that made it has made, where that is a file. */
  | { readonly type: 'end'; readonly id: string; readonly file?: string }
  /** Give up on an item: answer `error` or `done` soon, or the process is ended. */
  | { readonly type: 'cancel'; readonly id: string }
  /** The best so far is wanted, for a step that says `canFinish`: answer `done` with it at once. */
  | { readonly type: 'finish'; readonly id: string }
  | Answer;

/** Lines to a step that has asked for a text: pieces of it, and at last `answered` or `refused`. */
export type Answer =
  | { readonly type: 'answer'; readonly ask: string; readonly text: string }
  | ({ readonly type: 'answered'; readonly ask: string } & TextAnswer)
  | ({ readonly type: 'refused'; readonly ask: string } & Refusal);

/** Lines from a step. All but `ready`, `withdraw` and a `log` of its own name their item. */
export type FromStep =
  /** The step takes items; `concurrency` of them at once (1 when left out). */
  | {
      readonly type: 'ready';
      readonly concurrency?: number;
      readonly streams?: readonly Streaming[];
      /** The step can end an item early, with the best that it has. */
      readonly canFinish?: boolean;
    }
  | ({ readonly type: 'progress'; readonly id: string } & Progress)
  /** More of the text that is being made. */
  | { readonly type: 'text'; readonly id: string; readonly text: string }
  /** It has worked up the pieces of the text up to this one, and has room for more. */
  | { readonly type: 'took'; readonly id: string; readonly piece: number }
  /** A part of the sound that is being made can be played. `file` is its path, absolute. */
  | ({ readonly type: 'sound'; readonly id: string; readonly file: string } & SoundPart)
  /** An iteration. Say every one: what comes too fast is thinned out. `seconds` is filled in when left out. */
  | ({ readonly type: 'iteration'; readonly id: string } & Omit<Iteration, 'seconds'> &
      Partial<Pick<Iteration, 'seconds'>>)
  /** The best schedule so far: one that takes the place of the one before. */
  | { readonly type: 'schedule'; readonly id: string; readonly schedule: Schedule }
  | { readonly type: 'log'; readonly id?: string; readonly text: string }
  /** Something about the item that a person should read. */
  | { readonly type: 'note'; readonly id: string; readonly text: string }
  /** Asks the host for a text while the item is under way; `ask` names the question in both directions. */
  | {
      readonly type: 'ask';
      readonly id: string;
      readonly ask: string;
      readonly text: TextRequest;
    }
  /** The answer is not wanted any more; nothing more comes for this question. */
  | { readonly type: 'withdraw'; readonly ask: string }
  /**
   * The item is done. The result is the file, or the folder, at `output` when `file` is true, otherwise `text`, or
   * without it all `text` lines joined. `engine` and `model` go into the provenance.
   */
  | {
      readonly type: 'done';
      readonly id: string;
      readonly file?: boolean;
      readonly text?: string;
      readonly mime?: string;
      /** Length of a sound in seconds. */
      readonly seconds?: number;
      /** Names of further files that belong to the result, in the folder of `output`. */
      readonly beside?: readonly string[];
      /** For a folder at `output`: more about files in it. */
      readonly files?: readonly FileNote[];
      readonly engine?: string;
      readonly model?: { readonly name: string; readonly sha256?: string };
    }
  /**
   * The item failed. `retry: false` says that another attempt cannot help; `retryAfter` is in
   * seconds, as an endpoint's Retry-After says.
   */
  | ({
      readonly type: 'error';
      readonly id: string;
      /** The place in the file of the item that is wrong. Both count from 1. */
      readonly line?: number;
      readonly column?: number;
    } & Refusal);
