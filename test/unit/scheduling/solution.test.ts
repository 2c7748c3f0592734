import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderOf } from '../../../src/engines/scheduling/order.ts';
import { pathBound } from '../../../src/engines/scheduling/path-bound.ts';
import { boundOf, findPrices } from '../../../src/engines/scheduling/prices.ts';
import type { Problem } from '../../../src/engines/scheduling/problem.ts';
import { type Solution, solutionOf } from '../../../src/engines/scheduling/solution.ts';
import { costOf } from '../../../src/engines/scheduling/timed.ts';
import { timetableOf } from '../../../src/engines/scheduling/timetable.ts';
import { assignmentsOf, CLASSIC, classic, ordered, small } from './instances.ts';

const WEIGHTS = fc.constantFrom(0, 0.5);
const CLOSE = 9;

/** Changes, each by numbers that are taken modulo what there is. */
const changes = fc.array(fc.record({ swap: fc.boolean(), task: fc.nat(), other: fc.nat() }), {
  maxLength: 20,
});

function make(problem: Problem, weight: number): Solution {
  return solutionOf(problem, findPrices(problem, weight), weight);
}

test.for([
  ['independent tasks', small],
  ['tasks that wait', ordered],
] as const)('a change of %s gives what it was valued at', ([, problems]) => {
  fc.assert(
    fc.property(problems, WEIGHTS, changes, (problem, weight, list) => {
      const solution = make(problem, weight);
      const fresh = make(problem, weight);
      for (const { swap, task: anyTask, other: any } of list) {
        const task = anyTask % problem.tasks.length;
        const other = any % (swap ? problem.tasks.length : problem.machines.length);
        const here = solution.assignment[task];
        if (here === (swap ? solution.assignment[other] : other)) continue;
        const value = swap ? solution.valueOfSwap(task, other) : solution.valueOfMove(task, other);
        if (swap) solution.swap(task, other);
        else solution.move(task, other);
        fresh.assign(solution.assignment);
        expect(solution.value).toBeCloseTo(value, CLOSE);
        expect(fresh.value).toBeCloseTo(value, CLOSE);
        const order = orderOf(problem);
        const { makespan, end } = timetableOf(problem, solution.assignment, order);
        expect(value).toBeCloseTo(makespan + weight * costOf(problem, solution.assignment), CLOSE);
        // The critical machine has a task that ends last, but when nothing takes any time.
        if (makespan > 0) {
          const last = solution.tasks[solution.critical];
          const ends = [...(last?.items.slice(0, last.length) ?? [])].map((one) => end[one] ?? 0);
          expect(Math.max(...ends)).toBeCloseTo(makespan, CLOSE);
        }
        const listed = solution.tasks.flatMap(({ items, length }) => [...items.slice(0, length)]);
        expect(listed.sort((a, b) => a - b)).toEqual([...problem.tasks.keys()]);
      }
    }),
  );
});

test('a round of changes leaves the energy as it was', () => {
  fc.assert(
    fc.property(small, WEIGHTS, fc.nat(), fc.nat(), fc.nat(), (problem, weight, a, b, c) => {
      const solution = make(problem, weight);
      const task = a % problem.tasks.length;
      const [first, second] = [b % problem.machines.length, c % problem.machines.length];
      let sum = 0;
      for (const machine of [first, second, solution.assignment[task] as number]) {
        if (machine === solution.assignment[task]) continue;
        sum += solution.energyOfMove(task, machine);
        solution.move(task, machine);
      }
      const back = solution.assignment[task];
      if (back !== 0) {
        sum += solution.energyOfMove(task, 0);
        solution.move(task, 0);
      }
      expect(sum).toBeCloseTo(0, CLOSE);
    }),
  );
});

test.for([
  ['independent tasks', small],
  ['tasks that wait', ordered],
] as const)('no schedule of %s is better than the bounds', ([, problems]) => {
  fc.assert(
    fc.property(problems, WEIGHTS, (problem, weight) => {
      const prices = findPrices(problem, weight);
      const bound = Math.max(prices.bound, pathBound(problem, weight));
      const solution = make(problem, weight);
      let best = Number.POSITIVE_INFINITY;
      for (const assignment of assignmentsOf(problem)) {
        solution.assign(assignment);
        best = Math.min(best, solution.value);
      }
      expect(bound).toBeLessThanOrEqual(best * (1 + 1e-9) + 1e-9);
    }),
    { numRuns: 60 },
  );
});

test('any prices give a bound, and the best ones that of the linear relaxation', () => {
  for (const { name, bound } of CLASSIC) {
    const problem = classic(name);
    const equal = new Float64Array(16).fill(1 / 16);
    expect(boundOf(problem, equal, 0)).toBeLessThan(bound);
    expect(findPrices(problem, 0).bound / bound).toBeCloseTo(1, 4);
  }
});

test('the order keeps what comes before, then follows releases and priorities', () => {
  fc.assert(
    fc.property(ordered, (problem) => {
      const order = [...orderOf(problem)];
      expect([...order].sort((a, b) => a - b)).toEqual([...problem.tasks.keys()]);
      problem.before.forEach((earlier, task) => {
        for (const one of earlier) expect(order.indexOf(one)).toBeLessThan(order.indexOf(task));
      });
    }),
  );
});
