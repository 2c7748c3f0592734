/** What nobody hears as a click, of full scale: the noise of 8-bit sound. */
const QUIET = 0.004;
/** Seconds of a fade. */
const FADE = 0.005;

/**
 * The samples with a short fade where they begin or end loudly, so that silence beside them makes no click. The
 * same array when no fade is needed.
 */
export function withSoftEdges(samples: Float32Array, sampleRate: number): Float32Array {
  const loud = (sample: number | undefined): boolean => Math.abs(sample ?? 0) > QUIET;
  const [first, last] = [loud(samples[0]), loud(samples.at(-1))];
  if (!first && !last) return samples;
  const soft = samples.slice();
  const length = Math.min(Math.round(FADE * sampleRate), samples.length >> 1);
  for (let index = 0; index < length; index += 1) {
    const end = samples.length - 1 - index;
    if (first) soft[index] = ((samples[index] ?? 0) * index) / length;
    if (last) soft[end] = ((samples[end] ?? 0) * index) / length;
  }
  return soft;
}
