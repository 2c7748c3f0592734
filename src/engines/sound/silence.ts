/**
 * The samples without the silence at both ends, but for a margin.
 *
 * @param threshold what counts as silence, 0 to 1 of full scale
 * @param margin seconds of silence to keep
 */
export function trimSilence(
  samples: Float32Array,
  sampleRate: number,
  threshold = 0.004,
  margin = 0.03,
): Float32Array {
  const loud = (sample: number) => Math.abs(sample) > threshold;
  const first = samples.findIndex(loud);
  if (first < 0) return samples.subarray(0, 0);
  const last = samples.findLastIndex(loud);
  const keep = Math.round(margin * sampleRate);
  return samples.subarray(Math.max(0, first - keep), Math.min(samples.length, last + 1 + keep));
}
