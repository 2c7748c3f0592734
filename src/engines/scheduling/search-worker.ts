import { parentPort, workerData } from 'node:worker_threads';
import type { ScheduleOptions } from '../../batch/uses/schedule.ts';
import { IterationGate } from '../../progress/thin.ts';
import { ALGORITHM } from './algorithms.ts';
import { candidatesOf } from './candidates.ts';
import { findPrices } from './prices.ts';
import type { Problem } from './problem.ts';
import { Random } from './random.ts';
import { Best } from './search.ts';
import { solutionOf } from './solution.ts';

/** What a thread is given. */
export interface SearchData {
  readonly problem: Problem;
  readonly options: ScheduleOptions;
  /** Which of several starts it is, from 0. */
  readonly start: number;
  /** The search ends soon after the first of these is not 0 any more. */
  readonly stop: Int32Array;
}

/** What a thread says: how its search stands. */
export interface SearchNews {
  readonly iteration: number;
  readonly best: number;
  readonly mean?: number;
  readonly evaluations: number;
  /** The assignment of `best`, where it is a new one: whoever was told of a value can have it. */
  readonly assignment?: Int32Array;
  /** What the prices that guide the search prove. */
  readonly bound: number;
  /** The last message. */
  readonly ended?: boolean;
}

search(workerData as SearchData);

function search({ problem, options, start, stop }: SearchData): void {
  const { seed, cost_weight: costWeight, target = Number.NEGATIVE_INFINITY } = options;
  const prices = findPrices(problem, costWeight);
  const solution = solutionOf(problem, prices, costWeight);
  const best = new Best(problem.tasks.length);
  const iterations = ALGORITHM[options.algorithm]({
    problem,
    options,
    random: new Random(seed, start),
    solution,
    candidates: candidatesOf(problem, prices, costWeight),
    best,
  });
  const gate = new IterationGate();
  let told = Number.POSITIVE_INFINITY;
  let iteration = 0;
  let mean: number | undefined;
  const tell = (ended: boolean): void => {
    const fresh = best.value < told;
    told = best.value;
    const news: SearchNews = {
      iteration,
      best: best.value,
      evaluations: solution.evaluations,
      bound: prices.bound,
      ...(mean === undefined ? {} : { mean }),
      ...(fresh ? { assignment: best.assignment.slice() } : {}),
      ...(ended ? { ended } : {}),
    };
    parentPort?.postMessage(news);
  };
  for (const value of iterations) {
    iteration += 1;
    mean = value;
    const over =
      iteration === options.n_iterations || best.value <= target || Atomics.load(stop, 0) !== 0;
    if (over) break;
    const now = performance.now();
    if (!gate.admits({ best: best.value }, now)) continue;
    gate.passed({ best: best.value }, now);
    tell(false);
  }
  tell(true);
}
