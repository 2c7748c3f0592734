/** Length of a piece that is laid over its neighbours by half, and how far it may be moved to fit, in seconds. */
const GRAIN = 0.024;
const REACH = 0.01;
/** Where a piece fits is looked for in steps of so many samples, then sample by sample around the best. */
const STEP = 4;

/**
 * Sound at another speed with its pitch kept, by WSOLA, as browsers do it for whole files: pieces are laid over each
 * other closer together or farther apart, each moved to where its waveform goes on from the one before. Of samples
 * at `rate` Hz; at speed 1 they stay as they are. The answer has `samples.length / speed` samples.
 */
export function stretched(
  samples: Float32Array<ArrayBuffer>,
  rate: number,
  speed: number,
): Float32Array<ArrayBuffer> {
  if (speed === 1) return samples;
  const half = Math.round((GRAIN * rate) / 2);
  const reach = Math.round(REACH * rate);
  const out = new Float32Array(Math.round(samples.length / speed));
  const rise = Float32Array.from(
    { length: half },
    (_, index) =>
      // Rising and falling halves add up to 1.
      Math.sin(((index + 0.5) / half) * (Math.PI / 2)) ** 2,
  );
  // The first piece has none before it.
  out.set(samples.subarray(0, Math.min(half, out.length)));
  /** Where the second half of the piece before stands in the samples. */
  let goesOn = half;
  for (let to = half; to < out.length; to += half) {
    const wanted = Math.round(to * speed);
    const begin = wanted + fit(samples, goesOn, wanted, half, reach);
    for (let index = 0; index < half && to + index < out.length; index += 1) {
      const up = rise[index] ?? 0;
      out[to + index] =
        (samples[goesOn + index] ?? 0) * (1 - up) + (samples[begin + index] ?? 0) * up;
    }
    goesOn = begin + half;
  }
  return out;
}

/** How far a piece near `wanted` is to be moved so that it is most alike what stands at `like`. */
function fit(
  samples: Float32Array,
  like: number,
  wanted: number,
  length: number,
  reach: number,
): number {
  const first = Math.max(-reach, -wanted);
  const last = Math.min(reach, samples.length - length - wanted);
  if (last <= first) return 0;
  const rough = best(samples, like, wanted, length, { first, last, step: STEP });
  return best(samples, like, wanted, length, {
    first: Math.max(first, rough - STEP + 1),
    last: Math.min(last, rough + STEP - 1),
    step: 1,
  });
}

function best(
  samples: Float32Array,
  like: number,
  wanted: number,
  length: number,
  moves: { readonly first: number; readonly last: number; readonly step: number },
): number {
  let found = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let move = moves.first; move <= moves.last; move += moves.step) {
    let product = 0;
    let power = 1e-9;
    for (let index = 0; index < length; index += moves.step) {
      const one = samples[like + index] ?? 0;
      const other = samples[wanted + move + index] ?? 0;
      product += one * other;
      power += other * other;
    }
    const likeness = product / Math.sqrt(power);
    if (likeness > most) {
      most = likeness;
      found = move;
    }
  }
  return found;
}
