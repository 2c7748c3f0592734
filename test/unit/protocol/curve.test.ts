import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Curve, extendCurve, gapOf } from '../../../src/protocol/curve.ts';
import type { Iteration } from '../../../src/protocol/events.ts';

function curveOf(iterations: readonly Iteration[]): Curve {
  const curve = iterations.reduce<Curve | undefined>(
    (before, iteration) => extendCurve(before, 0, iteration),
    undefined,
  );
  if (curve === undefined) throw new Error('There are no iterations.');
  return curve;
}

/** The best of each iteration, from 1, as a search may tell them. */
function told(bests: readonly number[]): Iteration[] {
  return bests.map((best, index) => ({ iteration: index + 1, best, seconds: index / 10 }));
}

test('a short curve is kept as it is', () => {
  expect(curveOf(told([9, 7, 4])).points.map(({ best }) => best)).toEqual([9, 7, 4]);
});

test('of a plateau the two ends are kept', () => {
  const { points } = curveOf(told([9, 9, 9, 9, 5, 5, 5]));
  expect(points.map(({ iteration, best }) => [iteration, best])).toEqual([
    [1, 9],
    [4, 9],
    [5, 5],
    [7, 5],
  ]);
});

test('something better within an iteration moves its point', () => {
  const { points } = curveOf([...told([9, 8]), { iteration: 2, best: 3, seconds: 1 }]);
  expect(points).toEqual([
    { iteration: 1, best: 9, seconds: 0 },
    { iteration: 2, best: 3, seconds: 1 },
  ]);
});

test('another step begins another curve', () => {
  const first = curveOf(told([9, 7]));
  const second = extendCurve(first, 1, { iteration: 1, best: 100, seconds: 0 });
  expect(second).toMatchObject({ step: 1, points: [{ best: 100 }] });
});

test('a long curve keeps its ends and its shape in at most 400 points', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 401, max: 3000 }),
      fc.integer({ min: 1, max: 9 }),
      (count, power) => {
        const height = (index: number): number => 1000 / (1 + index / 50) ** (power / 3);
        const iterations = told(Array.from({ length: count }, (_, index) => height(index)));
        const { points, last } = curveOf(iterations);
        expect(points.length).toBeLessThanOrEqual(400);
        expect(points[0]).toEqual(iterations[0]);
        expect(points.at(-1)).toEqual(iterations.at(-1));
        expect(last).toEqual(iterations.at(-1));
        // Nowhere is a straight line between two points far from the curve.
        const all = height(0) - height(count - 1);
        for (let index = 1; index < points.length; index += 1) {
          const [a, b] = [points[index - 1], points[index]];
          if (a === undefined || b === undefined) continue;
          const middle = Math.floor((a.iteration + b.iteration) / 2);
          const share = (middle - a.iteration) / (b.iteration - a.iteration);
          const line = a.best + share * (b.best - a.best);
          expect(Math.abs(line - height(middle - 1))).toBeLessThan(all / 20);
        }
      },
    ),
    { numRuns: 20 },
  );
});

test('the gap is what is above the bound', () => {
  expect(gapOf({ best: 110, bound: 100 })).toBeCloseTo(0.1);
  expect(gapOf({ best: 110 })).toBeUndefined();
  expect(gapOf({ best: 0, bound: 0 })).toBeUndefined();
  // Rounding makes no schedule better than can be.
  expect(gapOf({ best: 99.9999999999, bound: 100 })).toBe(0);
});
