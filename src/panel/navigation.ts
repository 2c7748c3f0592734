import type { RunState } from '../protocol/state.ts';

/** A row of the tree: an item of a run, or with item 0 the run itself. */
export interface Row {
  readonly run: string;
  readonly item: number;
}

export type Move = 'previous' | 'next' | 'first' | 'last';

/** The row that a key leads to, as in VS Code's own trees; `undefined` when there is none. */
export function moveRow(
  runs: readonly RunState[],
  isExpanded: (state: RunState) => boolean,
  from: Row,
  move: Move,
): Row | undefined {
  const lengths = runs.map((state) => 1 + (isExpanded(state) ? state.items.length : 0));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let at = 0;
  if (move === 'last') at = total - 1;
  if (move === 'previous' || move === 'next') {
    const index = runs.findIndex((state) => state.run.id === from.run);
    const before = lengths.slice(0, Math.max(0, index)).reduce((sum, length) => sum + length, 0);
    at = before + from.item + (move === 'next' ? 1 : -1);
  }
  return rowAt(runs, lengths, Math.min(total - 1, Math.max(0, at)));
}

function rowAt(runs: readonly RunState[], lengths: readonly number[], at: number): Row | undefined {
  let left = at;
  for (const [index, state] of runs.entries()) {
    const length = lengths[index] ?? 0;
    if (left < length) return { run: state.run.id, item: left };
    left -= length;
  }
  return undefined;
}
