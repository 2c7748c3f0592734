import type { ItemState, RunState } from './state.ts';

/** Numbers that every surface shows of runs. All pure; `now` is in ms since 1970. */

/** Share of an item that is done, 0 to 1: its finished steps and its present step's part. */
export function itemFraction(item: ItemState, steps: number): number {
  if (item.state === 'queued' || item.state === 'waiting') return 0;
  if (item.state !== 'running') return 1;
  const part = Math.min(1, Math.max(0, item.progress?.fraction ?? 0));
  return Math.min(1, (item.step + part) / Math.max(1, steps));
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

/**
 * Ms that a running run will still take, from the work that it has done so far; `undefined` until
 * one item is finished, and when nothing is under way. Skipped items cost nothing and do not count.
 */
export function remaining(state: RunState, now: number): number | undefined {
  if (state.ended !== undefined || state.state === 'paused') return undefined;
  const made = state.counts.done + state.counts.failed;
  if (made === 0) return undefined;
  const worked = made + activeFraction(state);
  const left = state.run.total - finishedCount(state) - activeFraction(state);
  return left <= 0 ? 0 : (elapsed(state, now) / worked) * left;
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
