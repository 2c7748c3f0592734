import { arrivalOrder, byRank } from './order.ts';
import type { Problem } from './problem.ts';

/**
 * Heuristics that give one task after the other to a machine and take nothing back. Each gives the machine of
 * every task.
 */

/** A schedule that grows task by task. */
class Growing {
  readonly assignment: Int32Array;
  readonly free: Float64Array;
  readonly #problem: Problem;
  readonly #end: Float64Array;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.assignment = new Int32Array(problem.tasks.length);
    this.free = new Float64Array(problem.machines.length);
    this.#end = new Float64Array(problem.tasks.length);
  }

  /** When a task would end on a machine. What comes before it has been put. */
  endOf(task: number, machine: number): number {
    const { times, releases, before, transfers, machines } = this.#problem;
    let from = Math.max(this.free[machine] as number, releases[task] as number);
    for (const earlier of before[task] ?? []) {
      const way = this.assignment[earlier] === machine ? 0 : (transfers[earlier] as number);
      from = Math.max(from, (this.#end[earlier] as number) + way);
    }
    return from + (times[task * machines.length + machine] as number);
  }

  put(task: number, machine: number): void {
    const end = this.endOf(task, machine);
    this.#end[task] = end;
    this.free[machine] = end;
    this.assignment[task] = machine;
  }
}

/** The tasks in order, over and over to the first, the second, ... the last machine. */
export function roundRobin(problem: Problem): Int32Array {
  const growing = new Growing(problem);
  const order = arrivalOrder(problem);
  for (const [place, task] of order.entries()) growing.put(task, place % problem.machines.length);
  return growing.assignment;
}

/** First come, first served: each task in order to the machine that is free first. */
export function firstCome(problem: Problem): Int32Array {
  const growing = new Growing(problem);
  for (const task of arrivalOrder(problem)) growing.put(task, indexOfLeast(growing.free));
  return growing.assignment;
}

/** Each task by upward rank to the machine where it ends first: HEFT without filling gaps. */
export function heft(problem: Problem): Int32Array {
  const growing = new Growing(problem);
  for (const task of byRank(problem)) growing.put(task, firstEnds(growing, task).machine);
  return growing.assignment;
}

/** Where a task would end first, when, and when it would on the next best machine. */
interface Ends {
  readonly machine: number;
  readonly first: number;
  readonly second: number;
  readonly next: number;
}

/** By what a heuristic chooses the next task: the one for which this is the largest. */
type Choice = (ends: Ends) => number;

/** The task that can end first (Ibarra and Kim 1977). */
export const minMin = (problem: Problem): Int32Array => grow(problem, ({ first }) => -first);

/** The task whose first end is the last one. */
export const maxMin = (problem: Problem): Int32Array => grow(problem, ({ first }) => first);

/** The task that would suffer most if it did not get its machine (Maheswaran and others 1999). */
export const sufferage = (problem: Problem): Int32Array =>
  grow(problem, ({ first, second }) => second - first);

function grow(problem: Problem, choice: Choice): Int32Array {
  const growing = new Growing(problem);
  const { tasks, before } = problem;
  const behind: number[][] = tasks.map(() => []);
  const missing = Int32Array.from(before, ({ length }) => length);
  before.forEach((earlier, task) => {
    for (const one of earlier) behind[one]?.push(task);
  });
  const ready = new Map<number, Ends>();
  const admit = (task: number): void => void ready.set(task, firstEnds(growing, task));
  missing.forEach((count, task) => {
    if (count === 0) admit(task);
  });
  while (ready.size > 0) {
    const [task, { machine }] = largest(ready, choice);
    ready.delete(task);
    growing.put(task, machine);
    // The others' ends change on this machine alone.
    for (const [other, ends] of ready) {
      if (ends.machine === machine || ends.next === machine) admit(other);
    }
    for (const other of behind[task] ?? []) {
      missing[other] = (missing[other] as number) - 1;
      if (missing[other] === 0) admit(other);
    }
  }
  return growing.assignment;
}

function largest(ready: ReadonlyMap<number, Ends>, choice: Choice): readonly [number, Ends] {
  let best: readonly [number, Ends] | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const entry of ready) {
    const value = choice(entry[1]);
    if (best !== undefined && value <= most) continue;
    best = entry;
    most = value;
  }
  if (best === undefined) throw new Error('There is no task to choose from.');
  return best;
}

function firstEnds(growing: Growing, task: number): Ends {
  let [machine, next] = [0, -1];
  let [first, second] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let one = 0; one < growing.free.length; one += 1) {
    const end = growing.endOf(task, one);
    if (end < first) [machine, first, next, second] = [one, end, machine, first];
    else if (end < second) [next, second] = [one, end];
  }
  return { machine, first, second, next };
}

function indexOfLeast(values: Float64Array): number {
  let found = 0;
  values.forEach((value, index) => {
    if (value < (values[found] as number)) found = index;
  });
  return found;
}
