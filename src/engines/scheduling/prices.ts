import type { Problem } from './problem.ts';

/** What a unit of time of each machine is worth, as the linear relaxation prices it. */
export interface Prices {
  /** For each machine; their sum is 1. */
  readonly price: Float64Array;
  /** No assignment has a smaller makespan plus weighted cost. */
  readonly bound: number;
  /** Makespan of the relaxation at the bound: `bound` without the weighted cost. */
  readonly makespan: number;
}

/** Rounds of ascent; the bound of a classic instance of 512 tasks is then within a millionth of the best. */
const ROUNDS = 1000;
/** Task and machine pairs that all rounds may look at: about a second. */
const PAIRS = 3e8;
/** Rounds without a better bound, after which the step gets shorter. */
const PATIENCE = 15;

/**
 * Prices that make the bound of `boundOf` about as large as it can be, by ascent along the subgradient: a machine
 * that gets more than its share of the work becomes dearer. Deterministic.
 */
export function findPrices(problem: Problem, costWeight: number): Prices {
  const width = problem.machines.length;
  const loads = new Float64Array(width);
  const price = new Float64Array(width);
  let logs = new Float64Array(width);
  let best = { price: price.fill(1 / width).slice(), bound: 0, makespan: 0 };
  let bestLogs = logs.slice();
  let step = 0.5;
  let patience = PATIENCE;
  const rounds = Math.max(20, Math.min(ROUNDS, PAIRS / problem.times.length));
  for (let round = 0; round < rounds; round += 1) {
    normalise(logs, price);
    const bound = boundOf(problem, price, costWeight, loads);
    const makespan = loads.reduce(
      (sum, load, machine) => sum + load * (price[machine] as number),
      0,
    );
    if (bound > best.bound) {
      if (bound > best.bound * (1 + 1e-5)) patience = PATIENCE;
      best = { price: price.slice(), bound, makespan };
      bestLogs = logs.slice();
    }
    patience -= 1;
    if (patience === 0) {
      step *= 0.8;
      patience = PATIENCE;
      logs = bestLogs.slice();
      continue;
    }
    const slope = loads.map((load, machine) => (load - makespan) * (price[machine] as number));
    const length = Math.hypot(...slope);
    if (length === 0) break;
    logs = logs.map((log, machine) => log + (step * (slope[machine] as number)) / length);
  }
  return best;
}

/**
 * A lower bound of makespan plus weighted cost, whatever the prices are, as long as they are not negative and their sum
 * is 1: the makespan is at least the priced sum of all loads, to which each task adds at least its cheapest part. This is
 * weak duality of the linear relaxation, so that a bound from another solver's prices can be computed anew and trusted.
 *
 * @param loads filled with the loads of the assignment that gives each task to its cheapest machine
 */
export function boundOf(
  { times, rates, tasks }: Problem,
  price: Float64Array,
  costWeight: number,
  loads?: Float64Array,
): number {
  const width = price.length;
  loads?.fill(0);
  const priced = price.map((one, machine) => one + costWeight * (rates[machine] as number));
  let bound = 0;
  for (let task = 0; task < tasks.length; task += 1) {
    let least = Number.POSITIVE_INFINITY;
    let cheapest = 0;
    for (let machine = 0; machine < width; machine += 1) {
      const part = (priced[machine] as number) * (times[task * width + machine] as number);
      if (part >= least) continue;
      least = part;
      cheapest = machine;
    }
    bound += least;
    if (loads !== undefined) {
      loads[cheapest] = (loads[cheapest] as number) + (times[task * width + cheapest] as number);
    }
  }
  return bound;
}

function normalise(logs: Float64Array, price: Float64Array): void {
  let sum = 0;
  for (let machine = 0; machine < logs.length; machine += 1) {
    price[machine] = Math.exp(logs[machine] as number);
    sum += price[machine] as number;
  }
  for (let machine = 0; machine < logs.length; machine += 1) {
    price[machine] = (price[machine] as number) / sum;
  }
}
