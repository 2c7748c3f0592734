import type { Problem } from './problem.ts';

/** When each task begins and ends, and the makespan: when the last one ends. */
export interface Timetable {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly makespan: number;
}

/**
 * The timetable of an assignment: the tasks in this order, each on its machine as soon as that is free, the task is
 * released, and what comes before it has ended and its result is there.
 */
export function timetableOf(
  problem: Problem,
  assignment: ArrayLike<number>,
  order: ArrayLike<number>,
): Timetable {
  const { tasks, machines, times, releases, before, transfers } = problem;
  const width = machines.length;
  const start = new Float64Array(tasks.length);
  const end = new Float64Array(tasks.length);
  const free = new Float64Array(width);
  let makespan = 0;
  for (let place = 0; place < order.length; place += 1) {
    const task = order[place] as number;
    const machine = assignment[task] as number;
    let from = Math.max(free[machine] as number, releases[task] as number);
    for (const earlier of before[task] as readonly number[]) {
      const way = assignment[earlier] === machine ? 0 : (transfers[earlier] as number);
      from = Math.max(from, (end[earlier] as number) + way);
    }
    const to = from + (times[task * width + machine] as number);
    start[task] = from;
    end[task] = to;
    free[machine] = to;
    if (to > makespan) makespan = to;
  }
  return { start, end, makespan };
}
