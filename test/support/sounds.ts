import {
  createSoundFile,
  type SoundFileOptions,
  soundFormatOf,
} from '../../src/engines/sound/file.ts';
import { openSound } from '../../src/engines/sound/input.ts';
import type { Channels } from '../../src/engines/sound/resample.ts';

/** A tone of half of full scale, or of `level`. */
export function tone(
  sampleRate: number,
  seconds: number,
  frequency = 440,
  level = 0.5,
): Float32Array {
  return Float32Array.from(
    { length: Math.round(sampleRate * seconds) },
    (_, index) => level * Math.sin((2 * Math.PI * frequency * index) / sampleRate),
  );
}

/** Clicks, `every` so many seconds, each the same short burst. */
export function clicks(sampleRate: number, seconds: number, every = 0.25): Float32Array {
  const out = new Float32Array(Math.round(sampleRate * seconds));
  const gap = Math.round(every * sampleRate);
  for (let at = gap >> 1; at < out.length; at += gap) {
    for (let index = 0; index < 60 && at + index < out.length; index += 1) {
      out[at + index] = 0.8 * (index % 2 === 0 ? 1 : -1) * Math.exp(-index / 12);
    }
  }
  return out;
}

/** Writes a sound file of any format, by its ending. */
export async function writeSound(
  path: string,
  sampleRate: number,
  channels: readonly Float32Array[],
  more: Partial<SoundFileOptions> = {},
): Promise<void> {
  const format = soundFormatOf(path);
  const options = { format, sampleRate, channels: channels.length, ...more };
  const file = await createSoundFile(path, options);
  await file.write(...channels);
  await file.close();
}

export interface WholeSound {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
  /** What each block said of how much was read. */
  readonly fractions: readonly number[];
}

/** Reads a whole file, as steps read it. */
export async function readSound(
  path: string,
  signal = new AbortController().signal,
): Promise<WholeSound> {
  const input = await openSound(path, signal);
  const blocks: Channels[] = [];
  const fractions: number[] = [];
  for await (const { channels, fraction } of input.blocks()) {
    blocks.push(channels);
    fractions.push(fraction);
  }
  const channels = Array.from({ length: input.channels }, (_, channel) =>
    concatenated(blocks.map((block) => block[channel] ?? new Float32Array(0))),
  );
  return { sampleRate: input.sampleRate, channels, fractions };
}

export function concatenated(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** Root mean square. */
export function loudness(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** The largest difference of two sounds at one place; what one lacks is silence. */
export function difference(one: Float32Array, other: Float32Array): number {
  let most = 0;
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    most = Math.max(most, Math.abs((one[at] ?? 0) - (other[at] ?? 0)));
  }
  return most;
}
