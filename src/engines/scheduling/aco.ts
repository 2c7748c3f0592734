import { descend } from './descent.ts';
import { orderOf } from './order.ts';
import { isIndependent } from './problem.ts';
import type { Search } from './search.ts';
import { shuffle } from './shuffle.ts';

/** Least share of the most pheromone that stays on a way. */
const LEAST_PHEROMONE = 0.005;
/** Of the mean time: a task may take no time at all. */
const LEAST_END = 1e-6;

/**
 * Ant colony optimisation as a MAX-MIN ant system (Stützle and Hoos 2000). An ant gives the tasks to machines one
 * after the other, by chance: a machine is the likelier, the more pheromone lies on it for this task, and the earlier
 * the task would end there. The best ant of the iteration, after a local search if that is wanted, and the best one so
 * far in every fifth iteration, lay pheromone.
 */
export function* aco({
  problem,
  options,
  random,
  solution,
  candidates,
  best,
}: Search): Generator<number> {
  const { n_ants: ants, alpha, beta, evaporation, local_search: local } = options;
  const { times } = problem;
  // Powers of a time in any unit may be too large or too small for a number.
  const scale = times.reduce((sum, time) => sum + time, 0) / times.length || 1;
  const [count, width] = [problem.tasks.length, problem.machines.length];
  const pheromone = new Float64Array(count * width).fill(1);
  const attraction = new Float64Array(count * width).fill(1);
  const order = orderOf(problem);
  const anyOrder = isIndependent(problem);
  const ant = new Int32Array(count);
  const found = new Int32Array(count);
  const free = new Float64Array(width);
  const chances = new Float64Array(width);
  for (let iteration = 1; ; iteration += 1) {
    let sum = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let number = 0; number < ants; number += 1) {
      if (anyOrder) shuffle(order, random);
      free.fill(0);
      for (const task of order) {
        let total = 0;
        for (let machine = 0; machine < width; machine += 1) {
          const at = task * width + machine;
          const end = (free[machine] as number) + (times[at] as number);
          total += (attraction[at] as number) / (end / scale + LEAST_END) ** beta;
          chances[machine] = total;
        }
        const machine = drawn(chances, random.next() * total);
        free[machine] = (free[machine] as number) + (times[task * width + machine] as number);
        ant[task] = machine;
      }
      solution.assign(ant);
      sum += solution.value;
      if (solution.value >= least) continue;
      least = solution.value;
      found.set(ant);
    }
    solution.assign(found);
    if (local) descend(solution, candidates);
    best.offer(solution);
    const laying = iteration % 5 === 0 ? best.assignment : solution.assignment;
    for (let at = 0; at < pheromone.length; at += 1) {
      pheromone[at] = Math.max(LEAST_PHEROMONE, (pheromone[at] as number) * (1 - evaporation));
    }
    for (let task = 0; task < count; task += 1) {
      const at = task * width + (laying[task] as number);
      pheromone[at] = Math.min(1, (pheromone[at] as number) + evaporation);
    }
    for (let at = 0; at < pheromone.length; at += 1) {
      attraction[at] = (pheromone[at] as number) ** alpha;
    }
    yield sum / ants;
  }
}

/** The first machine whose sum of chances reaches what was drawn. */
function drawn(chances: Float64Array, draw: number): number {
  let machine = 0;
  while (machine < chances.length - 1 && (chances[machine] as number) < draw) machine += 1;
  return machine;
}
