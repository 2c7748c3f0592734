import { expect, test } from 'vitest';
import {
  ALGORITHMS,
  type AlgorithmName,
  type ScheduleOptions,
  scheduleOptions,
} from '../../../src/batch/uses/schedule.ts';
import { ALGORITHM } from '../../../src/engines/scheduling/algorithms.ts';
import { candidatesOf } from '../../../src/engines/scheduling/candidates.ts';
import { findPrices } from '../../../src/engines/scheduling/prices.ts';
import type { Problem } from '../../../src/engines/scheduling/problem.ts';
import { Random } from '../../../src/engines/scheduling/random.ts';
import { Best } from '../../../src/engines/scheduling/search.ts';
import { solutionOf } from '../../../src/engines/scheduling/solution.ts';
import { assignmentsOf, CLASSIC, classic, problemWith } from './instances.ts';

const SEARCHES = ['SA', 'TABU', 'GA', 'ACO', 'PSO'] as const;

/** What an algorithm has found after so many iterations, or when it has ended. */
function found(
  problem: Problem,
  algorithm: AlgorithmName,
  iterations: number,
  more: Partial<ScheduleOptions> = {},
) {
  const options = scheduleOptions.parse({ algorithm, ...more });
  const prices = findPrices(problem, options.cost_weight);
  const solution = solutionOf(problem, prices, options.cost_weight);
  const best = new Best(problem.tasks.length);
  const means: (number | undefined)[] = [];
  for (const mean of ALGORITHM[algorithm]({
    problem,
    options,
    random: new Random(options.seed),
    solution,
    candidates: candidatesOf(problem, prices, options.cost_weight),
    best,
  })) {
    means.push(mean);
    if (means.length === iterations) break;
  }
  return { value: best.value, assignment: [...best.assignment], means, bound: prices.bound };
}

test.for(CLASSIC)('Min-min of $name is that of the literature', ({ name, minMin }) => {
  expect(found(classic(name), 'MIN_MIN', 1).value).toBeCloseTo(minMin, 1);
});

test('the other rules do what their names say', () => {
  // One long task and four short ones on two machines, of which the second is slower.
  const problem = problemWith([
    [10, 14],
    [4, 5],
    [4, 5],
    [4, 5],
    [4, 5],
  ]);
  const of = (name: AlgorithmName) => found(problem, name, 1).assignment;
  expect(of('ROUND_ROBIN')).toEqual([0, 1, 0, 1, 0]);
  // Each to the machine that is free first, however slow it is there.
  expect(of('FCFS')).toEqual([0, 1, 1, 0, 1]);
  expect(of('MAX_MIN')[0]).toBe(0);
  expect(found(problem, 'MAX_MIN', 1).value).toBe(15);
  expect(found(problem, 'MIN_MIN', 1).value).toBe(18);
});

test('Sufferage gives a machine to the task that suffers most without it', () => {
  const problem = problemWith([
    [5, 6],
    [5, 50],
  ]);
  expect(found(problem, 'SUFFERAGE', 1)).toMatchObject({ assignment: [1, 0], value: 6 });
});

test('HEFT begins with the task that most of the time waits behind', () => {
  // The third one is long, and the last waits for it and for the second.
  const problem = problemWith(
    [
      [2, 2],
      [3, 3],
      [10, 10],
      [4, 4],
    ],
    { before: [[], [], [], [1, 2]] },
  );
  expect(found(problem, 'HEFT', 1)).toMatchObject({ assignment: [1, 1, 0, 0], value: 14 });
});

test.for(SEARCHES)('%s finds the best of a small problem', (name) => {
  const problem = problemWith([
    [13, 17, 9],
    [8, 12, 20],
    [15, 6, 11],
    [7, 7, 7],
    [19, 14, 16],
    [5, 9, 10],
    [12, 11, 18],
  ]);
  const prices = findPrices(problem, 0);
  const solution = solutionOf(problem, prices, 0);
  let least = Number.POSITIVE_INFINITY;
  for (const assignment of assignmentsOf(problem)) {
    solution.assign(assignment);
    least = Math.min(least, solution.value);
  }
  expect(found(problem, name, name === 'TABU' ? 3000 : 100).value).toBe(least);
});

test.for(SEARCHES)('%s: the same seed gives the same result, another one another', (name) => {
  const problem = classic('u_i_lolo.0');
  const run = (seed: number) => found(problem, name, 12, { seed });
  expect(run(7)).toEqual(run(7));
  expect(run(8).assignment).not.toEqual(run(7).assignment);
});

test.for(SEARCHES)('%s works on tasks that wait, and on costs', (name) => {
  const problem = problemWith(
    [
      [4, 6],
      [5, 3],
      [6, 6],
      [2, 9],
    ],
    {
      before: [[], [0], [0], [1, 2]],
      transfers: Float64Array.from([2, 1, 1, 0]),
      rates: Float64Array.from([3, 1]),
    },
  );
  const iterations = name === 'TABU' ? 500 : 50;
  const fast = found(problem, name, iterations);
  const solution = solutionOf(problem, findPrices(problem, 1), 1);
  let least = Number.POSITIVE_INFINITY;
  for (const assignment of assignmentsOf(problem)) {
    solution.assign(assignment);
    least = Math.min(least, solution.value);
  }
  expect(found(problem, name, iterations, { cost_weight: 1 }).value).toBe(least);
  expect(fast.value).toBeLessThan(least);
});

test.for(CLASSIC)(
  'annealing of $name is better than Min-min and not better than the bound',
  ({ name, minMin, bound }) => {
    const { value } = found(classic(name), 'SA', 20);
    expect(value).toBeLessThan(minMin);
    expect(value).toBeGreaterThanOrEqual(bound);
  },
);

test.for(['GA', 'ACO', 'PSO'] as const)('%s says the mean of each iteration', (name) => {
  const { means, value } = found(classic('u_i_lolo.0'), name, 5);
  for (const mean of means) expect(mean).toBeGreaterThanOrEqual(value);
});

test.for(ALGORITHMS)('%s takes one task on one machine', (name) => {
  expect(found(problemWith([[10]]), name, 3).value).toBe(10);
});
