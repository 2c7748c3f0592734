import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Resampler, resample } from '../../../src/engines/sound/resample.ts';
import { concatenated, difference, tone } from '../../support/sounds.ts';

test.each([
  [22_050, 44_100],
  [44_100, 22_050],
  [48_000, 44_100],
  [44_100, 48_000],
  [96_000, 44_100],
  [16_000, 44_100],
])('a tone comes from %d to %d Hz as it is', (from, to) => {
  for (const frequency of [100, 1000, 0.4 * Math.min(from, to)]) {
    const made = resample(tone(from, 1, frequency), from, to);
    const wanted = tone(to, 1, frequency);
    expect(made).toHaveLength(wanted.length);
    const [begin, end] = [0.1 * to, 0.9 * to];
    // 80 dB below the tone.
    expect(difference(made.subarray(begin, end), wanted.subarray(begin, end))).toBeLessThan(5e-5);
  }
});

test('what the lower rate cannot hold is gone, not mirrored', () => {
  const made = resample(tone(48_000, 1, 16_000), 48_000, 22_050);
  expect(difference(made.subarray(2000, 20_000), new Float32Array(18_000))).toBeLessThan(2e-4);
});

test('comes out the same however it is cut, in all channels', () => {
  const rates = fc.constantFrom(8000, 11_025, 22_050, 44_100, 48_000);
  const cuts = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 12 });
  fc.assert(
    fc.property(rates, rates, cuts, (from, to, sizes) => {
      const length = sizes.reduce((sum, size) => sum + size, 0);
      const sounds = [tone(from, length / from, 300), tone(from, length / from, 500)];
      const resampler = new Resampler(2, from, to);
      let at = 0;
      const blocks = sizes.map((size) => {
        at += size;
        return resampler.push(sounds.map((samples) => samples.subarray(at - size, at)));
      });
      blocks.push(resampler.end());
      for (const [channel, samples] of sounds.entries()) {
        const made = concatenated(blocks.map((block) => block[channel] ?? new Float32Array(0)));
        expect(made).toEqual(resample(samples, from, to));
        expect(made).toHaveLength(Math.floor((length * to) / from));
      }
    }),
    { numRuns: 60 },
  );
});
