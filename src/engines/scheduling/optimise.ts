import type { ScheduleOptions } from '../../batch/uses/schedule.ts';
import type { Iteration } from '../../protocol/events.ts';
import { BoundThread } from './bound-thread.ts';
import { firstCome } from './lists.ts';
import type { Problem } from './problem.ts';
import { SearchThread } from './thread.ts';

/** Seconds of a search that nothing else limits. */
const USUAL_SECONDS = 10;
/** Ms that a thread which was told to end may take for its iteration; then what it said before counts. */
const PATIENCE = 200;
/** Ms that a search which has ended by itself waits for the proof of its bound. */
const PROOF_PATIENCE = 5000;
/** A value that is above the bound by no more than this share of it is the best there is: the rest is rounding. */
const ROUNDING = 1e-9;

/** What a search came to. */
export interface Outcome {
  readonly assignment: Int32Array;
  /** The last one that was told; there is none when the search was ended before its first. */
  readonly last: Iteration | undefined;
}

/** The programs of the threads, `search-worker.ts` and `bound-worker.ts` or what they were bundled to, and highs.wasm. */
export interface Programs {
  readonly search: URL;
  readonly bound: URL;
  readonly wasm: URL;
}

export interface OptimiseContext {
  readonly programs: Programs;
  /** Gives the search up. */
  readonly signal: AbortSignal;
  /** Ends the search with the best so far. */
  readonly finish: AbortSignal;
  onIteration(iteration: Iteration): void;
  /** Told of a better assignment, some times a second. */
  onBetter(assignment: Int32Array): void;
}

/**
 * Looks for a good assignment, in a thread for each start. Throws the reason of `signal`, and an `EngineError` when a
 * thread breaks.
 */
export async function optimise(
  problem: Problem,
  options: ScheduleOptions,
  { programs, signal, finish, onIteration, onBetter }: OptimiseContext,
): Promise<Outcome> {
  signal.throwIfAborted();
  const began = performance.now();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const enough = Promise.withResolvers<void>();
  let patience: NodeJS.Timeout | undefined;
  const stopNow = (): void => {
    Atomics.store(flag, 0, 1);
    patience ??= setTimeout(enough.resolve, PATIENCE);
  };
  // A search whose first iteration is longer than its time limit is given this iteration.
  const stop = (): void => {
    Atomics.store(flag, 0, 1);
    if (bestOf(threads) !== undefined) stopNow();
  };
  let last: Iteration | undefined;
  let shown: Int32Array | undefined;
  const onNews = (): void => {
    const next = iterationOf(threads, last);
    if (next !== undefined) {
      bound.raise(next.bound);
      tell(next);
      if (next.best <= (options.target ?? Number.NEGATIVE_INFINITY)) stop();
    }
    const found = bestOf(threads);
    if (found === undefined || found === shown) return;
    if (Atomics.load(flag, 0) !== 0) stopNow();
    shown = found;
    onBetter(found);
  };
  const tell = (news: Omit<Iteration, 'seconds'>): void => {
    const seconds = Number(((performance.now() - began) / 1000).toFixed(6));
    last = { ...news, bound: bound.value, seconds, series: options.algorithm };
    onIteration(last);
    const proven = last.best <= bound.value * (1 + ROUNDING);
    if (proven && options.n_iterations === undefined) stop();
  };
  const bound = new BoundThread(problem, options, programs, () => last && tell(last));
  const threads = Array.from({ length: options.starts }, (_, start) => {
    const data = { problem, options, start, stop: flag };
    return new SearchThread(programs.search, data, onNews);
  });
  const seconds =
    options.time_limit ?? (options.n_iterations === undefined ? USUAL_SECONDS : undefined);
  const timer = seconds === undefined ? undefined : setTimeout(stop, seconds * 1000);
  const cancel = (): void => enough.reject(signal.reason);
  signal.addEventListener('abort', cancel);
  finish.addEventListener('abort', stopNow);
  if (finish.aborted) stopNow();
  try {
    await Promise.race([Promise.all(threads.map(({ over }) => over)), enough.promise]);
    if (Atomics.load(flag, 0) === 0) {
      patience = setTimeout(enough.resolve, PROOF_PATIENCE);
      await Promise.race([bound.over, enough.promise]);
    }
    return { assignment: bestOf(threads) ?? firstCome(problem), last };
  } finally {
    clearTimeout(timer);
    clearTimeout(patience);
    signal.removeEventListener('abort', cancel);
    finish.removeEventListener('abort', stopNow);
    await Promise.all([bound, ...threads].map((thread) => thread.close()));
  }
}

/** The best assignment that is known; of equals that of the first thread, so that the order of messages is no matter. */
function bestOf(threads: readonly SearchThread[]): Int32Array | undefined {
  const found = threads.flatMap((thread) => thread.found ?? []);
  return found.reduce<(typeof found)[number] | undefined>(
    (best, one) => (best === undefined || one.value < best.value ? one : best),
    undefined,
  )?.assignment;
}

/** The iteration that all threads have done, if it is a new one or something better was found. */
function iterationOf(
  threads: readonly SearchThread[],
  last: Iteration | undefined,
): (Omit<Iteration, 'seconds'> & { readonly bound: number }) | undefined {
  const news = threads.flatMap((thread) => thread.news ?? []);
  const running = news.filter(({ ended }) => ended !== true);
  // One that is slow to begin is not waited for, nor one that has ended.
  const done = Math.min(...(running.length > 0 ? running : news).map((one) => one.iteration));
  const iteration = Math.max(last?.iteration ?? 1, done);
  const best = Math.min(...news.map((one) => one.best));
  if (last !== undefined && iteration === last.iteration && best >= last.best) return undefined;
  const means = news.flatMap(({ mean }) => mean ?? []);
  const mean = means.reduce((sum, one) => sum + one, 0) / means.length;
  return {
    iteration,
    best,
    ...(means.length > 0 ? { mean } : {}),
    evaluations: news.reduce((sum, one) => sum + one.evaluations, 0),
    bound: Math.max(...news.map((one) => one.bound)),
  };
}
