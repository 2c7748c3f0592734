import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Schedule, type Start } from '../../../src/panel/schedule.ts';

const NEAR = 1e-6;

interface Part {
  readonly start: number;
  readonly end: number;
  /** When it comes, by the clock. */
  readonly comes: number;
}

/** Parts with the silence after each, and how long the voice takes for each. */
const sounds = fc
  .array(
    fc.record({
      length: fc.double({ min: 0.05, max: 12, noNaN: true }),
      silence: fc.double({ min: 0, max: 0.9, noNaN: true }),
      took: fc.double({ min: 0, max: 15, noNaN: true }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((drawn) => {
    const parts: Part[] = [];
    let start = 0;
    let comes = 0;
    for (const { length, silence, took } of drawn) {
      comes += took;
      parts.push({ start, end: start + length, comes });
      start += length + silence;
    }
    return parts;
  });
const speeds = fc.constantFrom(0.75, 1, 1.25, 1.5, 1.75, 2);

function play(parts: readonly Part[], speed: number, from = 0) {
  const schedule = new Schedule(from, speed, 0);
  const played = parts.filter(({ end }) => end > from);
  return { schedule, played, starts: played.map((part) => schedule.add(part, part.comes)) };
}

const lengthOf = ({ from, end }: Start, speed: number): number => (end - from) / speed;

describe('parts of a sound', () => {
  test('never overlap, and have no gap where they came in time', () => {
    fc.assert(
      fc.property(sounds, speeds, (parts, speed) => {
        const { starts, played } = play(parts, speed);
        for (const [index, start] of starts.entries()) {
          const part = played[index];
          const before = starts[index - 1];
          if (part === undefined || before === undefined) continue;
          const due = before.at + (part.start - before.from) / speed;
          expect(start.at).toBeGreaterThanOrEqual(before.at + lengthOf(before, speed) - NEAR);
          if (part.comes + 0.02 <= due) expect(Math.abs(start.at - due)).toBeLessThan(NEAR);
          else expect(start.at).toBeCloseTo(part.comes + 0.02, 6);
        }
      }),
    );
  });

  test('start in time for the audio thread, whenever they come', () => {
    fc.assert(
      fc.property(sounds, speeds, (parts, speed) => {
        const { starts, played } = play(parts, speed);
        for (const [index, { at }] of starts.entries()) {
          expect(at).toBeGreaterThanOrEqual((played[index]?.comes ?? 0) + 0.02 - NEAR);
        }
      }),
    );
  });

  test('are where the clock says: the place never goes back, and waits for what is late', () => {
    fc.assert(
      fc.property(sounds, speeds, (parts, speed) => {
        const schedule = new Schedule(0, speed, 0);
        const waiting = [...parts];
        let before = 0;
        for (let now = 0; now < 40; now += 0.25) {
          while (waiting[0] !== undefined && waiting[0].comes <= now) {
            const part = waiting.shift();
            if (part !== undefined) schedule.add(part, now);
          }
          const second = schedule.second(now);
          expect(second).toBeGreaterThanOrEqual(before);
          expect(second - before).toBeLessThanOrEqual(
            // It goes over the silence that it stood before.
            0.25 * speed + 0.9 + NEAR,
          );
          before = second;
        }
      }),
    );
  });

  test('are begun in the middle after a seek', () => {
    const parts = [
      { start: 0, end: 4, comes: 0 },
      { start: 4.5, end: 6, comes: 0 },
      { start: 6.5, end: 9, comes: 0 },
    ];
    const { starts, schedule } = play(parts, 1.5, 5);
    expect(starts.map(({ from, end }) => [from, end])).toEqual([
      [5, 6],
      [6.5, 9],
    ]);
    expect(starts[0]?.at).toBeCloseTo(0.02);
    expect(starts[1]?.at).toBeCloseTo(0.02 + 1);
    expect(schedule.second(0)).toBe(5);
    expect(schedule.second(0.52)).toBeCloseTo(5.75);
    expect(schedule.over).toBeCloseTo(0.02 + 1 + 2.5 / 1.5);
  });

  test('a seek into the silence between two plays the rest of the silence', () => {
    const { starts } = play([{ start: 2, end: 3, comes: 0 }], 1, 1.8);
    expect(starts[0]?.at).toBeCloseTo(0.22);
    expect(starts[0]?.from).toBe(2);
  });
});
