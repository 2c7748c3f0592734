import FFT from 'fft.js';

/** A frame of two channels. */
export type Frame = readonly [Float32Array, Float32Array];

export function createFrame(size: number): Frame {
  return [new Float32Array(size), new Float32Array(size)];
}

/** Spectra of two channels: real and imaginary parts of the frequencies from 0 to half the sample rate. */
export interface Spectrum {
  readonly re: Frame;
  readonly im: Frame;
}

export function createSpectrum(bins: number): Spectrum {
  return { re: createFrame(bins), im: createFrame(bins) };
}

/** The periodic Hann window. Its squares add up to 1.5 where frames follow by a quarter of their length. */
export function hann(length: number): Float32Array {
  return Float32Array.from(
    { length },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / length),
  );
}
/** What the squares of a Hann window add up to, at four frames for each sample. */
export const HANN_SQUARES = 1.5;

/**
 * Fourier transforms of two real signals at once, as the real and the imaginary part of one: their spectra are
 * its even and its odd part. Not scaled forwards; backwards it is divided by the size.
 */
export class PairTransform {
  readonly size: number;
  readonly bins: number;
  readonly #fft: FFT;
  readonly #time: number[];
  readonly #frequency: number[];

  /** @param size samples of a frame, a power of 2 */
  constructor(size: number) {
    this.size = size;
    this.bins = size / 2 + 1;
    this.#fft = new FFT(size);
    this.#time = this.#fft.createComplexArray();
    this.#frequency = this.#fft.createComplexArray();
  }

  forward([first, second]: Frame, { re, im }: Spectrum): void {
    const [time, frequency] = [this.#time, this.#frequency];
    for (let index = 0; index < this.size; index += 1) {
      time[2 * index] = first[index] ?? 0;
      time[2 * index + 1] = second[index] ?? 0;
    }
    this.#fft.transform(frequency, time);
    for (let bin = 0; bin < this.bins; bin += 1) {
      const mirror = (this.size - bin) % this.size;
      const [a, b] = [frequency[2 * bin] ?? 0, frequency[2 * bin + 1] ?? 0];
      const [c, d] = [frequency[2 * mirror] ?? 0, frequency[2 * mirror + 1] ?? 0];
      re[0][bin] = (a + c) / 2;
      im[0][bin] = (b - d) / 2;
      re[1][bin] = (b + d) / 2;
      im[1][bin] = (c - a) / 2;
    }
  }

  inverse({ re, im }: Spectrum, [first, second]: Frame): void {
    const [time, frequency] = [this.#time, this.#frequency];
    const last = this.bins - 1;
    for (let bin = 0; bin < this.bins; bin += 1) {
      const mirror = (this.size - bin) % this.size;
      // The spectra of real signals are real at both ends.
      const isEnd = bin === 0 || bin === last;
      const [a, b] = [re[0][bin] ?? 0, isEnd ? 0 : (im[0][bin] ?? 0)];
      const [c, d] = [re[1][bin] ?? 0, isEnd ? 0 : (im[1][bin] ?? 0)];
      frequency[2 * mirror] = a + d;
      frequency[2 * mirror + 1] = c - b;
      frequency[2 * bin] = a - d;
      frequency[2 * bin + 1] = b + c;
    }
    this.#fft.inverseTransform(time, frequency);
    for (let index = 0; index < this.size; index += 1) {
      first[index] = time[2 * index] ?? 0;
      second[index] = time[2 * index + 1] ?? 0;
    }
  }
}
