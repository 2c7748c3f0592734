import type { Contest, Searching } from './contest.ts';

/** What curves are drawn against. */
export type Against = 'seconds' | 'iteration';

/** The first part of the axis, of which the curves may leave the drawing above: it hides the rest otherwise. */
const STEEP = 0.03;
/** Room above the highest value, and below the lowest for the name of the bound, as shares of what is between them. */
const ABOVE = 0.06;
const BELOW = 0.14;

/** Where curves stand, one for each item: places on the axis and values. What has ended goes on to the end. */
export function curvesOf(
  { items }: Contest,
  against: Against,
): readonly { readonly at: readonly number[]; readonly best: readonly number[] }[] {
  const end = endOf(items, against);
  return items.map(({ curve: { points, last }, state }) => {
    const over = state !== 'running' && (points.at(-1)?.[against] ?? end) < end;
    return {
      at: [...points.map((point) => point[against]), ...(over ? [end] : [])],
      best: [...points.map(({ best }) => best), ...(over ? [last.best] : [])],
    };
  });
}

/** The last place of the axis. */
export function endOf(items: readonly Searching[], against: Against): number {
  return Math.max(...items.map(({ curve }) => curve.points.at(-1)?.[against] ?? 0));
}

/** The values that are shown: from the bound to where the curves are when their steep beginning is over. */
export function rangeOf({ items, bound }: Contest, against: Against): [number, number] {
  const bests = items.map(({ curve }) => curve.last.best);
  const least = Math.min(bound ?? Number.POSITIVE_INFINITY, ...bests);
  const from = STEEP * endOf(items, against);
  const most = Math.max(...items.map((item) => valueAt(item, against, from)));
  const span = most - least || Math.abs(most) || 1;
  return [least - span * BELOW, most + span * ABOVE];
}

/** The best that an item had found at a place of the axis. */
export function valueAt({ curve }: Searching, against: Against, place: number): number {
  const point = curve.points.findLast((one) => one[against] <= place) ?? curve.points[0];
  return point?.best ?? curve.last.best;
}
