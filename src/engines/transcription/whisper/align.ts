/** Width of the median filter over time, as in openai/whisper, timing.py. */
const MEDIAN = 7;

/** What the heads that look at the sound have looked at: for each head, for each token, a weight for each frame. */
export type Attention = readonly (readonly Float32Array[])[];

/**
 * The frame at which each token begins, by the attention of the decoder (openai/whisper, timing.py): the weights of
 * each head are normalised over the tokens and smoothed over time, their mean over the heads is the likeness of
 * tokens and frames, and the best way through it, which never goes back, gives the times.
 *
 * @param frames of the sound without the silence behind it, 0.02 s each
 */
export function beginnings(attention: Attention, frames: number): number[] {
  const tokens = attention[0]?.length ?? 0;
  const cost = Array.from({ length: tokens }, () => new Float64Array(frames));
  for (const head of attention) {
    for (let frame = 0; frame < frames; frame += 1) {
      const column = head.map((weights) => weights[frame] ?? 0);
      const mean = column.reduce((sum, value) => sum + value, 0) / tokens;
      const spread = Math.sqrt(
        column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / tokens,
      );
      for (const [token, value] of column.entries()) {
        const row = cost[token];
        if (row !== undefined) row[frame] = (row[frame] ?? 0) - (value - mean) / (spread || 1);
      }
    }
  }
  return warp(cost.map(smoothed), frames);
}

function smoothed(row: Float64Array): Float64Array {
  const half = MEDIAN >> 1;
  const window = new Float64Array(MEDIAN);
  return row.map((_, at) => {
    for (let index = 0; index < MEDIAN; index += 1) {
      const place = Math.abs(at + index - half);
      // The ends are mirrored.
      window[index] = row[place < row.length ? place : 2 * (row.length - 1) - place] ?? 0;
    }
    return window.sort()[half] ?? 0;
  });
}

/** Dynamic time warping: the frame at which the cheapest way first reaches each token. */
function warp(cost: readonly Float64Array[], frames: number): number[] {
  const width = frames + 1;
  const sums = new Float64Array((cost.length + 1) * width).fill(Number.POSITIVE_INFINITY);
  const from = new Uint8Array(sums.length);
  sums[0] = 0;
  for (const [token, row] of cost.entries()) {
    for (let frame = 0; frame < frames; frame += 1) {
      const here = (token + 1) * width + frame + 1;
      const before = [
        sums[here - width - 1] ?? Number.POSITIVE_INFINITY,
        sums[here - width] ?? Number.POSITIVE_INFINITY,
        sums[here - 1] ?? Number.POSITIVE_INFINITY,
      ] as const;
      const way =
        before[0] < before[1] && before[0] < before[2] ? 0 : before[1] < before[2] ? 1 : 2;
      sums[here] = (row[frame] ?? 0) + before[way];
      from[here] = way;
    }
  }
  const first = new Array<number>(cost.length).fill(0);
  let token = cost.length;
  let frame = frames;
  while (token > 0 && frame > 0) {
    first[token - 1] = frame - 1;
    const way = from[token * width + frame];
    if (way !== 1) frame -= 1;
    if (way !== 2) token -= 1;
  }
  return first;
}
