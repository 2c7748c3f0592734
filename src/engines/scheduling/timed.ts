import { orderOf } from './order.ts';
import { Placement, type TaskList } from './placement.ts';
import type { Prices } from './prices.ts';
import type { Problem } from './problem.ts';
import type { Solution } from './solution.ts';
import { timetableOf } from './timetable.ts';

/**
 * A solution of a problem in which tasks wait for others or for their release: each change is valued by a whole
 * timetable, since it may move all that comes after. The energy is the value.
 */
export class Timed implements Solution {
  readonly assignment: Int32Array;
  readonly tasks: readonly TaskList[];
  evaluations = 0;
  readonly lookCost: number;
  critical = 0;
  value = 0;
  readonly #problem: Problem;
  readonly #placement: Placement;
  readonly #order: Int32Array;
  readonly #costWeight: number;
  readonly #unit: number;

  constructor(problem: Problem, { bound }: Prices, costWeight: number) {
    const { tasks, machines } = problem;
    this.#problem = problem;
    this.lookCost = tasks.length;
    this.#placement = new Placement(tasks.length, machines.length);
    this.assignment = this.#placement.assignment;
    this.tasks = this.#placement.tasks;
    this.#order = orderOf(problem);
    this.#costWeight = costWeight;
    this.#unit = bound === 0 ? 1 : tasks.length / bound;
    this.assign(this.assignment);
    this.evaluations = 0;
  }

  assign(assignment: ArrayLike<number>): void {
    this.#placement.assign(assignment);
    this.#settle();
  }

  valueOfMove(task: number, machine: number): number {
    const from = this.assignment[task] as number;
    this.assignment[task] = machine;
    const { value } = this.#valued();
    this.assignment[task] = from;
    return value;
  }

  valueOfSwap(task: number, other: number): number {
    const [from, machine] = [this.assignment[task] as number, this.assignment[other] as number];
    this.assignment[task] = machine;
    this.assignment[other] = from;
    const { value } = this.#valued();
    this.assignment[task] = from;
    this.assignment[other] = machine;
    return value;
  }

  energyOfMove(task: number, machine: number): number {
    return (this.valueOfMove(task, machine) - this.value) * this.#unit;
  }

  energyOfSwap(task: number, other: number): number {
    return (this.valueOfSwap(task, other) - this.value) * this.#unit;
  }

  move(task: number, machine: number): void {
    this.#placement.put(task, machine);
    this.#settle();
  }

  swap(task: number, other: number): void {
    const from = this.assignment[task] as number;
    this.#placement.put(task, this.assignment[other] as number);
    this.#placement.put(other, from);
    this.#settle();
  }

  #settle(): void {
    const { value, critical } = this.#valued();
    this.value = value;
    this.critical = critical;
  }

  #valued(): { value: number; critical: number } {
    this.evaluations += 1;
    const { end, makespan } = timetableOf(this.#problem, this.assignment, this.#order);
    const last = end.indexOf(makespan);
    const cost = costOf(this.#problem, this.assignment);
    return {
      value: makespan + this.#costWeight * cost,
      critical: this.assignment[last] ?? 0,
    };
  }
}

/** What the machines cost for the time of their tasks. */
export function costOf({ times, rates }: Problem, assignment: ArrayLike<number>): number {
  let cost = 0;
  for (let task = 0; task < assignment.length; task += 1) {
    const machine = assignment[task] as number;
    cost += (times[task * rates.length + machine] as number) * (rates[machine] as number);
  }
  return cost;
}
