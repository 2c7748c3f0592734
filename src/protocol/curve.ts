import type { Iteration } from './events.ts';

/** Points of a curve that a state keeps. */
const POINTS_KEPT = 400;

interface CurvePoint {
  readonly iteration: number;
  readonly seconds: number;
  readonly best: number;
}

/** How the best solution of a step got better. */
export interface Curve {
  /** Index of the step that it is of. */
  readonly step: number;
  readonly last: Iteration;
  /** The first and the last point, and between them those that give the curve its shape. */
  readonly points: readonly CurvePoint[];
}

/** By how much a value is above its bound, as a share of the bound; `undefined` where none is proven. */
export function gapOf({ best, bound }: Pick<Iteration, 'best' | 'bound'>): number | undefined {
  return bound === undefined || bound <= 0 ? undefined : Math.max(0, best / bound - 1);
}

/** The curve after one more iteration. Pure. */
export function extendCurve(before: Curve | undefined, step: number, last: Iteration): Curve {
  const { iteration, seconds, best } = last;
  const points = before?.step === step ? [...before.points] : [];
  // Another best of the same iteration, or more of the same plateau, moves the last point.
  const [beforeLast, lastPoint] = [points.at(-2), points.at(-1)];
  const again = lastPoint?.iteration === iteration;
  const plateau = lastPoint?.best === best && beforeLast?.best === best;
  if (again || plateau) points.pop();
  points.push({ iteration, seconds, best });
  if (points.length > POINTS_KEPT) points.splice(leastSeen(points), 1);
  return { step, last, points };
}

/**
 * The inner point that a drawing misses least: the one whose triangle with its neighbours is the smallest
 * (Visvalingam and Whyatt 1993). Which one it is does not depend on the scales of the axes.
 */
function leastSeen(points: readonly CurvePoint[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  let found = 1;
  for (let index = 1; index < points.length - 1; index += 1) {
    const [a, b, c] = [points[index - 1], points[index], points[index + 1]];
    if (a === undefined || b === undefined || c === undefined) continue;
    const area = Math.abs(
      (b.iteration - a.iteration) * (c.best - a.best) -
        (c.iteration - a.iteration) * (b.best - a.best),
    );
    if (area >= smallest) continue;
    smallest = area;
    found = index;
  }
  return found;
}
