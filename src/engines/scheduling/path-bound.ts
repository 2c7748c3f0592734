import { orderOf } from './order.ts';
import type { Problem } from './problem.ts';

/**
 * A lower bound of makespan plus weighted cost: every task on its fastest machine, as if each task had one of its own,
 * behind its release and the tasks that it waits for; and every task where it is cheapest.
 */
export function pathBound(problem: Problem, costWeight: number): number {
  const { tasks, machines, times, rates, releases, before } = problem;
  const width = machines.length;
  const end = new Float64Array(tasks.length);
  let makespan = 0;
  let cost = 0;
  for (const task of orderOf(problem)) {
    let fastest = Number.POSITIVE_INFINITY;
    let cheapest = Number.POSITIVE_INFINITY;
    for (let machine = 0; machine < width; machine += 1) {
      const time = times[task * width + machine] as number;
      fastest = Math.min(fastest, time);
      cheapest = Math.min(cheapest, time * (rates[machine] as number));
    }
    let from = releases[task] as number;
    for (const earlier of before[task] ?? []) from = Math.max(from, end[earlier] as number);
    end[task] = from + fastest;
    makespan = Math.max(makespan, end[task] as number);
    cost += cheapest;
  }
  return makespan + costWeight * cost;
}
