import { descend } from './descent.ts';
import { minMin } from './lists.ts';
import type { Search } from './search.ts';

interface Individual {
  readonly genes: Int32Array;
  readonly value: number;
}

/**
 * A genetic algorithm as Braun and others (2001) use it for this problem: a gene for each task, its machine. One of
 * the first population comes from Min-min. A generation keeps its best individual; parents are found by tournament,
 * crossed uniformly, and some genes of a child mutate. With local search the best child of a generation is improved.
 */
export function* genetic({
  problem,
  options,
  random,
  solution,
  candidates,
  best,
}: Search): Generator<number> {
  const { population_size: size, tournament_size: rounds, local_search: local } = options;
  const { crossover_rate: crossing, mutation_rate: mutating } = options;
  const count = problem.tasks.length;
  const { machines, width, near } = candidates;
  const anyMachine = (task: number): number =>
    machines[task * width + random.below(near)] as number;
  const valued = (genes: Int32Array): Individual => {
    solution.assign(genes);
    best.offer(solution);
    return { genes, value: solution.value };
  };
  let population = [valued(minMin(problem))];
  while (population.length < size) {
    population.push(valued(Int32Array.from({ length: count }, (_, task) => anyMachine(task))));
  }
  const parent = (): Individual => {
    let chosen = population[random.below(size)] as Individual;
    for (let round = 1; round < rounds; round += 1) {
      const other = population[random.below(size)] as Individual;
      if (other.value < chosen.value) chosen = other;
    }
    return chosen;
  };
  for (;;) {
    const children: Individual[] = [fittest(population)];
    while (children.length < size) {
      const [mother, father] = [parent(), parent()];
      const genes = mother.genes.slice();
      const crossed = random.next() < crossing;
      for (let task = 0; task < count; task += 1) {
        if (crossed && random.next() < 0.5) genes[task] = father.genes[task] as number;
        if (random.next() < mutating) genes[task] = anyMachine(task);
      }
      children.push(valued(genes));
    }
    population = children;
    if (local) {
      // The first one was improved before.
      const child = population.indexOf(fittest(population.slice(1)));
      solution.assign((population[child] as Individual).genes);
      descend(solution, candidates);
      best.offer(solution);
      population[child] = { genes: solution.assignment.slice(), value: solution.value };
    }
    yield population.reduce((sum, { value }) => sum + value, 0) / size;
  }
}

function fittest(population: readonly Individual[]): Individual {
  return population.reduce((best, one) => (one.value < best.value ? one : best));
}
