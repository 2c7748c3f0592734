import { Loads } from './loads.ts';
import type { TaskList } from './placement.ts';
import type { Prices } from './prices.ts';
import { isIndependent, type Problem } from './problem.ts';
import { Timed } from './timed.ts';

/** An assignment that an algorithm works on, and what a change of it would give. */
export interface Solution {
  /** The machine of each task. Changed by the methods alone. */
  readonly assignment: Int32Array;
  /** Makespan plus weighted cost. Less is better. */
  readonly value: number;
  /** The machine that ends last. */
  readonly critical: number;
  /** The tasks of each machine, in no order. */
  readonly tasks: readonly TaskList[];
  /** Assignments that were valued so far, changes that were only looked at among them. */
  readonly evaluations: number;
  /** What it costs to look at a change, about, where the sum of two loads costs 1. */
  readonly lookCost: number;
  /** Takes over another assignment. */
  assign(assignment: ArrayLike<number>): void;
  /** The value after a task has gone to another machine, or two tasks have changed places. */
  valueOfMove(task: number, machine: number): number;
  valueOfSwap(task: number, other: number): number;
  /**
   * By how much the energy changes. The energy leads to good values where the value itself is flat; its unit is about
   * what one task takes of the whole.
   */
  energyOfMove(task: number, machine: number): number;
  energyOfSwap(task: number, other: number): number;
  move(task: number, machine: number): void;
  swap(task: number, other: number): void;
}

/** @param costWeight what a unit of cost counts, in units of time */
export function solutionOf(problem: Problem, prices: Prices, costWeight: number): Solution {
  return isIndependent(problem)
    ? new Loads(problem, prices, costWeight)
    : new Timed(problem, prices, costWeight);
}
