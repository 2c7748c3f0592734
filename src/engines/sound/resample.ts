/** Zero crossings of the filter on each side: a transition of 1.8 kHz at 44.1 kHz, a stop band below -70 dB. */
const LOBES = 64;
/** Where the filter is at its half, as a share of what both rates can hold. */
const CUTOFF = 0.96;

/** Samples of every channel, all of one length, from -1 to 1. */
export type Channels = readonly Float32Array[];

/**
 * Brings sound to another rate as it comes, by a windowed sinc (J. O. Smith, "Digital Audio Resampling",
 * https://ccrma.stanford.edu/~jos/resample/). Nothing is shifted in time. Rates in whole Hz.
 */
export class Resampler {
  /** Samples in go with so many samples out. */
  readonly #down: number;
  readonly #up: number;
  /** Samples on each side of a place that count for it. */
  readonly #reach: number;
  /** For each place between two samples, the weights of the samples around it. */
  readonly #weights: readonly Float32Array[];
  /** The samples from `#start` on that are still needed. */
  #kept: Float32Array[];
  #start = 0;
  #samplesIn = 0;
  #samplesOut = 0;

  constructor(channels: number, from: number, to: number) {
    const divisor = greatestDivisor(from, to);
    this.#down = from / divisor;
    this.#up = to / divisor;
    const cutoff = Math.min(1, to / from) * CUTOFF;
    this.#reach = Math.ceil(LOBES / cutoff);
    this.#weights =
      from === to
        ? []
        : Array.from({ length: this.#up }, (_, phase) =>
            weightsAt(phase / this.#up, cutoff, this.#reach),
          );
    this.#kept = Array.from({ length: channels }, () => new Float32Array(0));
  }

  push(block: Channels): Channels {
    if (this.#up === this.#down) return block;
    this.#samplesIn += block[0]?.length ?? 0;
    this.#kept = this.#kept.map((kept, channel) => joined(kept, block[channel]));
    // The last place whose samples are all there.
    const last = Math.floor(((this.#samplesIn - this.#reach - 1) * this.#up) / this.#down);
    return this.#makeUntil(last);
  }

  /** What is left, as if silence followed. In all there are as many samples as fit into the same time. */
  end(): Channels {
    if (this.#up === this.#down) return this.#kept;
    return this.#makeUntil(Math.floor((this.#samplesIn * this.#up) / this.#down));
  }

  #makeUntil(end: number): Channels {
    const count = Math.max(0, end - this.#samplesOut);
    const made = this.#kept.map((samples) => this.#make(samples, count));
    this.#samplesOut += count;
    const first = Math.floor((this.#samplesOut * this.#down) / this.#up) - this.#reach + 1;
    const done = Math.max(0, Math.min(first - this.#start, this.#kept[0]?.length ?? 0));
    this.#kept = this.#kept.map((samples) => samples.slice(done));
    this.#start += done;
    return made;
  }

  #make(samples: Float32Array, count: number): Float32Array {
    const out = new Float32Array(count);
    for (let index = 0; index < count; index += 1) {
      const place = (this.#samplesOut + index) * this.#down;
      const centre = Math.floor(place / this.#up);
      const weights = this.#weights[place % this.#up] ?? [];
      const base = centre - this.#reach + 1 - this.#start;
      const begin = Math.max(0, -base);
      const end = Math.min(weights.length, samples.length - base);
      let sum = 0;
      for (let tap = begin; tap < end; tap += 1) {
        sum += (samples[base + tap] ?? 0) * (weights[tap] ?? 0);
      }
      out[index] = sum;
    }
    return out;
  }
}

/** Mono samples at another rate. Rates in Hz. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const resampler = new Resampler(1, from, to);
  return joined(resampler.push([samples])[0], resampler.end()[0]);
}

/** Two arrays as one. */
export function joined(first?: Float32Array, second?: Float32Array): Float32Array {
  if (first === undefined || first.length === 0) return second ?? new Float32Array(0);
  if (second === undefined || second.length === 0) return first;
  const both = new Float32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Weights of the samples from `1 - reach` to `reach`, for a place between samples 0 and 1. They add up to 1. */
function weightsAt(place: number, cutoff: number, reach: number): Float32Array {
  const weights = Float32Array.from({ length: 2 * reach }, (_, tap) => {
    const distance = tap + 1 - reach - place;
    const turn = (Math.PI * distance) / reach;
    if (Math.abs(distance) >= reach) return 0;
    const window = 0.42 + 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn);
    return sinc(distance * cutoff) * window;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
