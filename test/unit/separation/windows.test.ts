import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Window, Windows } from '../../../src/engines/separation/demucs/windows.ts';
import type { Channels } from '../../../src/engines/sound/resample.ts';
import { concatenated, difference } from '../../support/sounds.ts';

/** Works on a sound in windows; gives what was made of it, and the windows. */
function through(
  sound: Channels,
  { length, overlap, size }: { length: number; overlap: number; size: number },
  work: (window: Window) => Channels,
): { made: Float32Array[]; windows: Window[]; count: number } {
  const all = new Windows(sound.length, length, overlap);
  const total = sound[0]?.length ?? 0;
  const blocks: Channels[] = [];
  const windows: Window[] = [];
  const take = (window: Window, last: boolean): void => {
    windows.push(window);
    blocks.push(all.join(window, work(window), last));
  };
  for (let at = 0; at < total; at += size) {
    all.push(sound.map((samples) => samples.subarray(at, at + size)));
    for (let window = all.next(); window !== undefined; window = all.next()) take(window, false);
  }
  take(all.last(), true);
  const made = sound.map((_, channel) =>
    concatenated(blocks.map((block) => block[channel] ?? new Float32Array(0))),
  );
  return { made, windows, count: all.count(total) };
}

test('what nobody changes comes out as it went in, in windows that are counted before', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 900 }),
      fc.integer({ min: 2, max: 120 }),
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      fc.integer({ min: 1, max: 300 }),
      (total, length, overlap, size) => {
        const sound = [0, 1].map((channel) =>
          Float32Array.from({ length: total }, (_, at) => Math.sin(at * (channel + 1))),
        );
        const { made, windows, count } = through(
          sound,
          { length, overlap, size },
          ({ channels }) => channels,
        );
        for (const [channel, samples] of sound.entries()) {
          expect(made[channel]).toHaveLength(total);
          expect(difference(made[channel] ?? samples, samples)).toBeLessThan(1e-5);
        }
        expect(windows).toHaveLength(count);
        for (const window of windows) expect(window.channels[0]).toHaveLength(length);
        // The last window has as much before it as there is.
        expect(windows.at(-1)?.start).toBe(Math.max(0, total - length));
      },
    ),
  );
});

test('windows are blended without a jump', () => {
  let value = 0;
  const { made } = through(
    [new Float32Array(1000)],
    { length: 200, overlap: 0.5, size: 64 },
    ({ channels }) => {
      value += 1;
      return channels.map((samples) => samples.map(() => value));
    },
  );
  const steps = made[0]?.subarray(1).map((sample, at) => Math.abs(sample - (made[0]?.[at] ?? 0)));
  expect(Math.max(...(steps ?? []))).toBeLessThan(0.05);
});
