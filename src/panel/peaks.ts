import type { Result } from '../protocol/events.ts';

/** Peaks that are kept of a sound: more than the widest panel draws. */
export const PEAKS_SHOWN = 512;
/** Samples a second that a sound is decoded to: enough for the outline, and little memory. */
const RATE = 8000;
/** Longer sounds, in seconds, and larger ones, in bytes, would take too much memory to decode. */
const LONGEST = 1800;
const LARGEST = 64_000_000;
/** The loudest that a sample of an outline can be. */
const FULL_SCALE = 127;

/**
 * The outline that a result brings with it: the loudest sample of each part, as a share of full scale. `undefined`
 * when there is none, or what stands there is none.
 */
export function givenOutline({ peaks }: Pick<Result, 'peaks'>): Float32Array | undefined {
  const pairs = peaks === undefined ? undefined : bytesOf(peaks);
  if (pairs === undefined || pairs.length < 2) return undefined;
  return Float32Array.from({ length: pairs.length >> 1 }, (_, part) => {
    const low = pairs[2 * part] ?? 0;
    const high = pairs[2 * part + 1] ?? 0;
    return Math.min(1, Math.max(Math.abs(low), Math.abs(high)) / FULL_SCALE);
  });
}

/**
 * The outline of a sound: its loudest sample in each of `PEAKS_SHOWN` equal parts, as a share of the loudest of all.
 * `undefined` for one that is too large or cannot be decoded. The bytes are gone afterwards.
 */
export async function outlineOf(
  bytes: ArrayBuffer,
  seconds: number | undefined,
): Promise<Float32Array | undefined> {
  if (bytes.byteLength > LARGEST || (seconds ?? 0) > LONGEST) return undefined;
  try {
    const context = new OfflineAudioContext(1, 1, RATE);
    const sound = await context.decodeAudioData(bytes);
    return outline(sound.getChannelData(0), PEAKS_SHOWN);
  } catch {
    // It may play all the same; without an outline there is a plain line.
    return undefined;
  }
}

/** The loudest sample in each of so many equal parts, as a share of the loudest of all. */
export function outline(samples: Float32Array, parts: number): Float32Array {
  const peaks = peaksOf(samples, parts);
  return scaled(peaks, loudestOf(peaks));
}

/** The loudest of an outline; 0 without one. */
export function loudestOf(peaks: Float32Array | undefined): number {
  return peaks?.reduce((most, peak) => Math.max(most, peak), 0) ?? 0;
}

/** An outline as shares of the loudest sample of it, or of several that are to be compared. */
export function scaled(peaks: Float32Array, loudest: number): Float32Array {
  return loudest > 0 ? peaks.map((peak) => peak / loudest) : peaks;
}

/** The loudest sample in each of so many equal parts. */
export function peaksOf(samples: Float32Array, parts: number): Float32Array {
  const peaks = new Float32Array(parts);
  for (let part = 0; part < parts; part += 1) {
    const begin = Math.floor((part * samples.length) / parts);
    const end = Math.max(begin + 1, Math.floor(((part + 1) * samples.length) / parts));
    let peak = 0;
    for (let index = begin; index < end && index < samples.length; index += 1) {
      peak = Math.max(peak, Math.abs(samples[index] ?? 0));
    }
    peaks[part] = peak;
  }
  return peaks;
}

function bytesOf(base64: string): Int8Array | undefined {
  try {
    return Int8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
