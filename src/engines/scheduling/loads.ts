import { Placement, type TaskList } from './placement.ts';
import type { Prices } from './prices.ts';
import type { Problem } from './problem.ts';
import type { Solution } from './solution.ts';

/** A machine that the relaxation has no use for is not free of charge. In shares of the mean price. */
const LEAST_PRICE = 0.05;

/**
 * A solution of a problem whose makespan is the largest load: the sum of the times of a machine's tasks. A change is
 * valued from the loads of two machines.
 *
 * The energy is what each load has above the makespan of the relaxation, weighted by the machine's price, plus the
 * weighted cost. It counts what is wasted twice over: tasks on machines that they do not suit, and work that other
 * machines must do because one stands idle.
 */
export class Loads implements Solution {
  readonly assignment: Int32Array;
  readonly tasks: readonly TaskList[];
  evaluations = 0;
  readonly lookCost = 1;
  readonly #placement: Placement;
  readonly #times: Float64Array;
  readonly #rates: Float64Array;
  readonly #width: number;
  readonly #costWeight: number;
  readonly #loads: Float64Array;
  /** The machines with the three largest loads, the largest first. */
  readonly #top = [0, 0, 0];
  #cost = 0;
  /** Load from which on a machine is overloaded, and what a unit above it counts. */
  readonly #limit: number;
  readonly #weights: Float64Array;
  readonly #costUnit: number;

  constructor(problem: Problem, { price, bound, makespan }: Prices, costWeight: number) {
    const { tasks, machines, times, rates } = problem;
    this.#placement = new Placement(tasks.length, machines.length);
    this.assignment = this.#placement.assignment;
    this.tasks = this.#placement.tasks;
    this.#times = times;
    this.#rates = rates;
    this.#width = machines.length;
    this.#costWeight = costWeight;
    this.#loads = new Float64Array(machines.length);
    const unit = bound === 0 ? 1 : tasks.length / bound;
    const least = LEAST_PRICE / machines.length;
    this.#limit = makespan;
    this.#weights = price.map((one) => unit * Math.max(one, least));
    this.#costUnit = unit * costWeight;
    this.assign(this.assignment);
    this.evaluations = 0;
  }

  assign(assignment: ArrayLike<number>): void {
    this.#placement.assign(assignment);
    this.#loads.fill(0);
    this.#cost = 0;
    for (let task = 0; task < assignment.length; task += 1) {
      const machine = assignment[task] as number;
      const time = this.#time(task, machine);
      this.#loads[machine] = this.#load(machine) + time;
      this.#cost += time * (this.#rates[machine] as number);
    }
    this.#sortTop();
    this.evaluations += 1;
  }

  get value(): number {
    return this.#load(this.critical) + this.#costWeight * this.#cost;
  }

  get critical(): number {
    return this.#top[0] as number;
  }

  valueOfMove(task: number, machine: number): number {
    const from = this.assignment[task] as number;
    const out = this.#time(task, from);
    const into = this.#time(task, machine);
    return this.#valueWith(from, this.#load(from) - out, machine, this.#load(machine) + into);
  }

  valueOfSwap(task: number, other: number): number {
    const from = this.assignment[task] as number;
    const machine = this.assignment[other] as number;
    const atFrom = this.#load(from) - this.#time(task, from) + this.#time(other, from);
    const atMachine = this.#load(machine) - this.#time(other, machine) + this.#time(task, machine);
    return this.#valueWith(from, atFrom, machine, atMachine);
  }

  energyOfMove(task: number, machine: number): number {
    const from = this.assignment[task] as number;
    const out = this.#time(task, from);
    const into = this.#time(task, machine);
    return this.#energyWith(from, this.#load(from) - out, machine, this.#load(machine) + into);
  }

  energyOfSwap(task: number, other: number): number {
    const from = this.assignment[task] as number;
    const machine = this.assignment[other] as number;
    const atFrom = this.#load(from) - this.#time(task, from) + this.#time(other, from);
    const atMachine = this.#load(machine) - this.#time(other, machine) + this.#time(task, machine);
    return this.#energyWith(from, atFrom, machine, atMachine);
  }

  move(task: number, machine: number): void {
    this.#put(task, machine);
    this.#sortTop();
  }

  swap(task: number, other: number): void {
    const from = this.assignment[task] as number;
    this.#put(task, this.assignment[other] as number);
    this.#put(other, from);
    this.#sortTop();
  }

  #put(task: number, machine: number): void {
    const from = this.assignment[task] as number;
    const out = this.#time(task, from);
    const into = this.#time(task, machine);
    this.#loads[from] = this.#load(from) - out;
    this.#loads[machine] = this.#load(machine) + into;
    this.#cost += into * (this.#rates[machine] as number) - out * (this.#rates[from] as number);
    this.#placement.put(task, machine);
  }

  /** The value when two machines have these loads; their costs go with their loads. */
  #valueWith(a: number, loadOfA: number, b: number, loadOfB: number): number {
    this.evaluations += 1;
    let makespan = Math.max(loadOfA, loadOfB);
    for (const machine of this.#top) {
      if (machine === a || machine === b) continue;
      const load = this.#load(machine);
      if (load > makespan) makespan = load;
      break;
    }
    if (this.#costWeight === 0) return makespan;
    return makespan + this.#costWeight * (this.#cost + this.#costOf(a, loadOfA, b, loadOfB));
  }

  #energyWith(a: number, loadOfA: number, b: number, loadOfB: number): number {
    this.evaluations += 1;
    const limit = this.#limit;
    const over = (load: number): number => (load > limit ? load - limit : 0);
    const energy =
      (this.#weights[a] as number) * (over(loadOfA) - over(this.#load(a))) +
      (this.#weights[b] as number) * (over(loadOfB) - over(this.#load(b)));
    return this.#costUnit === 0
      ? energy
      : energy + this.#costUnit * this.#costOf(a, loadOfA, b, loadOfB);
  }

  /** By how much the cost rises when two machines have these loads. */
  #costOf(a: number, loadOfA: number, b: number, loadOfB: number): number {
    return (
      (this.#rates[a] as number) * (loadOfA - this.#load(a)) +
      (this.#rates[b] as number) * (loadOfB - this.#load(b))
    );
  }

  #time(task: number, machine: number): number {
    return this.#times[task * this.#width + machine] as number;
  }

  #load(machine: number): number {
    return this.#loads[machine] as number;
  }

  #sortTop(): void {
    let [a, b, c] = [-1, -1, -1];
    const load = (machine: number): number => this.#loads[machine] ?? Number.NEGATIVE_INFINITY;
    for (let machine = 0; machine < this.#width; machine += 1) {
      if (load(machine) > load(a)) [a, b, c] = [machine, a, b];
      else if (load(machine) > load(b)) [b, c] = [machine, b];
      else if (load(machine) > load(c)) c = machine;
    }
    this.#top[0] = a;
    this.#top[1] = b === -1 ? a : b;
    this.#top[2] = c === -1 ? a : c;
  }
}
