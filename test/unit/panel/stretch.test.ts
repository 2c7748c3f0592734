import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stretched } from '../../../src/panel/stretch.ts';

const RATE = 24_000;

function tone(hertz: number, seconds: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: Math.round(seconds * RATE) },
    (_, index) => 0.5 * Math.sin((2 * Math.PI * hertz * index) / RATE),
  );
}

/** How often a sound goes up through zero in a second. */
function pitch(samples: Float32Array): number {
  let crossings = 0;
  for (let index = 1; index < samples.length; index += 1) {
    if ((samples[index - 1] ?? 0) < 0 && (samples[index] ?? 0) >= 0) crossings += 1;
  }
  return crossings / (samples.length / RATE);
}

const steepest = (samples: Float32Array): number =>
  samples.reduce(
    (most, sample, index) =>
      index === 0 ? most : Math.max(most, Math.abs(sample - (samples[index - 1] ?? 0))),
    0,
  );

describe('a sound at another speed', () => {
  test.each([0.75, 1.25, 1.5, 1.75, 2])('keeps its pitch at %d, and has no clicks', (speed) => {
    for (const hertz of [110, 220, 700]) {
      const before = tone(hertz, 2);
      const after = stretched(before, RATE, speed);
      expect(after.length).toBe(Math.round(before.length / speed));
      expect(Math.abs(pitch(after) / hertz - 1)).toBeLessThan(0.02);
      expect(steepest(after)).toBeLessThan(1.2 * steepest(before));
    }
  });

  test('is as loud as before', () => {
    const loud = (samples: Float32Array): number =>
      Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    const before = tone(180, 2);
    for (const speed of [0.75, 1.5, 2]) {
      expect(loud(stretched(before, RATE, speed)) / loud(before)).toBeCloseTo(1, 1);
    }
  });

  test('is the sound itself at speed 1', () => {
    const before = tone(100, 0.1);
    expect(stretched(before, RATE, 1)).toBe(before);
  });

  test('has the length that it must have, and never more than the loudest, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ min: -1, max: 1, noNaN: true, maxLength: 4000 }),
        fc.constantFrom(0.75, 1.25, 2),
        fc.constantFrom(8000, 24_000, 48_000),
        (samples, speed, rate) => {
          const after = stretched(new Float32Array(samples), rate, speed);
          expect(after.length).toBe(Math.round(samples.length / speed));
          expect(after.every((sample) => Math.abs(sample) <= 1)).toBe(true);
        },
      ),
    );
  });
});
