import type { RunEvent } from './events.ts';
import type { RunState } from './state.ts';

/**
 * Messages between the panel and its host. The host sends one `snapshot` when the panel is ready or
 * shown again, then `events` at most once a frame, and nothing while the panel is hidden.
 */
export type ToPanel =
  | {
      readonly type: 'snapshot';
      readonly runs: readonly RunState[];
      /** False in Restricted Mode: nothing can be started. */
      readonly trusted: boolean;
      /** False when no folder is open. */
      readonly folder: boolean;
      /** The host's clock, in ms since 1970: the events' times are its times, not the panel's. */
      readonly now: number;
    }
  | { readonly type: 'events'; readonly runs: readonly RunEvents[] }
  /** A run that the panel has not seen, or that must be shown anew. */
  | { readonly type: 'run'; readonly state: RunState }
  | { readonly type: 'removed'; readonly run: string }
  /** The bytes of a result or of a part of a sound: the panel itself reaches no file. */
  | ({ readonly type: 'content' } & ContentId & ResultContent)
  /** What the work of each need is done by, for the empty panel; sent when it is known or changes. */
  | { readonly type: 'engines'; readonly engines: readonly EngineLine[] }
  /** Show this run, and this item of it, whatever the filter hides. With `play` the item is played, too. */
  | {
      readonly type: 'reveal';
      readonly run: string;
      readonly item?: number;
      readonly play?: boolean;
    };

/** Events of one run, in order. What later events of the same frame make invisible is left out. */
interface RunEvents {
  readonly run: string;
  readonly events: readonly RunEvent[];
}

/** Result number `result`, from 0, of an item. */
export interface ResultId {
  readonly run: string;
  readonly item: number;
  readonly result: number;
}

/** A part of the sound that an item is making, by the number of its chunk. */
export interface SoundId {
  readonly run: string;
  readonly item: number;
  readonly chunk: number;
}

/** The file that an item is made of, such as the recording that a transcript is of. */
interface InputId {
  readonly run: string;
  readonly item: number;
  readonly input: true;
}

/** What the panel can ask the bytes of. */
export type ContentId = ResultId | SoundId | InputId;

/** A result's bytes; of a text only the first part when it is long (`whole` is false). Or why not. */
export type ResultContent =
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly whole: boolean }
  | { readonly problem: string };

export interface EngineLine {
  /** A kind of work that engines do. */
  readonly need: 'text' | 'voice' | 'transcription';
  /** Name of the engine, as a person reads it. */
  readonly name: string;
  readonly ready: boolean;
}

/** What the person did in the panel. */
export type FromPanel =
  | { readonly type: 'ready' }
  | { readonly type: RunAction; readonly run: string }
  | { readonly type: ItemAction; readonly run: string; readonly item: number }
  /** Without `item`: the run; all failed items. */
  | { readonly type: 'cancel' | 'finish' | 'retry'; readonly run: string; readonly item?: number }
  /** Keeps what the panel has drawn as a file, where the person says. `name` is a suggestion. */
  | {
      readonly type: 'saveFile';
      readonly run: string;
      readonly name: string;
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  | { readonly type: 'move'; readonly run: string; readonly item: number; readonly to: QueueMove }
  /** So many items may be under way at once, from now on. */
  | { readonly type: 'concurrency'; readonly run: string; readonly concurrency: number }
  /** Opens a result in VS Code; `loadResult` asks for its `content`, `loadSound` for that of a part of a sound. */
  | ({ readonly type: 'openResult' | 'loadResult' } & ResultId)
  | ({ readonly type: 'loadSound' } & SoundId)
  /** Asks for the bytes of the file that an item is made of. */
  | { readonly type: 'loadInput'; readonly run: string; readonly item: number }
  | { readonly type: 'command'; readonly command: PanelCommand };

/** Where an item goes in the queue: one place up or down, or to an end of it. */
export const QUEUE_MOVES = ['up', 'down', 'first', 'last'] as const;
export type QueueMove = (typeof QUEUE_MOVES)[number];

/** What can be asked of a run. */
export const RUN_ACTIONS = [
  'pause',
  'resume',
  'runAgain',
  'openResults',
  'openLog',
  'copyCommandLine',
  'openBatch',
] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

/** What can be asked of an item: its input at its line, its output in the log. */
export const ITEM_ACTIONS = ['openSource', 'revealOutput'] as const;
type ItemAction = (typeof ITEM_ACTIONS)[number];

/** What buttons of the empty panel do. */
export const PANEL_COMMANDS = [
  'runExample',
  'startLesson',
  'generateAudio',
  'speakDocuments',
  'separateStems',
  'optimiseSchedule',
  'runCommand',
  'runBatch',
  'newBatch',
  'chooseEngine',
  'checkSetup',
  'trust',
  'openFolder',
] as const;
export type PanelCommand = (typeof PANEL_COMMANDS)[number];
