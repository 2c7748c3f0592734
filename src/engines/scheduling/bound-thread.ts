import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ScheduleOptions } from '../../batch/uses/schedule.ts';
import type { BoundData } from './bound-worker.ts';
import type { Programs } from './optimise.ts';
import { pathBound } from './path-bound.ts';
import type { Problem } from './problem.ts';

/** Pairs of a task and a machine for which the linear program is solved: more take longer than a search. */
const MOST_PAIRS = 500_000;

/** The best lower bound that is proven so far, and the thread that solves the linear relaxation for it. */
export class BoundThread {
  readonly #worker: Worker | undefined;
  readonly #over = Promise.withResolvers<void>();
  #value: number;

  /** @param onProven called when the thread has proven a better one */
  constructor(
    problem: Problem,
    { bound: wanted, cost_weight: costWeight }: ScheduleOptions,
    { bound: program, wasm }: Programs,
    onProven: () => void,
  ) {
    this.#value = pathBound(problem, costWeight);
    if (!wanted || problem.times.length > MOST_PAIRS) {
      this.#over.resolve();
      return;
    }
    const unit =
      problem.times.reduce((sum, time) => sum + time, 0) / problem.machines.length ** 2 || 1;
    const data: BoundData = { problem, costWeight, unit, wasm: fileURLToPath(wasm) };
    this.#worker = new Worker(program, { workerData: data });
    this.#worker.once('message', (value: number) => {
      if (this.raise(value)) onProven();
    });
    // A search is worth as much without the proof: what the prices prove is there already.
    this.#worker.once('error', () => {});
    this.#worker.once('exit', () => this.#over.resolve());
  }

  get value(): number {
    return this.#value;
  }

  /** Takes another bound; whether it is a better one. */
  raise(value: number): boolean {
    if (value <= this.#value) return false;
    this.#value = value;
    return true;
  }

  /** Resolves when nothing more is proven. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }
}
