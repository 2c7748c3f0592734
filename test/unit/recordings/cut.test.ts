import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cutter } from '../../../src/engines/transcription/cut.ts';
import { HEARING_RATE, type Speech } from '../../../src/engines/transcription/engine.ts';
import { FRAME } from '../../../src/engines/transcription/vad.ts';

const SECOND = HEARING_RATE / FRAME;
const LIMITS = { longest: 10, enough: 3, first: 1, pause: 1 };

/** Stretches of a recording that is described as pairs of probability and seconds. Samples are numbers of frames. */
function cut(parts: readonly (readonly [number, number])[], limits = LIMITS, first = 0): Speech[] {
  const cutter = new Cutter(limits, first);
  const frames = parts.flatMap(([probability, seconds]) =>
    Array.from({ length: Math.round(seconds * SECOND) }, () => probability),
  );
  const found = frames
    .slice(first)
    .flatMap((probability, index) =>
      cutter.push({ samples: new Float32Array(FRAME).fill(first + index), probability }),
    );
  return [...found, ...cutter.end()];
}

const SPEECH = 0.9;
const SILENCE = 0.02;

test('stretches end at pauses, and what nobody speaks in is left out', () => {
  const found = cut([
    [SILENCE, 2],
    [SPEECH, 2],
    [SILENCE, 5],
    [SPEECH, 4],
    [SILENCE, 1],
  ]);
  expect(found).toHaveLength(2);
  expect(found[0]?.start).toBeCloseTo(2 - 0.13, 1);
  expect(found[0]?.end).toBeCloseTo(4 + 0.13, 1);
  expect(found[1]?.start).toBeCloseTo(9 - 0.13, 1);
  // Around each there is a little silence; where somebody speaks is told without it.
  expect(found[0]?.ranges[0]?.start).toBeCloseTo(2, 1);
  expect(found[0]?.ranges[0]?.end).toBeCloseTo(4 - 0.1, 1);
  // The samples are those of the stretch.
  expect(found[1]?.samples[0]).toBe(Math.round((found[1]?.start ?? 0) * SECOND));
});

test('short sentences go together until there is enough; the first comes sooner', () => {
  const sentence = [
    [SPEECH, 1.2],
    [SILENCE, 0.5],
  ] as const;
  const found = cut(Array.from({ length: 10 }, () => sentence).flat());
  expect(found[0]?.ranges).toHaveLength(1);
  expect(found.slice(1, -1).every(({ ranges }) => ranges.length === 2)).toBe(true);
});

test('speech without a pause is cut where it is softest', () => {
  const found = cut([
    [SPEECH, 8],
    [0.5, 0.1],
    [SPEECH, 6],
  ]);
  expect(found).toHaveLength(2);
  expect(found[0]?.end).toBeCloseTo(8.1, 0);
  expect(found[1]?.start).toBe(found[0]?.end);
});

test('a click is no speech', () => {
  expect(
    cut([
      [SILENCE, 1],
      [SPEECH, 0.06],
      [SILENCE, 3],
    ]),
  ).toEqual([]);
});

test('gone on with behind a stretch, the rest is cut in the same way', () => {
  const parts = Array.from({ length: 12 }, (_, index): [number, number][] => [
    [SPEECH, 1 + (index % 3)],
    [SILENCE, 0.4 + (index % 2)],
  ]).flat();
  const limits = { ...LIMITS, first: LIMITS.enough };
  const whole = cut(parts, limits);
  const [, second] = whole;
  const next = Math.round(((second?.end ?? 0) * HEARING_RATE) / FRAME);
  expect(cut(parts, limits, next)).toEqual(whole.slice(2));
});

test('no stretch is too long, none overlaps, and all that is surely speech is in one', () => {
  const part = fc.tuple(
    fc.constantFrom(0, 0.1, 0.4, 0.6, 0.95),
    fc.double({ min: 0.1, max: 14, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const found = cut(parts);
      let before = 0;
      for (const { start, end, samples, ranges } of found) {
        expect(end - start).toBeLessThanOrEqual(LIMITS.longest + 0.3);
        expect(start).toBeGreaterThanOrEqual(before);
        expect(samples.length).toBe(Math.round((end - start) * HEARING_RATE));
        let spoken = start;
        for (const range of ranges) {
          expect(range.start).toBeGreaterThanOrEqual(spoken);
          expect(range.end).toBeGreaterThan(range.start);
          spoken = range.end;
        }
        expect(spoken).toBeLessThanOrEqual(end);
        before = end;
      }
      let at = 0;
      for (const [probability, seconds] of parts) {
        const frames = Math.round(seconds * SECOND);
        const middle = (at + frames / 2) / SECOND;
        at += frames;
        if (probability < 0.9 || frames < 10) continue;
        expect(found.some(({ start, end }) => start <= middle && middle <= end)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});
