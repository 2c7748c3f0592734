import { Tensor } from 'onnxruntime-node';
import { EngineError } from '../../error.ts';
import type { SoundInput } from '../../sound/input.ts';
import { mixed } from '../../sound/mono.ts';
import { type Channels, Resampler } from '../../sound/resample.ts';
import type { SeparateOptions, SeparationEngine, StemBlock } from '../engine.ts';
import { Network } from './network.ts';
import { addWave, framesOf, spectrogram } from './spectrogram.ts';
import { type Window, Windows } from './windows.ts';

/** What the model makes, in its order. */
const MADE = ['drums', 'bass', 'other', 'vocals'] as const;
/** What is given of it: each stem is the sum of some that the model makes, by their numbers. */
const GIVEN: Readonly<
  Record<'all' | 'vocals', readonly { stem: string; of: readonly number[] }[]>
> = {
  all: MADE.map((stem, index) => ({ stem, of: [index] })),
  vocals: [
    { stem: 'vocals', of: [3] },
    { stem: 'no_vocals', of: [0, 1, 2] },
  ],
};
/** Hz. */
const RATE = 44_100;
/** Samples of a window: the 7.8 seconds that it was trained with. */
const LENGTH = 343_980;
const FRAMES = framesOf(LENGTH);
const BINS = 2048;

export interface DemucsOptions {
  /** For the provenance. */
  readonly model: { readonly name: string; readonly sha256?: string };
  /** All stems, or the voice and the rest. */
  readonly stems: 'all' | 'vocals';
  /** Share of a window that the next one works on again. */
  readonly overlap: number;
  /** As many as there are cores when left out. */
  readonly threads?: number | undefined;
}

/**
 * HT Demucs (S. Rouard, F. Massa, A. Défossez, "Hybrid transformers for music source separation", ICASSP 2023) on
 * ONNX Runtime, from the graph of demucs-js, which takes the wave and its spectra and gives both for each stem.
 * Rejects when the file cannot be read.
 */
export async function createDemucs(
  path: string,
  options: DemucsOptions,
): Promise<SeparationEngine> {
  return new Demucs(await Network.load(path, options.threads), options);
}

class Demucs implements SeparationEngine {
  readonly name = 'demucs';
  readonly model;
  readonly #network: Network;
  readonly #overlap: number;
  readonly #stems: (typeof GIVEN)['all'];

  constructor(network: Network, { model, overlap, stems }: DemucsOptions) {
    this.#network = network;
    this.model = model;
    this.#overlap = overlap;
    this.#stems = GIVEN[stems];
  }

  async *separate(input: SoundInput, options: SeparateOptions): AsyncGenerator<StemBlock> {
    const { signal, onProgress } = options;
    const windows = new Windows(2, LENGTH, this.#overlap);
    const toModel = new Resampler(2, input.sampleRate, RATE);
    const stems = this.#stems;
    const back = stems.map(() => new Resampler(input.channels, RATE, input.sampleRate));
    let [read, given, done, far] = [0, 0, 0, 0];
    /** Samples of the whole at the model's rate, as far as is known. */
    let expected = Number.POSITIVE_INFINITY;
    const work = async (window: Window, last: boolean): Promise<StemBlock[]> => {
      const waves = await this.#run(window.channels, (share) => {
        signal.throwIfAborted();
        far = Math.max(far, (done + share) / Math.max(done + 1, windows.count(expected)));
        onProgress('separating', far);
      });
      done += 1;
      const joint = windows.join(window, waves, last);
      const blocks = stems.map(({ stem, of }, index) => {
        const stereo = [0, 1].map((channel) =>
          sum(of.map((one) => joint[2 * one + channel] ?? NONE)),
        );
        const channels = back[index]?.push(input.channels === 1 ? [mixed(stereo)] : stereo) ?? [];
        return { stem, channels };
      });
      given += blocks[0]?.channels[0]?.length ?? 0;
      return blocks;
    };
    for await (const { channels, fraction } of input.blocks()) {
      signal.throwIfAborted();
      const [left = new Float32Array(0), right = left] = channels;
      read += left.length;
      if (fraction > 0) expected = ((read / fraction) * RATE) / input.sampleRate;
      windows.push(toModel.push([left, right]));
      for (let window = windows.next(); window !== undefined; window = windows.next()) {
        yield* await work(window, false);
      }
    }
    windows.push(toModel.end());
    expected = (read * RATE) / input.sampleRate;
    yield* await work(windows.last(), true);
    for (const [index, { stem }] of stems.entries()) {
      const rest = back[index]?.end() ?? [];
      yield { stem, channels: rest.map((samples) => lengthened(samples, read - given)) };
    }
  }

  async close(): Promise<void> {
    await this.#network.close();
  }

  /** The channels of the stems, one stem after another, each as long as the window. */
  async #run(window: Channels, onPart: (share: number) => void): Promise<Channels> {
    const wave = new Float32Array(2 * LENGTH);
    for (const [channel, samples] of window.entries()) wave.set(samples, channel * LENGTH);
    const [spectra, waves] = await this.#network.run(
      [
        new Tensor('float32', wave, [1, 2, LENGTH]),
        new Tensor('float32', spectrogram(wave, LENGTH), [1, 4, BINS, FRAMES]),
      ],
      onPart,
    );
    if (!(spectra?.data instanceof Float32Array && waves?.data instanceof Float32Array)) {
      throw new EngineError('the Demucs model answered something else than sound', {
        hint: 'Its file may be of another kind. Remove it, and it is fetched again.',
        retry: false,
      });
    }
    const made: Float32Array[] = [];
    for (const index of MADE.keys()) {
      const stem = waves.data.subarray(index * 2 * LENGTH, (index + 1) * 2 * LENGTH);
      const size = 4 * BINS * FRAMES;
      addWave(spectra.data.subarray(index * size, (index + 1) * size), stem, LENGTH);
      made.push(stem.subarray(0, LENGTH), stem.subarray(LENGTH));
    }
    return made;
  }
}

/** Samples with silence behind them; rates are whole, so that a few may be missing at the end. */
const NONE = new Float32Array(0);

/** The sum of sounds of one length. */
function sum([first = NONE, ...others]: Channels): Float32Array<ArrayBufferLike> {
  if (others.length === 0) return first;
  const all = Float32Array.from(first);
  for (const samples of others) {
    for (let index = 0; index < all.length; index += 1)
      all[index] = (all[index] ?? 0) + (samples[index] ?? 0);
  }
  return all;
}

function lengthened(samples: Float32Array, length: number): Float32Array {
  const longer = new Float32Array(length);
  longer.set(samples.subarray(0, length));
  return longer;
}
