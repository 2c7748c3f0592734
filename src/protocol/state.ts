import { type Curve, extendCurve } from './curve.ts';
import { plainText } from './escapes.ts';
import type {
  Failure,
  ItemHeader,
  Progress,
  Result,
  RunEnd,
  RunEvent,
  RunHeader,
  Schedule,
  Sound,
  Waits,
} from './events.ts';
import { head, type LiveText, textsWith } from './live-text.ts';
import { elapsed, placeTime } from './progress.ts';
import { begun, progressed } from './side-by-side.ts';

/** Characters of the last line that a state keeps: a state is bounded. */
const LINE_KEPT = 500;
const NOTES_KEPT = 50;
/** Parts of a sound, the latest ones. */
const SOUNDS_KEPT = 400;

export type ItemPhase =
  | 'queued'
  | 'running'
  | 'waiting'
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'skipped';

export interface ItemState extends ItemHeader {
  readonly state: ItemPhase;
  readonly attempt: number;
  /** Why it does not begin although it is the next one. */
  readonly waits?: Waits;
  /** Index of the step that is running or ran last. */
  readonly step: number;
  readonly progress?: Progress;
  /** How many steps are finished, where these are not all before `step`: steps are under way side by side. */
  readonly finished?: number;
  /** Steps' worth of work that was done at the most while steps are under way side by side: it does not get less. */
  readonly reached?: number;
  /** Other steps that are under way beside it, with their progress. */
  readonly feeding?: readonly { readonly step: number; readonly progress: Progress }[];
  /** The end of the text that the latest step to make one made; `textLength` counts all of it. */
  readonly text: string;
  readonly textLength: number;
  /** Index of the step that `text` is from. */
  readonly textStep?: number;
  /** The texts of other steps that make one beside it. */
  readonly otherTexts?: readonly LiveText[];
  readonly lastLine?: string;
  /** Seconds without output, while they last. */
  readonly silent?: number;
  /** Parts of the sound that is being made, in order: the latest ones of them. */
  readonly sounds?: readonly Sound[];
  /** How the best solution got better, where a step looks for one, and the best schedule. */
  readonly curve?: Curve;
  readonly schedule?: Schedule;
  /** The step can be asked to end at once with the best that it has. */
  readonly canFinish?: boolean;
  readonly results: readonly Result[];
  readonly failure?: Failure;
  readonly started?: number;
  readonly ended?: number;
}

/** What an event changes of an item. */
export type ItemFields = { readonly [K in keyof ItemState]?: ItemState[K] | undefined };

interface Counts {
  readonly queued: number;
  readonly running: number;
  readonly waiting: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly skipped: number;
}

export interface RunState {
  /** Number of the last event that is in this state. */
  readonly seq: number;
  readonly run: RunHeader;
  readonly state: 'running' | 'paused' | 'cancelling' | RunEnd;
  readonly concurrency: number;
  /** When it was changed: the ms of all open places until then, and the ms that the run had worked. */
  readonly widened?: { readonly placeTime: number; readonly elapsed: number };
  readonly started: number;
  readonly ended?: number | undefined;
  /** When the queue was paused, and for how many ms in all before that. */
  readonly pausedAt?: number | undefined;
  readonly pausedFor: number;
  readonly counts: Counts;
  /** Item `n` stands at `n - 1`. */
  readonly items: readonly ItemState[];
  /** Numbers of the items that are running. */
  readonly active: readonly number[];
  /** Order of the queued items. */
  readonly queue: readonly number[];
  /** Where workers do the items: how many there are, and how many items wait in their queues. */
  readonly workers?: { readonly workers: number; readonly waiting: number };
  readonly notes: readonly {
    readonly level: 'info' | 'warning' | 'error';
    readonly message: string;
  }[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Draft extends Omit<Mutable<RunState>, 'items' | 'queue' | 'counts'> {
  items: ItemState[];
  queue: number[];
  counts: Mutable<Counts>;
}

/** The state before any event. */
export const EMPTY_STATE: RunState = {
  seq: 0,
  run: { id: '', name: '', batch: '', workspace: '', steps: [], concurrency: 1, total: 0, pid: 0 },
  state: 'running',
  concurrency: 1,
  started: 0,
  pausedFor: 0,
  counts: { queued: 0, running: 0, waiting: 0, done: 0, failed: 0, cancelled: 0, skipped: 0 },
  items: [],
  active: [],
  queue: [],
  notes: [],
};

/** The state after one more event. Pure. An event that the state already holds changes nothing. */
export function applyEvent(state: RunState, event: RunEvent): RunState {
  return applyEvents(state, [event]);
}

/**
 * The state after more events, in order. Pure; items and their order are copied once a call and not once
 * an event, so that a flood of events over thousands of items stays cheap.
 */
export function applyEvents(state: RunState, events: readonly RunEvent[]): RunState {
  const draft: Draft = {
    ...state,
    items: [...state.items],
    queue: [...state.queue],
    counts: { ...state.counts },
  };
  for (const event of events) {
    if (event.seq <= draft.seq) continue;
    draft.seq = event.seq;
    reduce(draft, event);
  }
  // The same list says that the order has not changed.
  const isSame =
    draft.queue.length === state.queue.length &&
    draft.queue.every((item, place) => item === state.queue[place]);
  return isSame ? { ...draft, queue: state.queue } : draft;
}

/** Takes an item out of the order. It is nearly always the first one, or none of it. */
function takeOut(queue: number[], item: number): void {
  if (queue[0] === item) {
    queue.shift();
    return;
  }
  const place = queue.indexOf(item);
  if (place >= 0) queue.splice(place, 1);
}

function reduce(draft: Draft, event: RunEvent): void {
  switch (event.type) {
    case 'run':
      draft.run = event.run;
      draft.concurrency = event.run.concurrency;
      draft.started = event.time;
      return;
    case 'items':
      for (const header of event.items) {
        draft.items[header.item - 1] = {
          ...header,
          state: 'queued',
          attempt: 0,
          step: 0,
          text: '',
          textLength: 0,
          results: [],
        };
        draft.counts.queued += 1;
      }
      for (const { item } of event.items) draft.queue.push(item);
      return;
    case 'queue':
      if (draft.pausedAt !== undefined) draft.pausedFor += event.time - draft.pausedAt;
      draft.pausedAt = event.state === 'paused' ? event.time : undefined;
      if (event.concurrency !== draft.concurrency) {
        draft.widened = {
          placeTime: placeTime(draft, event.time),
          elapsed: elapsed(draft, event.time),
        };
      }
      draft.state = event.state;
      draft.concurrency = event.concurrency;
      return;
    case 'queued': {
      const moved = new Set(event.items);
      const rest = draft.queue.filter((item) => !moved.has(item));
      const place = event.first ? 0 : rest.indexOf(event.before ?? 0);
      draft.queue = rest.toSpliced(place < 0 ? rest.length : place, 0, ...event.items);
      for (const item of event.items) {
        change(draft, item, 'queued', {
          failure: undefined,
          ended: undefined,
          silent: undefined,
          waits: undefined,
        });
      }
      // A finished run goes on when items of it are retried.
      if (draft.ended !== undefined) {
        draft.state = 'running';
        draft.pausedFor += event.time - draft.ended;
        draft.ended = undefined;
      }
      return;
    }
    case 'waits': {
      // One item is the next one.
      const before = draft.queue.find((item) => draft.items[item - 1]?.waits !== undefined);
      if (before !== undefined) change(draft, before, undefined, { waits: undefined });
      change(draft, event.item, undefined, { waits: event.waits });
      return;
    }
    case 'start':
      takeOut(draft.queue, event.item);
      change(draft, event.item, 'running', {
        attempt: event.attempt,
        waits: undefined,
        step: 0,
        progress: undefined,
        finished: undefined,
        reached: undefined,
        feeding: undefined,
        text: '',
        textLength: 0,
        textStep: undefined,
        otherTexts: undefined,
        sounds: undefined,
        curve: undefined,
        schedule: undefined,
        canFinish: undefined,
        results: [],
        failure: undefined,
        lastLine: undefined,
        silent: undefined,
        started: event.time,
        ended: undefined,
      });
      return;
    case 'step': {
      const item = draft.items[event.item - 1];
      if (item !== undefined) change(draft, event.item, undefined, begun(item, event));
      return;
    }
    case 'progress': {
      const item = draft.items[event.item - 1];
      if (item !== undefined) change(draft, event.item, undefined, progressed(item, event));
      return;
    }
    case 'text': {
      const item = draft.items[event.item - 1];
      if (item === undefined) return;
      change(draft, event.item, undefined, { ...textsWith(item, event), silent: undefined });
      return;
    }
    case 'sound': {
      const item = draft.items[event.item - 1];
      if (item === undefined) return;
      const sounds = [...(item.sounds ?? []), event.sound].slice(-SOUNDS_KEPT);
      change(draft, event.item, undefined, { sounds, silent: undefined });
      return;
    }
    case 'iteration': {
      const item = draft.items[event.item - 1];
      if (item === undefined) return;
      const curve = extendCurve(item.curve, event.step, event);
      change(draft, event.item, undefined, { curve, silent: undefined });
      return;
    }
    case 'schedule':
      change(draft, event.item, undefined, { schedule: event.schedule, silent: undefined });
      return;
    case 'log': {
      const last = event.lines.at(-1);
      if (last === undefined) return;
      change(draft, event.item, undefined, {
        lastLine: head(plainText(last.slice(0, 4 * LINE_KEPT)), LINE_KEPT),
        silent: undefined,
      });
      return;
    }
    case 'result': {
      const item = draft.items[event.item - 1];
      if (item === undefined) return;
      change(draft, event.item, undefined, { results: [...item.results, event.result] });
      return;
    }
    case 'silence':
      change(draft, event.item, undefined, { silent: event.seconds });
      return;
    case 'retry':
      change(draft, event.item, 'waiting', { failure: event.failure, silent: undefined });
      return;
    case 'end':
      // One that runs is in no queue.
      if (draft.items[event.item - 1]?.state !== 'running') takeOut(draft.queue, event.item);
      change(draft, event.item, event.state, {
        failure: event.failure,
        ended: event.time,
        silent: undefined,
        waits: undefined,
      });
      return;
    case 'note':
      draft.notes = [...draft.notes, { level: event.level, message: event.message }].slice(
        -NOTES_KEPT,
      );
      return;
    case 'workers':
      draft.workers = { workers: event.workers, waiting: event.waiting };
      return;
    case 'finish':
      draft.state = event.state;
      draft.ended = event.time;
      if (draft.pausedAt !== undefined) draft.pausedFor += event.time - draft.pausedAt;
      draft.pausedAt = undefined;
      return;
    default:
      // A newer runner may say what this client does not know; what it knows stays right.
      event satisfies never;
  }
}

function change(
  draft: Draft,
  number: number,
  state: ItemPhase | undefined,
  fields: ItemFields | undefined,
): void {
  const item = draft.items[number - 1];
  if (item === undefined || fields === undefined) return;
  const next = { ...item, ...fields, state: state ?? item.state } as ItemState;
  draft.items[number - 1] = next;
  if (next.state === item.state) return;
  draft.counts[item.state] -= 1;
  draft.counts[next.state] += 1;
  if (item.state === 'running') draft.active = draft.active.filter((active) => active !== number);
  if (next.state === 'running') draft.active = [...draft.active, number];
}
