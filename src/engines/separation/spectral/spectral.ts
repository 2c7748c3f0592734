import { basename } from 'node:path';
import { EngineError } from '../../error.ts';
import type { SoundInput } from '../../sound/input.ts';
import type { Channels } from '../../sound/resample.ts';
import type { SeparateOptions, SeparationEngine, StemBlock } from '../engine.ts';
import { CentreMasks, HarmonicMasks, type Masks } from './masks.ts';
import { Splitter } from './splitter.ts';

interface Split {
  /** What its two parts are. */
  readonly stems: readonly [string, string];
  masks(bins: number): Masks;
}

const SPLITS = {
  'harmonic-percussive': {
    stems: ['harmonic', 'percussive'],
    masks: (bins) => new HarmonicMasks(bins),
  },
  'centre-side': { stems: ['centre', 'side'], masks: () => new CentreMasks() },
} as const satisfies Readonly<Record<string, Split>>;

/** Takes a recording apart by its spectrum alone, without a model, into two stems that add up to it. */
export function createSpectral(by: keyof typeof SPLITS): SeparationEngine {
  const { stems, masks }: Split = SPLITS[by];
  return {
    name: 'spectral',
    async *separate(input: SoundInput, options: SeparateOptions): AsyncGenerator<StemBlock> {
      if (by === 'centre-side' && input.channels !== 2) {
        throw new EngineError(`${basename(input.path)} is mono: it has no sides`, {
          hint: 'Set `split` to harmonic-percussive.',
          retry: false,
        });
      }
      const splitter = new Splitter(input.channels, input.sampleRate, masks);
      const named = (parts: readonly Channels[]): StemBlock[] =>
        stems.map((stem, index) => ({ stem, channels: parts[index] ?? [] }));
      for await (const { channels, fraction } of input.blocks()) {
        options.signal.throwIfAborted();
        yield* named(splitter.push(channels));
        options.onProgress('separating', fraction);
      }
      yield* named(splitter.end());
    },
    async close() {},
  };
}
