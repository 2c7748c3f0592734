import FFT from 'fft.js';
import { HEARING_RATE } from '../engine.ts';

const WINDOW = 400;
const HOP = 160;
const BINS = WINDOW / 2 + 1;
export const MELS = 80;
/** Seconds that the model hears, always; what is shorter is followed by silence. */
export const HEARD_SECONDS = 30;
export const FRAMES = (HEARD_SECONDS * HEARING_RATE) / HOP;

/**
 * The logarithmic mel spectrogram of up to 30 s as Whisper was trained with (openai/whisper, audio.py): 80 bands of
 * Slaney's scale, band by band, FRAMES values each.
 */
export function logMel(samples: Float32Array): Float32Array {
  const used = Math.min(FRAMES, Math.ceil((samples.length + WINDOW / 2) / HOP));
  const sound = reflected(samples);
  const filters = melFilters();
  const transform = new Transform(WINDOW);
  // Silence, to the end.
  const out = new Float32Array(MELS * FRAMES).fill(Math.log10(1e-10));
  let loudest = Math.log10(1e-10);
  for (let frame = 0; frame < used; frame += 1) {
    const power = transform.power(sound, frame * HOP, hann());
    for (const [band, { first, weights }] of filters.entries()) {
      let sum = 0;
      for (let index = 0; index < weights.length; index += 1) {
        sum += (power[first + index] ?? 0) * (weights[index] ?? 0);
      }
      const value = Math.log10(Math.max(sum, 1e-10));
      out[band * FRAMES + frame] = value;
      loudest = Math.max(loudest, value);
    }
  }
  for (let index = 0; index < out.length; index += 1) {
    out[index] = (Math.max(out[index] ?? 0, loudest - 8) + 4) / 4;
  }
  return out;
}

/** The samples with half a window before them that mirrors their beginning, and enough silence behind. */
function reflected(samples: Float32Array): Float32Array {
  const half = WINDOW / 2;
  const out = new Float32Array(half + HEARD_SECONDS * HEARING_RATE + half);
  out.set(samples.subarray(0, HEARD_SECONDS * HEARING_RATE), half);
  for (let index = 0; index < half; index += 1) out[half - 1 - index] = samples[index + 1] ?? 0;
  return out;
}

let window: Float32Array | undefined;
function hann(): Float32Array {
  window ??= Float32Array.from(
    { length: WINDOW },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / WINDOW),
  );
  return window;
}

interface Filter {
  readonly first: number;
  readonly weights: Float32Array;
}

let made: readonly Filter[] | undefined;

/** Triangles between points that are evenly spaced on Slaney's mel scale, each of the same area. */
function melFilters(): readonly Filter[] {
  if (made !== undefined) return made;
  const top = toMel(HEARING_RATE / 2);
  const points = Array.from({ length: MELS + 2 }, (_, index) =>
    toHertz((top * index) / (MELS + 1)),
  );
  made = Array.from({ length: MELS }, (_, band) => {
    const [low = 0, middle = 0, high = 0] = points.slice(band, band + 3);
    const values = Array.from({ length: BINS }, (__, bin) => {
      const hertz = (bin * HEARING_RATE) / WINDOW;
      const rise = (hertz - low) / (middle - low);
      const fall = (high - hertz) / (high - middle);
      return (Math.max(0, Math.min(rise, fall)) * 2) / (high - low);
    });
    const first = values.findIndex((value) => value > 0);
    const last = values.findLastIndex((value) => value > 0);
    return { first, weights: Float32Array.from(values.slice(first, last + 1)) };
  });
  return made;
}

/** Slaney's scale: even up to 1000 Hz, logarithmic above. */
function toMel(hertz: number): number {
  return hertz < 1000 ? (hertz * 3) / 200 : 15 + (Math.log(hertz / 1000) * 27) / Math.log(6.4);
}

function toHertz(mel: number): number {
  return mel < 15 ? (mel * 200) / 3 : 1000 * Math.exp(((mel - 15) * Math.log(6.4)) / 27);
}

/**
 * A Fourier transform of a length that is no power of two, by Bluestein's way: as a convolution with a chirp, which
 * has one (https://en.wikipedia.org/wiki/Chirp_Z-transform).
 */
class Transform {
  readonly #length: number;
  readonly #fft: FFT;
  readonly #chirp: { readonly re: Float64Array; readonly im: Float64Array };
  readonly #kernel: number[];
  readonly #a: number[];
  readonly #b: number[];

  constructor(length: number) {
    this.#length = length;
    const size = 2 ** Math.ceil(Math.log2(2 * length - 1));
    this.#fft = new FFT(size);
    const angle = (index: number): number => (Math.PI * ((index * index) % (2 * length))) / length;
    this.#chirp = {
      re: Float64Array.from({ length }, (_, index) => Math.cos(angle(index))),
      im: Float64Array.from({ length }, (_, index) => Math.sin(angle(index))),
    };
    const chirp = this.#fft.createComplexArray().fill(0);
    for (let index = 0; index < length; index += 1) {
      for (const place of [index, (size - index) % size]) {
        chirp[2 * place] = this.#chirp.re[index] ?? 0;
        chirp[2 * place + 1] = this.#chirp.im[index] ?? 0;
      }
    }
    this.#kernel = this.#fft.createComplexArray();
    this.#fft.transform(this.#kernel, chirp);
    this.#a = this.#fft.createComplexArray().fill(0);
    this.#b = this.#fft.createComplexArray();
  }

  /** Squared sizes of the values up to the middle one, of the samples from a place on, under a window. */
  power(samples: Float32Array, at: number, shape: Float32Array): Float64Array {
    const [a, b, { re, im }] = [this.#a, this.#b, this.#chirp];
    a.fill(0);
    for (let index = 0; index < this.#length; index += 1) {
      const value = (samples[at + index] ?? 0) * (shape[index] ?? 0);
      a[2 * index] = value * (re[index] ?? 0);
      a[2 * index + 1] = -value * (im[index] ?? 0);
    }
    this.#fft.transform(b, a);
    for (let index = 0; index < b.length; index += 2) {
      const [x = 0, y = 0] = [b[index], b[index + 1]];
      const [u = 0, v = 0] = [this.#kernel[index], this.#kernel[index + 1]];
      b[index] = x * u - y * v;
      b[index + 1] = x * v + y * u;
    }
    this.#fft.inverseTransform(a, b);
    // The chirp behind it turns a value and does not change its size.
    return Float64Array.from({ length: this.#length / 2 + 1 }, (_, bin) => {
      const [x = 0, y = 0] = [a[2 * bin], a[2 * bin + 1]];
      return x * x + y * y;
    });
  }
}
