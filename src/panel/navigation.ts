import type { ItemState, RunState } from '../protocol/state.ts';
import type { ShownRun } from './search.ts';

/** A row of the tree: an item of a run, or with item 0 the run itself. */
export interface Row {
  readonly run: string;
  readonly item: number;
}

/** A row as a key of what is remembered. */
export function keyOfRow({ run, item }: Row): string {
  return `${item}/${run}`;
}

/** What is remembered of the rows of runs that are still there. */
export function ofRuns<T>(
  remembered: ReadonlyMap<string, T>,
  runs: readonly RunState[],
): Readonly<Record<string, T>> {
  const known = new Set(runs.map(({ run }) => run.id));
  const kept = [...remembered].filter(([key]) => known.has(key.slice(key.indexOf('/') + 1)));
  return Object.fromEntries(kept);
}

export type Move = 'previous' | 'next' | 'first' | 'last';

/** The row that a key leads to, as in VS Code's own trees; `undefined` when there is none. */
export function moveRow(
  runs: readonly ShownRun[],
  isExpanded: (state: RunState) => boolean,
  from: Row,
  move: Move,
): Row | undefined {
  const lengths = runs.map(({ state, items }) => 1 + (isExpanded(state) ? items.length : 0));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let at = 0;
  if (move === 'last') at = total - 1;
  if (move === 'previous' || move === 'next') {
    const index = Math.max(
      0,
      runs.findIndex(({ state }) => state.run.id === from.run),
    );
    const before = lengths.slice(0, index).reduce((sum, length) => sum + length, 0);
    const here = from.item === 0 ? 0 : 1 + indexOfItem(runs[index]?.items ?? [], from.item);
    at = before + here + (move === 'next' ? 1 : -1);
  }
  return rowAt(runs, lengths, Math.min(total - 1, Math.max(0, at)));
}

/** Where the item of a number stands among items that are in order of their numbers; -1 when it does not. */
export function indexOfItem(items: readonly ItemState[], number: number): number {
  let low = 0;
  let high = items.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = items[middle]?.item ?? 0;
    if (found === number) return middle;
    if (found < number) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function rowAt(runs: readonly ShownRun[], lengths: readonly number[], at: number): Row | undefined {
  let left = at;
  for (const [index, { state, items }] of runs.entries()) {
    const length = lengths[index] ?? 0;
    if (left < length) {
      return { run: state.run.id, item: left === 0 ? 0 : (items[left - 1]?.item ?? 0) };
    }
    left -= length;
  }
  return undefined;
}
