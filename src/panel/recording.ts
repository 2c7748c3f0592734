import { inputFile } from '../protocol/input.ts';
import { TRANSCRIPT_MIME } from '../protocol/mime.ts';
import type { ItemState } from '../protocol/state.ts';
import { kindOf, stemOf } from './kinds.ts';

/** Endings of what a browser plays. The transcript says that there was speech in it, whatever it is. */
const PLAYED = /\.(?:flac|m4a|mp3|mp4|oga|ogg|opus|wav|webm)$/i;

/** An item with what it is made of. */
type Made = Pick<ItemState, 'input' | 'results' | 'source'>;

/**
 * The transcript of the recording that an item is made of, by the place of its result; -1 when there is none. To play
 * this result is to play the recording with it.
 */
export function recordingOf(item: Made): number {
  if (!PLAYED.test(inputFile(item) ?? '')) return -1;
  return item.results.findLastIndex(({ mime }) => mime === TRANSCRIPT_MIME);
}

/** Whether a result can be played: a sound, or the transcript of a recording. */
export function isPlayable(item: Made, index: number): boolean {
  const result = item.results[index];
  if (result === undefined) return false;
  return kindOf(result) === 'sound' || recordingOf(item) === index;
}

/**
 * The place of the result that an item was made for, -1 when there is none: the last one. Of a sound and what stands
 * beside it under its name, such as its captions, it is the sound; of a recording that is understood, its transcript.
 */
export function mainResult(item: Made): number {
  const { results } = item;
  const last = results.length - 1;
  const stem = stemOf(results[last]?.path ?? '');
  const sound = results.findLastIndex(
    (result) => kindOf(result) === 'sound' && stemOf(result.path) === stem,
  );
  if (sound !== -1) return sound;
  const recording = recordingOf(item);
  return recording === -1 ? last : recording;
}
