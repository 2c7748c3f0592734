/** Peaks that are kept of a sound: more than the widest panel draws. */
const PEAKS = 512;
/** Samples a second that a sound is decoded to: enough for the outline, and little memory. */
const RATE = 8000;
/** Longer sounds, in seconds, and larger ones, in bytes, would take too much memory to decode. */
const LONGEST = 1800;
const LARGEST = 64_000_000;

/**
 * The outline of a sound: its loudest sample in each of `PEAKS` equal parts, as a share of the loudest of all.
 * `undefined` for one that is too large or cannot be decoded. The bytes are gone afterwards.
 */
export async function peaksOf(
  bytes: ArrayBuffer,
  seconds: number | undefined,
): Promise<Float32Array | undefined> {
  if (bytes.byteLength > LARGEST || (seconds ?? 0) > LONGEST) return undefined;
  try {
    const context = new OfflineAudioContext(1, 1, RATE);
    const sound = await context.decodeAudioData(bytes);
    return outline(sound.getChannelData(0), PEAKS);
  } catch {
    // It may play all the same; without an outline there is a plain line.
    return undefined;
  }
}

/** The loudest sample in each of so many equal parts, as a share of the loudest of all. */
export function outline(samples: Float32Array, parts: number): Float32Array {
  const peaks = new Float32Array(parts);
  let loudest = 0;
  for (let part = 0; part < parts; part += 1) {
    const begin = Math.floor((part * samples.length) / parts);
    const end = Math.max(begin + 1, Math.floor(((part + 1) * samples.length) / parts));
    let peak = 0;
    for (let index = begin; index < end && index < samples.length; index += 1) {
      peak = Math.max(peak, Math.abs(samples[index] ?? 0));
    }
    peaks[part] = peak;
    loudest = Math.max(loudest, peak);
  }
  if (loudest > 0)
    for (let part = 0; part < parts; part += 1) peaks[part] = (peaks[part] ?? 0) / loudest;
  return peaks;
}
