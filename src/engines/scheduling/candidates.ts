import type { Prices } from './prices.ts';
import type { Problem } from './problem.ts';

/** Machines of a task that a search looks at: those that suit it best. */
const MOST = 6;

/** For each task its machines, those with the smallest priced time first. */
export interface Candidates {
  /** How many machines a task has. */
  readonly width: number;
  /** How many of them are worth trying in the hope of something better. */
  readonly near: number;
  /** The machines of task `t` from `t * width` on. */
  readonly machines: Int32Array;
}

export function candidatesOf(
  { tasks, machines, times, rates }: Problem,
  { price }: Prices,
  costWeight: number,
): Candidates {
  const width = machines.length;
  const all = new Int32Array(tasks.length * width);
  const priced = price.map((one, machine) => one + costWeight * (rates[machine] as number));
  const parts = new Float64Array(width);
  const row = Int32Array.from(machines.keys());
  for (let task = 0; task < tasks.length; task += 1) {
    for (let machine = 0; machine < width; machine += 1) {
      parts[machine] = (priced[machine] as number) * (times[task * width + machine] as number);
    }
    row.sort((a, b) => (parts[a] as number) - (parts[b] as number) || a - b);
    all.set(row, task * width);
  }
  return { width, near: Math.min(MOST, width), machines: all };
}
