import { createSpectrum, type Spectrum } from '../fourier.ts';
import { SortedWindow } from './sorted-window.ts';

/** For each frequency of a frame, the share of it that belongs to the first of two stems, 0 to 1. */
export type Mask = Float32Array;

/** Tells masks, frame by frame. */
export interface Masks {
  /** How many frames later the mask of a frame is told. */
  readonly delay: number;
  /** Takes the next frame; gives the mask of the frame `delay` frames before it. */
  next(spectrum: Spectrum): Mask;
}

/** Frames, and frequencies, that a median is taken of. */
const MEDIAN = 17;

/**
 * What sounds on against what strikes: D. Fitzgerald, "Harmonic/percussive separation using median filtering",
 * DAFx 2010. A tone is a line in time and a beat a line in frequency; a median along either takes the other
 * away. The masks are his soft ones, of Wiener's kind.
 */
export class HarmonicMasks implements Masks {
  readonly delay = (MEDIAN - 1) / 2;
  /** What the last frames had of each frequency, in turn. */
  readonly #past: Float32Array[];
  readonly #inTime: SortedWindow[];
  readonly #inFrequency: SortedWindow;
  #frame = 0;

  constructor(bins: number) {
    this.#past = Array.from({ length: MEDIAN }, () => new Float32Array(bins));
    this.#inTime = Array.from({ length: bins }, () => new SortedWindow(MEDIAN));
    this.#inFrequency = new SortedWindow(MEDIAN);
  }

  next(spectrum: Spectrum): Mask {
    const newest = this.#past[this.#frame % MEDIAN] ?? new Float32Array(0);
    const middle = this.#past[(this.#frame + MEDIAN - this.delay) % MEDIAN] ?? newest;
    this.#frame += 1;
    const mask = new Float32Array(newest.length);
    for (let bin = 0; bin < mask.length; bin += 1) {
      const amount = Math.sqrt(powerOf(spectrum, 0, bin) + powerOf(spectrum, 1, bin));
      this.#inTime[bin]?.replace(newest[bin] ?? 0, amount);
      newest[bin] = amount;
    }
    const window = this.#inFrequency;
    window.clear();
    for (let ahead = 0; ahead < mask.length + this.delay; ahead += 1) {
      const bin = ahead - this.delay;
      window.replace(middle[ahead - MEDIAN] ?? 0, middle[ahead] ?? 0);
      if (bin >= 0) mask[bin] = share(this.#inTime[bin]?.median ?? 0, window.median);
    }
    return mask;
  }
}

/** The share of what sounds on; half where there is nothing at all. */
function share(harmonic: number, percussive: number): number {
  const [h, p] = [harmonic * harmonic, percussive * percussive];
  return h + p === 0 ? 0.5 : h / (h + p);
}

/**
 * What both channels have alike against what they have not: the similarity of C. Avendano, "Frequency-domain
 * source identification and manipulation in stereo mixes", WASPAA 2003, with its sign, so that what is against
 * each other in the channels is not in the middle.
 */
export class CentreMasks implements Masks {
  readonly delay = 0;

  next(spectrum: Spectrum): Mask {
    const [left, right] = spectrum.re;
    const [leftIm, rightIm] = spectrum.im;
    return left.map((re, bin) => {
      const both = powerOf(spectrum, 0, bin) + powerOf(spectrum, 1, bin);
      const alike = re * (right[bin] ?? 0) + (leftIm[bin] ?? 0) * (rightIm[bin] ?? 0);
      return both === 0 ? 0 : Math.max(0, (2 * alike) / both);
    });
  }
}

function powerOf({ re, im }: Spectrum, channel: 0 | 1, bin: number): number {
  return (re[channel][bin] ?? 0) ** 2 + (im[channel][bin] ?? 0) ** 2;
}

/** The part of a spectrum that a mask lets through. */
export function masked(spectrum: Spectrum, mask: Mask): Spectrum {
  const part = createSpectrum(mask.length);
  for (const channel of [0, 1] as const) {
    for (let bin = 0; bin < mask.length; bin += 1) {
      const share = mask[bin] ?? 0;
      part.re[channel][bin] = (spectrum.re[channel][bin] ?? 0) * share;
      part.im[channel][bin] = (spectrum.im[channel][bin] ?? 0) * share;
    }
  }
  return part;
}
