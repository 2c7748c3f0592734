import { type Channels, joined } from '../../sound/resample.ts';
import {
  createFrame,
  createSpectrum,
  type Frame,
  HANN_SQUARES,
  hann,
  PairTransform,
  type Spectrum,
} from '../fourier.ts';
import { type Masks, masked } from './masks.ts';

/** Frames that each sample is in. */
const OVERLAP = 4;
/** Length of a frame in seconds, about: 4096 samples at 44.1 kHz. */
const FRAME_SECONDS = 0.093;

/**
 * Splits sound as it comes in two, by masks over its short-time spectrum. What is not in the first part is in
 * the second: in single precision they add up to what came in.
 */
export class Splitter {
  readonly #transform: PairTransform;
  readonly #masks: Masks;
  readonly #channels: number;
  readonly #hop: number;
  readonly #window: Float32Array;
  /** What came in and is not in a whole frame yet, silence before it. */
  #waiting: Float32Array[];
  /** What came in and has not gone out yet. */
  #mix: Float32Array[];
  /** Frames whose masks are not told yet. */
  readonly #spectra: Spectrum[] = [];
  /** The first part of a frame's length, to which later frames still add. */
  readonly #sum: Float32Array[];
  readonly #samples: Frame;
  #frames = 0;
  #samplesIn = 0;
  #samplesOut = 0;

  /** @param masks makes the masks, told how many frequencies a frame has */
  constructor(channels: number, sampleRate: number, masks: (bins: number) => Masks) {
    const size = 2 ** Math.round(Math.log2(sampleRate * FRAME_SECONDS));
    this.#channels = channels;
    this.#hop = size / OVERLAP;
    this.#transform = new PairTransform(size);
    this.#masks = masks(this.#transform.bins);
    this.#window = hann(size);
    const arrays = (length: number): Float32Array[] =>
      Array.from({ length: channels }, () => new Float32Array(length));
    this.#waiting = arrays(size - this.#hop);
    this.#mix = arrays(0);
    this.#sum = arrays(size);
    this.#samples = createFrame(size);
  }

  /** Takes more sound; gives what is ready of both parts. */
  push(block: Channels): [Channels, Channels] {
    this.#samplesIn += block[0]?.length ?? 0;
    this.#mix = this.#mix.map((mix, channel) => joined(mix, block[channel]));
    return this.#take(block);
  }

  /** What is left of both parts, as if silence followed. */
  end(): [Channels, Channels] {
    const silence = new Float32Array(this.#transform.size + this.#masks.delay * this.#hop);
    return this.#take(this.#mix.map(() => silence));
  }

  #take(block: Channels): [Channels, Channels] {
    this.#waiting = this.#waiting.map((waiting, channel) => joined(waiting, block[channel]));
    const { size } = this.#transform;
    const made: Float32Array[][] = [];
    let at = 0;
    for (; (this.#waiting[0]?.length ?? 0) - at >= size; at += this.#hop) {
      const hop = this.#frame(at);
      if (hop !== undefined) made.push(hop);
    }
    this.#waiting = this.#waiting.map((waiting) => waiting.slice(at));
    return this.#apart(made);
  }

  /** Transforms the frame at a place; gives the hop of the first part that is whole by it. */
  #frame(at: number): Float32Array[] | undefined {
    const spectrum = createSpectrum(this.#transform.bins);
    for (const [channel, waiting] of this.#waiting.entries()) {
      const samples = this.#samples[channel] ?? waiting;
      for (let index = 0; index < samples.length; index += 1) {
        samples[index] = (waiting[at + index] ?? 0) * (this.#window[index] ?? 0);
      }
    }
    this.#transform.forward(this.#samples, spectrum);
    this.#spectra.push(spectrum);
    const mask = this.#masks.next(spectrum);
    if (this.#spectra.length <= this.#masks.delay) return undefined;
    const due = this.#spectra.shift() ?? spectrum;
    const part = createFrame(this.#transform.size);
    this.#transform.inverse(masked(due, mask), part);
    for (const [channel, sum] of this.#sum.entries()) {
      const samples = part[channel] ?? sum;
      for (let index = 0; index < sum.length; index += 1) {
        const weight = (this.#window[index] ?? 0) / HANN_SQUARES;
        sum[index] = (sum[index] ?? 0) + (samples[index] ?? 0) * weight;
      }
    }
    const whole = this.#sum.map((sum) => sum.slice(0, this.#hop));
    for (const sum of this.#sum) {
      sum.copyWithin(0, this.#hop);
      sum.fill(0, sum.length - this.#hop);
    }
    this.#frames += 1;
    // Of the first frames only the silence before the sound is whole.
    return this.#frames < OVERLAP ? undefined : whole;
  }

  /** What was made of the first part, and what the second has by it. */
  #apart(made: readonly Float32Array[][]): [Channels, Channels] {
    const left = this.#samplesIn - this.#samplesOut;
    const length = Math.min(left, made.length * this.#hop);
    this.#samplesOut += length;
    const first = Array.from({ length: this.#channels }, (_, channel) => {
      const all = new Float32Array(made.length * this.#hop);
      for (const [index, hop] of made.entries()) all.set(hop[channel] ?? [], index * this.#hop);
      return all.subarray(0, length);
    });
    const second = this.#mix.map((mix, channel) =>
      mix.subarray(0, length).map((sample, index) => sample - (first[channel]?.[index] ?? 0)),
    );
    this.#mix = this.#mix.map((mix) => mix.slice(length));
    return [first, second];
  }
}
