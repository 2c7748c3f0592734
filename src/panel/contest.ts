import { type Curve, gapOf } from '../protocol/curve.ts';
import type { ItemState, RunState } from '../protocol/state.ts';
import { baseName } from './kinds.ts';
import { visible } from './visible.ts';

/** An item that looks for better and better solutions. */
export interface Searching extends ItemState {
  readonly curve: Curve;
}

/** Items of a run that look for solutions of the same problem: their curves belong into one drawing. */
export interface Contest {
  /** What tells it from the others of its run. */
  readonly id: string;
  /** The name of the problem's file, or the title of its one item. */
  readonly name: string;
  readonly items: readonly Searching[];
  /** The one that has found the best. */
  readonly leader: Searching;
  /** No solution is better; proven. */
  readonly bound: number | undefined;
  /** What is compared, in the order in which it stands: each has its own colour. */
  readonly series: readonly string[];
}

/** The problems that a run solves, in the order of its items. */
export function contestsOf({ items }: RunState): readonly Contest[] {
  const groups = new Map<string, [Searching, ...Searching[]]>();
  for (const item of items) {
    if (!isSearching(item)) continue;
    const problem = problemOf(item);
    const group = groups.get(problem);
    if (group === undefined) groups.set(problem, [item]);
    else group.push(item);
  }
  return [...groups].map(([id, group]) => {
    const [first] = group;
    const bounds = group.flatMap(({ curve }) => curve.last.bound ?? []);
    const file = fileOf(first);
    return {
      id,
      name: visible(file === undefined ? first.title : baseName(file)),
      items: group,
      leader: group.reduce((best, item) =>
        item.curve.last.best < best.curve.last.best ? item : best,
      ),
      bound: bounds.length === 0 ? undefined : Math.max(...bounds),
      series: [...new Set(group.map(seriesOf))],
    };
  });
}

/** What stands for an item in a comparison. */
export function seriesOf({ curve, title }: Searching): string {
  return visible(curve.last.series ?? title);
}

/** How what is compared stands, over all its items. */
export interface Standing {
  readonly series: string;
  /** How many items. */
  readonly count: number;
  readonly best: number;
  readonly mean: number;
  /** By how much the mean is above the bound, as a share of it. */
  readonly gap: number | undefined;
}

/** The best first, by the mean. */
export function standingsOf({ items, series, bound }: Contest): readonly Standing[] {
  const standings = series.map((name) => {
    const bests = items
      .filter((item) => seriesOf(item) === name)
      .map(({ curve }) => curve.last.best);
    const mean = bests.reduce((sum, best) => sum + best, 0) / bests.length;
    const gap = gapOf({ best: mean, ...(bound === undefined ? {} : { bound }) });
    return { series: name, count: bests.length, best: Math.min(...bests), mean, gap };
  });
  return standings.sort((a, b) => a.mean - b.mean);
}

function isSearching(item: ItemState): item is Searching {
  return item.curve !== undefined;
}

function problemOf(item: Searching): string {
  return fileOf(item) ?? `item ${item.item}`;
}

/** The file of the problem; `undefined` for one that is written where the item is. */
function fileOf({ input, source }: Searching): string | undefined {
  return input ?? (source?.line === undefined ? source?.file : undefined);
}
