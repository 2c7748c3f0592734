import { rm } from 'node:fs/promises';
import { sep } from 'node:path';
import type { ItemPlan, Plan } from '../batch/expand.ts';
import { usesPlaceholder } from '../batch/expand.ts';
import type { Failure, ItemEnd, RunEnd } from '../protocol/events.ts';
import type { RunState } from '../protocol/state.ts';
import type { Executor, StepOutcome, Value } from './executor.ts';
import { Cancelled, failureOf, StepFailure } from './failure.ts';
import type { History, StepProvenance } from './history.ts';
import type { Journal } from './journal.ts';
import { type ItemKey, itemKey } from './keys.ts';
import { Queue } from './queue.ts';
import type { Results } from './results.ts';
import { watchSilence } from './silence.ts';

/** What an item has come to: its attempts, and what its finished steps made. */
interface Work {
  readonly plan: ItemPlan;
  attempt: number;
  /** The step to go on with: a retry does not make again what is made. */
  step: number;
  value: Value;
  steps: StepProvenance[];
  controller: AbortController | undefined;
  /** Set while it waits for its next attempt. */
  timer: NodeJS.Timeout | undefined;
  key: ItemKey | undefined;
  done: Promise<void>;
}

export interface RunParts {
  readonly id: string;
  readonly plan: Plan;
  readonly journal: Journal;
  readonly history: History;
  readonly results: Results;
  readonly executors: readonly Executor[];
  /** Keys of items that an interrupted run finished, for items without a result to tell it. */
  readonly finishedBefore: ReadonlySet<string>;
  /** Makes everything anew. */
  readonly force: boolean;
}

/** One execution of a batch. */
export class Run {
  readonly #parts: RunParts;
  readonly #queue: Queue;
  readonly #work: Map<number, Work>;
  /** Resolves when nothing is left to do. */
  readonly finished: Promise<RunEnd>;
  #finish: (end: RunEnd) => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #cancelled = false;
  #over = false;

  constructor(parts: RunParts) {
    this.#parts = parts;
    const { plan } = parts;
    this.#work = new Map(plan.items.map((item) => [item.item, freshWork(item)]));
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#queue = new Queue(
      plan.items.map((item) => item.item),
      plan.batch.concurrency,
      (item) => this.#attempt(item),
      () => void this.#settle(),
    );
  }

  start(): void {
    const limit = this.#parts.plan.batch.runTimeout;
    if (limit !== undefined) {
      this.#timer = setTimeout(() => {
        void this.#stopAll(
          new StepFailure(
            { message: `The run took longer than ${seconds(limit)}.` },
            { retry: false },
          ),
        );
      }, limit);
    }
    this.#queue.start();
  }

  get state(): RunState {
    return this.#parts.journal.state;
  }

  /** Ends the children and settles when none is left; the other items go on when `items` are given. */
  async cancel(items?: readonly number[]): Promise<void> {
    if (items === undefined) {
      this.#cancelled = true;
      this.#say('cancelling');
      await this.#stopAll(new Cancelled('The run was cancelled.'));
      return;
    }
    await Promise.all(
      items.map((item) => this.#stopItem(item, new Cancelled('The item was cancelled.'))),
    );
  }

  pause(): void {
    if (this.#queue.paused || this.#over) return;
    this.#queue.paused = true;
    this.#say('paused');
  }

  resume(): void {
    if (!this.#queue.paused || this.#over) return;
    this.#say('running');
    this.#queue.paused = false;
  }

  /** Puts failed and cancelled items back, or those of them that are named. */
  retry(items?: readonly number[]): void {
    const wanted = this.state.items.filter(({ item, state }) =>
      items === undefined
        ? state === 'failed'
        : items.includes(item) && (state === 'failed' || state === 'cancelled'),
    );
    if (wanted.length === 0 || this.#over || this.#cancelled) return;
    const numbers = wanted.map(({ item }) => item);
    for (const number of numbers) {
      const work = this.#work.get(number);
      if (work !== undefined) work.attempt = 0;
    }
    this.#parts.journal.emit({ type: 'queued', items: numbers });
    this.#queue.add(numbers, 'last');
  }

  move(item: number, to: 'first' | 'last'): void {
    if (!this.#queue.move(item, to)) return;
    this.#parts.journal.emit({ type: 'queued', items: [item], first: to === 'first' });
  }

  setConcurrency(concurrency: number): void {
    this.#queue.concurrency = concurrency;
    this.#say(this.#queue.paused ? 'paused' : 'running');
  }

  #say(state: 'running' | 'paused' | 'cancelling'): void {
    this.#parts.journal.emit({ type: 'queue', state, concurrency: this.#queue.concurrency });
  }

  async #stopAll(reason: Cancelled | StepFailure): Promise<void> {
    for (const item of this.#queue.clear()) this.#end(item, endOf(reason), failureFor(reason));
    const open = [...this.#work.keys()];
    await Promise.all(open.map((item) => this.#stopItem(item, reason)));
    // A paused queue does not start; an empty one does not tell.
    if (!this.#over) this.#queue.start();
  }

  async #stopItem(item: number, reason: Cancelled | StepFailure): Promise<void> {
    const work = this.#work.get(item);
    if (work === undefined) return;
    if (this.#queue.remove(item)) this.#end(item, endOf(reason), failureFor(reason));
    if (work.timer !== undefined) {
      clearTimeout(work.timer);
      work.timer = undefined;
      this.#end(item, endOf(reason), failureFor(reason));
      if (!this.#over) this.#queue.start();
    }
    work.controller?.abort(reason);
    await work.done;
  }

  /** One attempt at an item. Never rejects. */
  #attempt(item: number): Promise<void> {
    const work = this.#work.get(item);
    if (work === undefined) return Promise.resolve();
    const controller = new AbortController();
    work.controller = controller;
    work.done = this.#tryItem(work, controller.signal)
      .then(
        (end) => this.#end(item, end),
        (error: unknown) => this.#failed(work, error, controller.signal),
      )
      .catch((error: unknown) => this.#broken(item, error))
      .finally(() => {
        work.controller = undefined;
      });
    return work.done;
  }

  async #tryItem(work: Work, signal: AbortSignal): Promise<ItemEnd> {
    const { plan, journal, results, finishedBefore, force } = this.#parts;
    const { item, outputs } = work.plan;
    const targets = outputs.filter((output) => output !== undefined);
    work.key ??= await itemKey(plan, work.plan);
    if (!force && work.attempt === 0) {
      const kept = await results.kept(work.key.key, targets);
      if (kept !== undefined || (targets.length === 0 && finishedBefore.has(work.key.key))) {
        for (const result of kept ?? []) {
          journal.emit({ type: 'result', item, step: plan.batch.steps.length - 1, result });
        }
        return 'skipped';
      }
    }
    work.attempt += 1;
    journal.emit({ type: 'start', item, attempt: work.attempt });
    for (const target of targets.slice(work.step)) await results.guard(target);
    const { timeout } = plan.batch;
    const limited = new AbortController();
    const relay = (): void => limited.abort(signal.reason);
    signal.addEventListener('abort', relay, { once: true });
    if (signal.aborted) relay();
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(
            () =>
              limited.abort(
                new StepFailure({ message: `It took longer than ${seconds(timeout)}.` }),
              ),
            timeout,
          );
    try {
      const started = new Date();
      for (; work.step < plan.batch.steps.length; work.step += 1) {
        await this.#step(work, started, limited.signal);
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', relay);
    }
    await this.#discard(work);
    return 'done';
  }

  async #step(work: Work, started: Date, signal: AbortSignal): Promise<void> {
    const { plan, journal, results, executors, id } = this.#parts;
    const { item, outputs } = work.plan;
    const { step } = work;
    const definition = plan.batch.steps[step];
    const executor = executors[step];
    if (definition === undefined || executor === undefined)
      throw new Error(`There is no step ${step}.`);
    signal.throwIfAborted();
    const target = outputs[step];
    const last = step === plan.batch.steps.length - 1;
    const wanted = target !== undefined || !last;
    const folder = target?.endsWith(sep) ?? usesPlaceholder(definition, 'outdir');
    const staged = wanted ? await results.stage(item, step, target, folder) : '';
    const silence = watchSilence(plan.batch.silence, (quiet) =>
      journal.emit({ type: 'silence', item, step, seconds: quiet }),
    );
    let outcome: StepOutcome;
    try {
      outcome = await executor.run({
        item: work.plan,
        step,
        input: work.value,
        staged,
        wanted,
        signal,
        emit: (fact) => journal.emit(fact),
        alive: silence.alive,
      });
    } finally {
      silence.stop();
    }
    signal.throwIfAborted();
    work.steps[step] = outcome.provenance;
    if (outcome.value !== undefined) work.value = outcome.value;
    if (target === undefined || work.key === undefined) return;
    const published = await results.publish(staged, target, outcome.value, {
      mime: outcome.mime,
      seconds: outcome.seconds,
      provenance: {
        key: work.key.key,
        batch: plan.batchFile,
        run: id,
        item,
        step,
        input: { sha256: work.key.input, ...work.plan.source },
        steps: work.steps.slice(0, step + 1),
        started: started.toISOString(),
        made: new Date().toISOString(),
      },
    });
    for (const result of published) journal.emit({ type: 'result', item, step, result });
    // What was staged is in its place now.
    if (outcome.value !== undefined && 'file' in outcome.value) work.value = { file: target };
  }

  async #failed(work: Work, error: unknown, signal: AbortSignal): Promise<void> {
    const { plan, journal } = this.#parts;
    const { item } = work.plan;
    const cause: unknown = signal.aborted ? signal.reason : error;
    if (cause instanceof Cancelled) {
      await this.#discard(work);
      this.#end(item, 'cancelled');
      return;
    }
    const failure = failureOf(cause);
    const may = !(cause instanceof StepFailure) || cause.retry;
    if (!may || signal.aborted || work.attempt > plan.batch.retries || this.#cancelled) {
      await this.#discard(work);
      this.#end(item, 'failed', failure);
      return;
    }
    const asked = cause instanceof StepFailure ? cause.retryAfter : undefined;
    const delay = Math.round(Math.max(asked ?? 0, backoff(plan.batch.backoff, work.attempt)));
    journal.emit({ type: 'retry', item, attempt: work.attempt, delay, failure });
    // The place in the queue is free for others meanwhile.
    work.timer = setTimeout(() => {
      work.timer = undefined;
      this.#queue.add([item], 'first');
    }, delay);
  }

  #end(item: number, state: ItemEnd, failure?: Failure): void {
    const { journal, history, id } = this.#parts;
    const work = this.#work.get(item);
    if (work === undefined) return;
    work.step = state === 'failed' ? work.step : 0;
    try {
      history.endItem(id, item, {
        state,
        key: work.key?.key ?? '',
        attempts: work.attempt,
        failure: failure?.message ?? null,
      });
    } catch (error) {
      this.#warnOnce(`The history could not be written: ${failureOf(error).message}`);
    }
    journal.emit({ type: 'end', item, state, ...(failure === undefined ? {} : { failure }) });
  }

  readonly #warned = new Set<string>();
  #warnOnce(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#parts.journal.emit({ type: 'note', level: 'warning', message });
  }

  /** A fault of ours must not stop the other items. */
  #broken(item: number, error: unknown): void {
    this.#end(item, 'failed', failureOf(error));
  }

  async #discard(work: Work): Promise<void> {
    work.value = firstValue(work.plan);
    work.step = 0;
    await this.#parts.results.discard(work.plan.item, this.#parts.plan.batch.steps.length);
  }

  async #settle(): Promise<void> {
    if (this.#over || [...this.#work.values()].some((work) => work.timer !== undefined)) return;
    this.#over = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#parts.executors.map((executor) => executor.close()));
    const { counts } = this.state;
    const end = this.#cancelled ? 'cancelled' : counts.failed > 0 ? 'failed' : 'done';
    await rm(this.#parts.results.work, { recursive: true, force: true });
    this.#finish(end);
  }
}

function freshWork(plan: ItemPlan): Work {
  return {
    plan,
    attempt: 0,
    step: 0,
    value: firstValue(plan),
    steps: [],
    controller: undefined,
    timer: undefined,
    key: undefined,
    done: Promise.resolve(),
  };
}

function firstValue(plan: ItemPlan): Value {
  return plan.file === undefined ? { text: plan.text ?? '' } : { file: plan.file };
}

/** Doubles with each attempt, and differs a little between items that failed together. */
function backoff(first: number, attempt: number): number {
  return Math.min(first * 2 ** (attempt - 1), 300_000) * (0.75 + Math.random() / 2);
}

function endOf(reason: Cancelled | StepFailure): ItemEnd {
  return reason instanceof Cancelled ? 'cancelled' : 'failed';
}

function failureFor(reason: Cancelled | StepFailure): Failure | undefined {
  return reason instanceof StepFailure ? reason.failure : undefined;
}

function seconds(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}
