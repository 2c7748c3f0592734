import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Peaks } from '../../../src/engines/sound/peaks.ts';
import { tone } from '../../support/sounds.ts';

function read(peaks: Peaks): { low: number[]; high: number[] } {
  const bytes = Buffer.from(peaks.toBase64(), 'base64');
  const values = Array.from({ length: bytes.length }, (_, at) => bytes.readInt8(at));
  return {
    low: values.filter((_, at) => at % 2 === 0),
    high: values.filter((_, at) => at % 2 === 1),
  };
}

test('show where a sound is loud, above and below, whatever its length', () => {
  for (const seconds of [0.5, 3, 200]) {
    const loud = tone(8000, seconds / 2, 440, 0.5);
    const peaks = new Peaks();
    peaks.push([loud, loud.map((sample) => sample / 2)]);
    peaks.push([new Float32Array(loud.length), new Float32Array(loud.length)]);
    const { low, high } = read(peaks);
    expect(high).toHaveLength(400);
    const [first, second] = [high.slice(0, 198), high.slice(202)];
    if (seconds > 2) for (const peak of first) expect(peak).toBeGreaterThan(60);
    expect(Math.max(...high)).toBe(64);
    expect(Math.min(...low)).toBe(-63);
    expect(Math.max(...second)).toBe(0);
  }
});

test('have at most 400 parts that hold every sample, and are the same however the sound is cut', () => {
  const sounds = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { maxLength: 9000 });
  fc.assert(
    fc.property(sounds, fc.integer({ min: 1, max: 999 }), (values, size) => {
      const sound = Float32Array.from(values);
      const whole = new Peaks();
      whole.push([sound]);
      const cut = new Peaks();
      for (let at = 0; at < sound.length; at += size) cut.push([sound.subarray(at, at + size)]);
      expect(cut.toBase64()).toBe(whole.toBase64());
      const { low, high } = read(whole);
      expect(high.length).toBe(Math.min(400, sound.length <= 6400 ? sound.length : 400));
      const scaled = (sample: number) =>
        Math.max(-127, Math.min(127, Math.round(sample * 127))) + 0;
      expect(Math.max(0, ...high)).toBe(Math.max(0, ...values.map(scaled)));
      expect(Math.min(0, ...low)).toBe(Math.min(0, ...values.map(scaled)));
    }),
    { numRuns: 50 },
  );
});

test('of no sound are empty', () => {
  expect(new Peaks().toBase64()).toBe('');
});
