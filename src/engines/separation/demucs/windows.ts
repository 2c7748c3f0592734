import { type Channels, joined } from '../../sound/resample.ts';

/** A stretch of the sound that is worked on at once. */
export interface Window {
  /** As long as all windows; silence follows where the sound is shorter. */
  readonly channels: Channels;
  /** Where it begins in the sound, and where what it is asked for begins and ends. */
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts sound into overlapping windows as it comes, and joins what is made of them: the overlapping parts are
 * blended with triangular weights, as `apply_model` of Demucs blends them. The last window ends with the sound.
 */
export class Windows {
  readonly #length: number;
  readonly #stride: number;
  /** The sound from `#start` on. */
  #sound: Float32Array[];
  #start = 0;
  #received = 0;
  /** Where the next window begins. */
  #next = 0;
  /** What was made from `#given` on, weighted, and its weights. */
  #sum: Float32Array[] = [];
  #weights: Float32Array;
  #given = 0;

  /**
   * @param channels of the sound
   * @param length samples of a window
   * @param overlap share of a window that the next one works on again
   */
  constructor(channels: number, length: number, overlap: number) {
    this.#length = length;
    this.#stride = Math.max(1, Math.floor(length * (1 - overlap)));
    this.#sound = Array.from({ length: channels }, () => new Float32Array(0));
    this.#weights = new Float32Array(length);
  }

  /** How many windows a sound of so many samples has. */
  count(samples: number): number {
    return 1 + Math.max(0, Math.ceil((samples - this.#length) / this.#stride));
  }

  push(block: Channels): void {
    this.#received += block[0]?.length ?? 0;
    this.#sound = this.#sound.map((sound, channel) => joined(sound, block[channel]));
  }

  /** The next window, when it is whole and not the last one. */
  next(): Window | undefined {
    const end = this.#next + this.#length;
    if (this.#received <= end) return undefined;
    const window = this.#cut(this.#next, this.#next, end);
    this.#next += this.#stride;
    // The last window may begin before the next one.
    const needed = Math.min(this.#next, this.#received - this.#length);
    const done = needed - this.#start;
    this.#sound = this.#sound.map((sound) => sound.slice(done));
    this.#start += done;
    return window;
  }

  /** The last window, once the sound has ended. */
  last(): Window {
    const start = Math.max(0, this.#received - this.#length);
    return this.#cut(start, this.#next, this.#received);
  }

  /**
   * Takes what was made of a window, any number of channels as long as it; gives what no later window changes:
   * up to where the next one begins, or with `last` all.
   */
  join({ start, from, to }: Window, made: Channels, last: boolean): Channels {
    if (this.#sum.length === 0) this.#sum = made.map(() => new Float32Array(this.#length));
    const half = this.#length / 2;
    for (let at = from; at < to; at += 1) {
      const weight = Math.min(at - from + 1, this.#length - (at - from)) / half;
      const place = at - this.#given;
      this.#weights[place] = (this.#weights[place] ?? 0) + weight;
      for (const [channel, sum] of this.#sum.entries()) {
        sum[place] = (sum[place] ?? 0) + weight * (made[channel]?.[at - start] ?? 0);
      }
    }
    const length = (last ? to : from + this.#stride) - this.#given;
    const whole = this.#sum.map((sum) =>
      sum.subarray(0, length).map((value, index) => value / (this.#weights[index] ?? 1)),
    );
    for (const values of [this.#weights, ...this.#sum]) {
      values.copyWithin(0, length);
      values.fill(0, Math.max(0, values.length - length));
    }
    this.#given += length;
    return whole;
  }

  #cut(start: number, from: number, to: number): Window {
    const channels = this.#sound.map((sound) => {
      const samples = new Float32Array(this.#length);
      samples.set(sound.subarray(start - this.#start, start - this.#start + this.#length));
      return samples;
    });
    return { channels, start, from, to };
  }
}
