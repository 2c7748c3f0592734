import { createFrame, createSpectrum, HANN_SQUARES, hann, PairTransform } from '../fourier.ts';

/*
 * The short-time spectra that HT Demucs works with beside the wave, as `_spec` and `_ispec` of Demucs have them
 * (https://github.com/facebookresearch/demucs/blob/main/demucs/htdemucs.py): frames of 4096 samples, a quarter of
 * it apart, by torch.stft with a Hann window and `normalized`, mirrored at both ends. The highest frequency is
 * left out.
 */
const FRAME = 4096;
const HOP = FRAME / 4;
/** Frequencies that the model has. */
const BINS = FRAME / 2;
/** The first frame begins so many samples before the sound. */
const BEFORE = FRAME / 2 - HOP / 2;
const SCALE = Math.sqrt(FRAME);

const transform = new PairTransform(FRAME);
const window = hann(FRAME);

/** Frames of a sound of so many samples. */
export function framesOf(length: number): number {
  return Math.ceil(length / HOP);
}

/**
 * The spectra of a stereo sound, float32 [4, 2048, frames]: real and imaginary parts of the left channel, then of
 * the right one.
 *
 * @param wave float32 [2, length]
 */
export function spectrogram(wave: Float32Array, length: number): Float32Array {
  const frames = framesOf(length);
  const plane = BINS * frames;
  const out = new Float32Array(4 * plane);
  const spectrum = createSpectrum(transform.bins);
  const samples = createFrame(FRAME);
  for (let frame = 0; frame < frames; frame += 1) {
    for (let index = 0; index < FRAME; index += 1) {
      const at = mirrored(frame * HOP - BEFORE + index, length);
      const weight = (window[index] ?? 0) / SCALE;
      samples[0][index] = (wave[at] ?? 0) * weight;
      samples[1][index] = (wave[at + length] ?? 0) * weight;
    }
    transform.forward(samples, spectrum);
    for (let bin = 0, at = frame; bin < BINS; bin += 1, at += frames) {
      out[at] = spectrum.re[0][bin] ?? 0;
      out[at + plane] = spectrum.im[0][bin] ?? 0;
      out[at + 2 * plane] = spectrum.re[1][bin] ?? 0;
      out[at + 3 * plane] = spectrum.im[1][bin] ?? 0;
    }
  }
  return out;
}

/**
 * Adds the sound that spectra have to `wave`, float32 [2, length].
 *
 * @param spectra float32 [4, 2048, frames], as `spectrogram` gives them
 */
export function addWave(spectra: Float32Array, wave: Float32Array, length: number): void {
  const frames = framesOf(length);
  const plane = BINS * frames;
  const spectrum = createSpectrum(transform.bins);
  const samples = createFrame(FRAME);
  for (let frame = 0; frame < frames; frame += 1) {
    for (let bin = 0, at = frame; bin < BINS; bin += 1, at += frames) {
      spectrum.re[0][bin] = spectra[at] ?? 0;
      spectrum.im[0][bin] = spectra[at + plane] ?? 0;
      spectrum.re[1][bin] = spectra[at + 2 * plane] ?? 0;
      spectrum.im[1][bin] = spectra[at + 3 * plane] ?? 0;
    }
    transform.inverse(spectrum, samples);
    for (let index = 0; index < FRAME; index += 1) {
      const at = frame * HOP - BEFORE + index;
      if (at < 0 || at >= length) continue;
      const weight = ((window[index] ?? 0) * SCALE) / HANN_SQUARES;
      wave[at] = (wave[at] ?? 0) + (samples[0][index] ?? 0) * weight;
      wave[at + length] = (wave[at + length] ?? 0) + (samples[1][index] ?? 0) * weight;
    }
  }
}

/** A place beyond either end, mirrored there; the end itself is there once. */
function mirrored(at: number, length: number): number {
  if (at < 0) return -at;
  return at < length ? at : 2 * (length - 1) - at;
}
