import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import highs, { type Highs, type InitOptions } from 'highs';
import { boundOf } from './prices.ts';
import type { Problem } from './problem.ts';
import { relaxationOf } from './relaxation.ts';

/** What the thread is given. */
export interface BoundData {
  readonly problem: Problem;
  readonly costWeight: number;
  /** About the size of the makespan, so that the numbers of the program are near 1. */
  readonly unit: number;
  /** Path of highs.wasm. */
  readonly wasm: string;
}

/** Its types are those of CommonJS, where the function is a property. */
const loadHighs = highs as unknown as (options: InitOptions) => Promise<Highs>;

/** Seconds after which the prices that the solver has so far are taken. */
const TIME_LIMIT = 60;

parentPort?.postMessage(await proveBound(workerData as BoundData));

/**
 * The bound of the linear relaxation, by HiGHS. It is computed anew from the prices that the solver found, so that it is
 * a bound however exact the solver was.
 */
async function proveBound({ problem, costWeight, unit, wasm }: BoundData): Promise<number> {
  const solver = await loadHighs({ wasmBinary: await readFile(wasm) });
  return solver.withModel(relaxationOf(problem, costWeight, unit), (model) => {
    model.options.set('output_flag', false);
    model.options.set('time_limit', TIME_LIMIT);
    model.run();
    const duals = model.getSolution().rowDual.slice(problem.tasks.length);
    // The price of a load is what the makespan would gain from a unit less of it.
    const prices = duals.map((dual) => Math.max(0, -dual));
    const sum = prices.reduce((all, price) => all + price, 0);
    if (!(sum > 0)) return 0;
    return boundOf(
      problem,
      prices.map((price) => price / sum),
      costWeight,
    );
  });
}
