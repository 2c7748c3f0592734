import { Change } from './change.ts';
import { descend } from './descent.ts';
import { minMin } from './lists.ts';
import type { Search } from './search.ts';

/** Changes that are looked at at one temperature, for each task. */
const CHAIN = 100;
/** The longest chain, in first ones. */
const LONGEST = 64;

/**
 * Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983), an iteration for each temperature. Cold, it begins anew at
 * the initial temperature with chains that are twice as long. At each temperature a local search looks how good the
 * solutions are that are near; the chain goes on from where it was.
 */
export function* annealing({
  problem,
  options,
  random,
  solution,
  candidates,
  best,
}: Search): Generator<undefined> {
  const { initial_temperature: hot, final_temperature: cold, cooling_rate: cooling } = options;
  const change = new Change();
  const chained = new Int32Array(problem.tasks.length);
  let temperature = hot;
  const shortest = Math.ceil((CHAIN * problem.tasks.length) / solution.lookCost);
  let chain = shortest;
  solution.assign(minMin(problem));
  best.offer(solution);
  yield undefined;
  for (;;) {
    for (let drawn = 0; drawn < chain; drawn += 1) {
      if (!change.draw(solution, candidates, random)) continue;
      const { rise } = change;
      if (rise > 0 && random.next() >= Math.exp(-rise / temperature)) continue;
      change.make(solution);
      best.offer(solution);
    }
    if (options.local_search) {
      chained.set(solution.assignment);
      descend(solution, candidates);
      best.offer(solution);
      solution.assign(chained);
    }
    yield undefined;
    temperature *= cooling;
    if (temperature < cold) {
      temperature = hot;
      chain = Math.min(2 * chain, LONGEST * shortest);
    }
  }
}
