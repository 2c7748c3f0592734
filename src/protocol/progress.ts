import type { Progress } from './events.ts';
import type { ItemState, RunState } from './state.ts';

/** Numbers that every surface shows of runs. All pure; `now` is in ms since 1970. */

/**
 * Share of an item that is done, 0 to 1: its finished steps, its present step's part, and the parts of those
 * that are under way beside it.
 */
export function itemFraction(item: ItemState, steps: number): number {
  if (item.state === 'queued' || item.state === 'waiting') return 0;
  if (item.state !== 'running') return 1;
  return Math.min(1, Math.max(item.reached ?? 0, stepsDone(item)) / Math.max(1, steps));
}

/**
 * Steps' worth of work that is done of a running item. Of steps side by side, one that says nothing is taken to be as far
 * as the one that the others wait for.
 */
export function stepsDone(item: ItemState): number {
  const told = item.feeding === undefined ? undefined : tellingStep(item).progress;
  const others = isTelling(told) ? told?.fraction : undefined;
  const share = (progress: Progress | undefined): number =>
    Math.min(1, Math.max(0, progress?.fraction ?? others ?? 0));
  const beside = (item.feeding ?? []).reduce((sum, { progress }) => sum + share(progress), 0);
  return (item.finished ?? item.step) + beside + share(item.progress);
}

/**
 * The step of a running item by which it is told how far it is: of several that are under way the latest one; where that
 * one still waits for what the others make, the first of those that say how far they are.
 */
export function tellingStep(item: ItemState): {
  readonly step: number;
  readonly progress: Progress | undefined;
} {
  const latest = { step: item.step, progress: item.progress };
  if (isTelling(item.progress)) return latest;
  return item.feeding?.find(({ progress }) => isTelling(progress)) ?? latest;
}

function isTelling({ fraction, done, total }: Progress = {}): boolean {
  return fraction === undefined ? done !== undefined && total !== undefined : fraction < 1;
}

/** Items that need no more work. */
export function finishedCount(state: RunState): number {
  const { done, failed, cancelled, skipped } = state.counts;
  return done + failed + cancelled + skipped;
}

function activeFraction(state: RunState): number {
  let sum = 0;
  for (const number of state.active) {
    const item = state.items[number - 1];
    if (item !== undefined) sum += itemFraction(item, state.run.steps.length);
  }
  return sum;
}

/** Share of a run that is done, 0 to 1. An empty run is done. */
export function runFraction(state: RunState): number {
  if (state.run.total === 0) return state.ended === undefined ? 0 : 1;
  return Math.min(1, (finishedCount(state) + activeFraction(state)) / state.run.total);
}

/** Ms that a run has worked, without the time for which it was paused. */
export function elapsed(state: RunState, now: number): number {
  const end = state.ended ?? state.pausedAt ?? now;
  return Math.max(0, end - state.started - state.pausedFor);
}

/** What an item without progress is taken to have done of its step at the most. */
const ALMOST = 0.95;

/**
 * Items' worth of work that is done in those under way. An item whose program says nothing is taken to be as far
 * as the time lets expect: otherwise the time left would grow until the item ends, and then jump.
 */
function activeWork(state: RunState, now: number): number {
  const steps = Math.max(1, state.run.steps.length);
  const items = state.active
    .map((number) => state.items[number - 1])
    .filter((item) => item !== undefined);
  const age = (item: ItemState): number => Math.max(0, now - (item.started ?? now));
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  // What the finished items took, one by one: the time of all places at work without that of these items.
  const took = elapsed(state, now) * items.length - sum(items.map(age));
  const usual = Math.max(1, took / Math.max(1, state.counts.done + state.counts.failed));
  return sum(
    items.map((item) => {
      if (tellingStep(item).progress?.fraction !== undefined) return itemFraction(item, steps);
      const finished = item.finished ?? item.step;
      const expected = Math.max(finished / steps, age(item) / usual);
      return Math.min((finished + ALMOST) / steps, expected);
    }),
  );
}

/** Items that may be under way at once. */
function places({ concurrency, run }: RunState): number {
  return Math.max(1, Math.min(concurrency, run.total));
}

/** Ms for which places were open for items, all of them together, whatever the concurrency was. */
export function placeTime(state: RunState, now: number): number {
  const { placeTime: before, elapsed: until } = state.widened ?? { placeTime: 0, elapsed: 0 };
  // A clock that was set back takes nothing from what was before.
  return before + Math.max(0, elapsed(state, now) - until) * places(state);
}

/**
 * Ms that the present step of a running item will still take, as its program said last or as it was estimated;
 * `undefined` when neither is known.
 */
export function timeLeft(item: ItemState): number | undefined {
  const { eta, fraction } = tellingStep(item).progress ?? {};
  if (item.state !== 'running' || eta === undefined || eta <= 0 || fraction === 1) return undefined;
  return eta * 1000;
}

/**
 * Ms that a running run will still take, from the work that it has done so far; `undefined` when nothing is
 * under way, and until one item is finished or can be told by itself. Skipped items cost nothing and do not count.
 */
export function remaining(state: RunState, now: number): number | undefined {
  if (state.ended !== undefined || state.state === 'paused') return undefined;
  const made = state.counts.done + state.counts.failed;
  if (made === 0) return firstRemaining(state);
  const active = activeWork(state, now);
  const worked = made + active;
  const left = state.run.total - finishedCount(state) - active;
  return left <= 0 ? 0 : ((placeTime(state, now) / worked) * left) / places(state);
}

/** The same before an item is finished: of runs of one step, by what its items under way say of their own time. */
function firstRemaining(state: RunState): number | undefined {
  if (state.run.steps.length !== 1) return undefined;
  const paces: number[] = [];
  for (const number of state.active) {
    const item = state.items[number - 1];
    const left = item === undefined ? undefined : timeLeft(item);
    const fraction = item?.progress?.fraction;
    if (left !== undefined && fraction !== undefined) paces.push((1 - fraction) / left);
  }
  if (paces.length === 0) return undefined;
  const pace = paces.reduce((sum, one) => sum + one, 0) / paces.length;
  const left = state.run.total - finishedCount(state) - activeFraction(state);
  return left / (pace * state.active.length);
}

/** Items a second that a run has made or failed so far; `undefined` until one is. */
export function itemRate(state: RunState, now: number): number | undefined {
  const made = state.counts.done + state.counts.failed;
  const time = elapsed(state, now);
  return made === 0 || time === 0 ? undefined : (made * 1000) / time;
}

export interface Overall {
  /** Runs that are not finished. */
  readonly runs: number;
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  /** 0 to 1. */
  readonly fraction: number;
  /** Ms until the last of them ends, where every one can be told. */
  readonly remaining?: number;
}

/** All unfinished runs as one. */
export function overall(states: readonly RunState[], now: number): Overall {
  const live = states.filter((state) => state.ended === undefined);
  const total = live.reduce((sum, state) => sum + state.run.total, 0);
  const done = live.reduce((sum, state) => sum + finishedCount(state), 0);
  const failed = live.reduce((sum, state) => sum + state.counts.failed, 0);
  const work = live.reduce((sum, state) => sum + runFraction(state) * state.run.total, 0);
  const times = live.map((state) => remaining(state, now));
  const known = times.filter((time) => time !== undefined);
  return {
    runs: live.length,
    done,
    failed,
    total,
    fraction: total === 0 ? 0 : work / total,
    ...(known.length > 0 && known.length === times.length ? { remaining: Math.max(...known) } : {}),
  };
}

/** A duration as `0:42`, `12:05` or `1:02:33`. Rounds up, so that what is left is never 0:00. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}
