import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Paces } from '../../../src/progress/pace.ts';
import type { Progress } from '../../../src/protocol/events.ts';
import { record } from './feed.ts';

/** Ms between updates. */
const gaps = (min: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min, max }), { minLength: 1, maxLength: 300 });

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Said {
  readonly time: number;
  readonly fraction: number;
  readonly eta: number | undefined;
}

/** What is said of work whose updates come after these gaps; `gains` are in the same measure as `total`. */
function say(times: readonly number[], gains: readonly number[], total: number): Said[] {
  const paces = new Paces();
  let time = 0;
  let done = 0;
  paces.complete({ fraction: 0 }, 0);
  return times.map((gap, index) => {
    time += gap;
    done += gains[index] ?? 0;
    const fraction = done / total;
    return { time, fraction, eta: paces.complete({ fraction }, time).eta };
  });
}

describe('the time that is left', () => {
  test('is exact at an even pace, whenever the updates come', () => {
    fc.assert(
      fc.property(gaps(1, 20_000), fc.integer({ min: 1, max: 100_000 }), (times, rest) => {
        const length = times.reduce((sum, time) => sum + time, rest);
        for (const { time, eta } of say(times, times, length)) {
          if (eta !== undefined) expect(Math.abs(eta - (length - time) / 1000)).toBeLessThan(1.01);
        }
      }),
    );
  });

  test('is told of all that takes ten seconds, once three are over, and of nothing shorter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 20, max: 1000 }),
        (length, steps) => {
          const gap = (length * 1000) / steps;
          const said = say(Array(steps - 1).fill(gap), Array(steps - 1).fill(1), steps);
          for (const { time, eta } of said) {
            if (length < 10) expect(eta).toBeUndefined();
            // The two updates after the first second may be the first two.
            if (length > 10 && time > Math.max(3000, 1000 + 3 * gap))
              expect(eta).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  test('lies between what the slowest and the fastest stretch would give', () => {
    const step = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 1000 }));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 200 }), (steps) => {
        const times = steps.map(([time]) => time);
        const gains = steps.map(([, gain]) => gain);
        const total = gains.reduce((sum, gain) => sum + gain, 0) * 2;
        const speeds = steps.map(([time, gain]) => gain / time);
        const [least, most] = [Math.min(...speeds), Math.max(...speeds)];
        for (const { fraction, eta } of say(times, gains, total)) {
          if (eta === undefined) continue;
          const left = total * (1 - fraction);
          // An update in the first second is not counted, but its time may be; and seconds are whole.
          expect(eta * 1000).toBeGreaterThanOrEqual((left / most) * 0.999 - 500);
          expect(eta * 1000).toBeLessThanOrEqual((left / least + 1000) * 1.001);
        }
      }),
    );
  });

  test('is steady where steps take half as long or twice as long, at random', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomFrom(seed);
        const times = Array.from({ length: 200 }, () => 500 * 4 ** random());
        const whole = times.reduce((sum, time) => sum + time, 0) / 1000;
        const totals = say(times, Array(200).fill(1), 200)
          .filter(({ fraction }) => fraction > 0.1 && fraction < 1)
          .map(({ time, eta = Number.NaN }) => time / 1000 + eta);
        for (const [index, total] of totals.entries()) {
          // Of 20,000 such phases the worst were off by 0.46 and 0.11, half of them by less than 0.14 and 0.07.
          expect(Math.abs(total - whole) / whole).toBeLessThan(0.6);
          const change = Math.abs(total - (totals[index - 1] ?? total));
          expect(change / whole).toBeLessThan(0.15);
        }
      }),
    );
  });

  test('follows a pace that changes', () => {
    // A minute at full speed, then at a tenth of it.
    const times = [...Array(60).fill(1000), ...Array(600).fill(1000)] as number[];
    const gains = [...Array(60).fill(10), ...Array(600).fill(1)] as number[];
    const said = say(times, gains, 1200);
    const after = said.find(({ time }) => time === 160_000);
    expect(after?.eta).toBeGreaterThan(400 * 0.8);
  });

  test('forgets what was there already', () => {
    const paces = new Paces();
    let eta: number | undefined;
    // Half of it lies in a cache.
    paces.complete({ fraction: 0 }, 0);
    paces.complete({ fraction: 0.5 }, 200);
    for (let second = 1; second <= 10; second += 1) {
      ({ eta } = paces.complete({ fraction: 0.5 + second / 200 }, 200 + second * 1000));
    }
    expect(eta).toBeGreaterThan(80);
  });
});

describe('rate and time left', () => {
  const after = (said: (second: number) => Progress): Progress => {
    const paces = new Paces();
    let last: Progress = {};
    for (let second = 0; second <= 20; second += 1)
      last = paces.complete(said(second), second * 1000);
    return last;
  };

  test('are in units where the program counts, also without an end', () => {
    expect(after((second) => ({ done: second * 4, total: 400, unit: 'it' }))).toEqual({
      done: 80,
      total: 400,
      unit: 'it',
      rate: 4,
      eta: 80,
    });
    expect(after((second) => ({ done: second * 4 }))).toEqual({ done: 80, rate: 4 });
    expect(after((second) => ({ fraction: second / 100 }))).toEqual({ fraction: 0.2, eta: 80 });
  });

  test("are the program's own where it says them", () => {
    const own = { rate: 7, eta: 7 };
    expect(after((second) => ({ done: second, total: 100, ...own }))).toMatchObject(own);
    expect(after((second) => ({ done: second, total: 100, eta: 7 }))).toMatchObject({
      rate: 1,
      eta: 7,
    });
  });

  test('begin anew with a phase, and with a bar that falls', () => {
    const paces = new Paces();
    for (let second = 0; second <= 20; second += 1) {
      paces.complete({ fraction: second / 40, phase: 'one' }, second * 1000);
    }
    expect(paces.complete({ fraction: 0.01, phase: 'two' }, 21_000).eta).toBeUndefined();
    expect(paces.complete({ fraction: 0.01, phase: 'one' }, 22_000).eta).toBeUndefined();
  });

  test('are not told of nothing', () => {
    expect(after(() => ({ phase: 'loading' }))).toEqual({ phase: 'loading' });
    expect(after(() => ({ done: 5, total: 0 }))).toEqual({ done: 5, total: 0 });
    expect(after((second) => ({ fraction: Math.min(1, second / 10) })).eta).toBeUndefined();
  });
});

test('a program that says its percent alone has a time left', async () => {
  const told = record();
  for (let percent = 0; percent <= 50; percent += 1) {
    told.push(`${percent}%\n`);
    told.clock.tick(1000);
  }
  await told.end();
  expect(told.progress.at(-1)).toEqual({ fraction: 0.5, eta: 50 });
});
