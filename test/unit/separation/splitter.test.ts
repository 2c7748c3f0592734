import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CentreMasks,
  HarmonicMasks,
  type Masks,
} from '../../../src/engines/separation/spectral/masks.ts';
import { SortedWindow } from '../../../src/engines/separation/spectral/sorted-window.ts';
import { Splitter } from '../../../src/engines/separation/spectral/splitter.ts';
import type { Channels } from '../../../src/engines/sound/resample.ts';
import { siSdr } from '../../support/song.ts';
import { clicks, concatenated, difference, loudness, tone } from '../../support/sounds.ts';

const KINDS: Readonly<Record<string, (bins: number) => Masks>> = {
  harmonic: (bins) => new HarmonicMasks(bins),
  centre: () => new CentreMasks(),
};

/** Both parts of a sound that comes in blocks of these sizes, again and again. */
function split(
  channels: readonly Float32Array[],
  masks: (bins: number) => Masks,
  sampleRate = 44_100,
  sizes: readonly number[] = [4096],
): [Float32Array[], Float32Array[]] {
  const splitter = new Splitter(channels.length, sampleRate, masks);
  const length = channels[0]?.length ?? 0;
  const blocks: [Channels, Channels][] = [];
  for (let at = 0, turn = 0; at < length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? length;
    blocks.push(splitter.push(channels.map((samples) => samples.subarray(at, at + size))));
    at += size;
  }
  blocks.push(splitter.end());
  const part = (index: 0 | 1): Float32Array[] =>
    channels.map((_, channel) =>
      concatenated(blocks.map((block) => block[index][channel] ?? new Float32Array(0))),
    );
  return [part(0), part(1)];
}

const noise = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), {
  minLength: 0,
  maxLength: 3000,
});

describe.each(Object.entries(KINDS))('%s', (_, masks) => {
  test('both parts add up to the sound in single precision, however it comes', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(noise, sizes, fc.constantFrom(8000, 16_000), (values, cuts, rate) => {
        const left = Float32Array.from(values);
        const channels = [left, left.toReversed()];
        const [first, second] = split(channels, masks, rate, cuts);
        for (const [channel, samples] of channels.entries()) {
          expect(first[channel]).toHaveLength(samples.length);
          expect(second[channel]).toHaveLength(samples.length);
          const sum = samples.map(
            (__, at) => (first[channel]?.[at] ?? 0) + (second[channel]?.[at] ?? 0),
          );
          expect(difference(sum, samples)).toBeLessThanOrEqual(2 ** -24);
        }
        expect(first).toEqual(split(channels, masks, rate)[0]);
      }),
      { numRuns: 25 },
    );
  });
});

test.each([8000, 22_050, 44_100, 48_000, 96_000])(
  'tones and beats are told apart at %d Hz',
  (rate) => {
    const [held, struck] = [tone(rate, 4, 440, 0.3), clicks(rate, 4)];
    const mix = held.map((sample, at) => sample + (struck[at] ?? 0));
    const [[harmonic = mix], [percussive = mix]] = split(
      [mix],
      KINDS['harmonic'] ?? (() => new CentreMasks()),
      rate,
    );
    expect(siSdr([harmonic, harmonic], [held, held])).toBeGreaterThan(20);
    const before = siSdr([mix, mix], [struck, struck]);
    expect(siSdr([percussive, percussive], [struck, struck]) - before).toBeGreaterThan(15);
  },
);

test('what is in the middle is told from what is not', () => {
  const [middle, left, right] = [
    tone(44_100, 2, 440),
    tone(44_100, 2, 1000, 0.3),
    tone(44_100, 2, 3000, 0.3),
  ];
  const channels = [left, right].map((side) =>
    side.map((sample, at) => sample + (middle[at] ?? 0)),
  );
  const [centre, side] = split(channels, () => new CentreMasks());
  expect(siSdr([centre[0] ?? left, centre[1] ?? left], [middle, middle])).toBeGreaterThan(20);
  expect(siSdr([side[0] ?? left, side[1] ?? left], [left, right])).toBeGreaterThan(20);
});

test('what is against each other in the channels is not in the middle', () => {
  const sound = tone(44_100, 1);
  const [centre] = split([sound, sound.map((sample) => -sample)], () => new CentreMasks());
  expect(loudness(centre[0] ?? sound)).toBeLessThan(1e-6);
});

test('a window gives the median of its last values', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }), (values) => {
      const window = new SortedWindow(7);
      const last = Array.from({ length: 7 }, () => 0);
      for (const value of values) {
        window.replace(last.shift() ?? 0, value);
        last.push(value);
        expect(window.median).toBe(last.toSorted((a, b) => a - b)[3]);
      }
    }),
  );
});
