import type { Result } from '../protocol/events.ts';
import type { ResultId } from '../protocol/panel.ts';
import type { ItemState, RunState } from '../protocol/state.ts';
import { kindOf } from './kinds.ts';
import { isPlayable } from './recording.ts';

/** What can be played: a sound result of an item, or without `result` the sound that the item is making. */
export interface Track extends Omit<ResultId, 'result'> {
  readonly result?: number;
}

/** A track with what the panel knows of it. */
export interface Found {
  readonly state: RunState;
  readonly item: ItemState;
  readonly result?: Result | undefined;
}

export function sameTrack(a: Track | undefined, b: Track | undefined): boolean {
  return a?.run === b?.run && a?.item === b?.item && a?.result === b?.result;
}

/** What the panel knows of a track; `undefined` when it is no more. */
export function findTrack(
  runs: readonly RunState[],
  { run, item, result }: Track,
): Found | undefined {
  const state = runs.find((one) => one.run.id === run);
  const found = state?.items[item - 1];
  if (state === undefined || found === undefined) return undefined;
  if (result === undefined) return { state, item: found };
  const file = found.results[result];
  return file && { state, item: found, result: file };
}

/** Whether an item makes a sound that can be played by now. */
export function isListenable({ state, sounds = [] }: ItemState): boolean {
  return state === 'running' && sounds.length > 0;
}

/** The sound that an item has made in the end. */
export function soundOf({ results }: ItemState): number | undefined {
  const index = results.findLastIndex((result) => kindOf(result) === 'sound');
  return index === -1 ? undefined : index;
}

/** The result of the same run that can be played and is so many places further; `undefined` when there is none. */
export function neighbourOf(track: Track, { items }: RunState, by: 1 | -1): ResultId | undefined {
  const { run } = track;
  const own = items[track.item - 1];
  const from = track.result ?? (by > 0 ? (own?.results.length ?? 0) : 0);
  const within = own && nextPlayable(own, from, by);
  if (within !== undefined) return { run, item: track.item, result: within };
  for (let item = track.item + by; item >= 1 && item <= items.length; item += by) {
    const other = items[item - 1];
    const result = other && nextPlayable(other, by > 0 ? -1 : other.results.length, by);
    if (result !== undefined) return { run, item, result };
  }
  return undefined;
}

function nextPlayable(item: ItemState, from: number, by: 1 | -1): number | undefined {
  for (let index = from + by; index >= 0 && index < item.results.length; index += by) {
    if (isPlayable(item, index)) return index;
  }
  return undefined;
}
