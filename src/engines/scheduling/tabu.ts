import { Change } from './change.ts';
import { minMin } from './lists.ts';
import type { Search } from './search.ts';

/**
 * Tabu search (Glover 1989), a change an iteration: of some random ones, the candidate list, that with the least energy
 * which is not tabu. What has left a machine must not come back for a while.
 */
export function* tabu({
  problem,
  options,
  random,
  solution,
  candidates,
  best,
}: Search): Generator<undefined> {
  const { n_candidates: draws } = options;
  const count = problem.tasks.length;
  const { width } = candidates;
  const tenure = options.tenure ?? Math.ceil(Math.sqrt(count) / 2);
  /** For each task and machine the first iteration in which it may go there again. */
  const free = new Int32Array(count * width);
  const drawn = new Change();
  const chosen = new Change();
  solution.assign(minMin(problem));
  best.offer(solution);
  for (let iteration = 1; ; iteration += 1) {
    yield undefined;
    chosen.task = -1;
    for (let draw = 0; draw < draws; draw += 1) {
      if (!drawn.draw(solution, candidates, random)) continue;
      if (chosen.task >= 0 && drawn.rise >= chosen.rise) continue;
      const { task, machine, other } = drawn;
      const from = solution.assignment[task] as number;
      const tabu =
        (free[task * width + machine] as number) > iteration ||
        (other >= 0 && (free[other * width + from] as number) > iteration);
      if (!tabu) chosen.copy(drawn);
    }
    const { task, machine, other } = chosen;
    if (task < 0) continue;
    // Some more or less, so that the search runs in no circle.
    const until = iteration + tenure + random.below(tenure + 1);
    free[task * width + (solution.assignment[task] as number)] = until;
    if (other >= 0) free[other * width + machine] = until;
    chosen.make(solution);
    best.offer(solution);
  }
}
