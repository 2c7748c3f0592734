import type { Candidates } from './candidates.ts';
import { Change } from './change.ts';
import type { Solution } from './solution.ts';

/** Gains smaller than this share of the value are rounding. */
const LEAST_GAIN = 1e-12;
/** Changes that are looked at; fewer where one takes longer. About a tenth of a second. */
const LOOKS = 1_000_000;

/**
 * Local search: as long as it makes the value smaller, the best move of a task of the machine that ends last, or the
 * best swap with it.
 */
export function descend(solution: Solution, candidates: Candidates): void {
  const best = new Change();
  const end = solution.evaluations + LOOKS / solution.lookCost;
  while (solution.evaluations < end) {
    const value = bestChange(solution, candidates, end, best);
    if (value >= solution.value * (1 - LEAST_GAIN)) return;
    best.make(solution);
  }
}

/** Finds the best change of those that are looked at until so many evaluations; gives the value behind it. */
function bestChange(
  solution: Solution,
  { machines, width, near }: Candidates,
  end: number,
  best: Change,
): number {
  const { critical, tasks } = solution;
  const mine = tasks[critical];
  let least = Number.POSITIVE_INFINITY;
  if (mine === undefined) return least;
  for (let place = 0; place < mine.length && solution.evaluations < end; place += 1) {
    const task = mine.items[place] as number;
    for (let rank = 0; rank < near; rank += 1) {
      const machine = machines[task * width + rank] as number;
      const theirs = tasks[machine];
      if (machine === critical || theirs === undefined) continue;
      for (let index = -1; index < theirs.length; index += 1) {
        const other = index < 0 ? -1 : (theirs.items[index] as number);
        const value =
          other < 0 ? solution.valueOfMove(task, machine) : solution.valueOfSwap(task, other);
        if (value >= least) continue;
        least = value;
        best.task = task;
        best.machine = machine;
        best.other = other;
      }
    }
  }
  return least;
}
