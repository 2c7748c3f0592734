import { rm } from 'node:fs/promises';
import type { Failure, ItemEnd, RunEnd, Waits } from '../protocol/events.ts';
import { gigabytes } from '../protocol/log-lines.ts';
import type { RunnerRequests } from '../protocol/rpc.ts';
import type { RunState } from '../protocol/state.ts';
import { Admission } from './admission.ts';
import { attemptItem, discard, type RunParts, seconds } from './attempt.ts';
import { delayAfter } from './backoff.ts';
import { Cancelled, failureOf, StepFailure } from './failure.ts';
import { MemoryGuard } from './memory.ts';
import { Queue } from './queue.ts';
import { freshWork, type Work } from './work.ts';

/** An item that is cancelled keeps its place in the queue for so many ms, however long its programs take to end. */
const PLACE_MS = 400;

/** One execution of a batch. */
export class Run {
  readonly #parts: RunParts;
  readonly #queue: Queue;
  readonly #work: Map<number, Work>;
  readonly #admission: Admission;
  /** Resolves when nothing is left to do. */
  readonly finished: Promise<RunEnd>;
  #finish: (end: RunEnd) => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  /** As surfaces show it: what is given out ahead is not in it. */
  #concurrency: number;
  /** Somebody has said it. */
  #chosen: boolean;
  #cancelled = false;
  #over = false;

  constructor(parts: RunParts) {
    this.#parts = parts;
    const { plan, steering } = parts;
    this.#concurrency = steering.concurrency ?? 1;
    this.#chosen = steering.concurrency !== undefined;
    this.#work = new Map(plan.items.map((item) => [item.item, freshWork(item)]));
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#queue = new Queue(
      steering.order,
      this.#concurrency,
      (item) => this.#attempt(item),
      () => void this.#settle(),
    );
    if (steering.paused) this.#queue.paused = true;
    this.#admission = new Admission(new MemoryGuard(parts.items.memory), {
      hold: (held) => {
        this.#queue.held = held;
      },
      waits: (item, waits) => this.#waits(item, waits),
      warn: (message) => this.#warnOnce(message),
    });
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
    this.#followCapacity();
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
    const reason = new Cancelled('The item was cancelled.');
    await Promise.all(items.map((item) => this.#stopItem(item, reason)));
    this.#checkIdle();
  }

  /** Asks for the best so far of the items under way, or of those that are named; gives how many were asked. */
  finish(items: readonly number[] = this.state.active): number {
    return items.filter((item) => this.#parts.items.finish(item)).length;
  }

  pause(): void {
    if (this.#queue.paused || this.#ending) return;
    this.#queue.paused = true;
    this.#parts.items.recall?.();
    this.#say('paused');
  }

  resume(): void {
    if (!this.#queue.paused || this.#ending) return;
    this.#say('running');
    this.#queue.paused = false;
  }

  /** Puts failed and cancelled items back, or those of them that are named. False when the run is ending. */
  retry(items?: readonly number[]): boolean {
    const wanted = this.state.items.filter(({ item, state }) =>
      items === undefined
        ? state === 'failed'
        : items.includes(item) && (state === 'failed' || state === 'cancelled'),
    );
    if (this.#ending) return false;
    if (wanted.length === 0) return true;
    const numbers = wanted.map(({ item }) => item);
    for (const number of numbers) {
      const work = this.#work.get(number);
      if (work !== undefined) work.attempt = 0;
    }
    this.#parts.journal.emit({ type: 'queued', items: numbers });
    this.#queue.add(numbers, 'last');
    return true;
  }

  /** Moves an item within the queue as surfaces show it: what has begun or waits for a retry is not in it. */
  move(item: number, to: RunnerRequests['move']['params']['to']): void {
    const waiting = new Set(this.#queue.waiting);
    const order = this.state.queue.filter((queued) => waiting.has(queued));
    const from = order.indexOf(item);
    const last = order.length - 1;
    const place = { first: 0, up: from - 1, down: from + 1, last }[to];
    if (from < 0 || place === from || place < 0 || place > last) return;
    const before = order[place < from ? place : place + 1];
    this.#queue.move(item, before);
    this.#parts.journal.emit({
      type: 'queued',
      items: [item],
      ...(before === undefined ? {} : { before }),
    });
  }

  setConcurrency(concurrency: number): void {
    if (this.#ending) return;
    this.#chosen = true;
    this.#concurrency = concurrency;
    this.#queue.concurrency = concurrency;
    this.#say(this.#queue.paused ? 'paused' : 'running');
  }

  /** Nothing is begun any more. */
  get #ending(): boolean {
    return this.#over || this.#cancelled;
  }

  /** Where nobody said how many items may be under way, they are as many as are taken. */
  #followCapacity(): void {
    this.#parts.items.onCapacity?.(({ places, ahead }) => {
      if (this.#chosen || this.#ending) return;
      const known = this.#concurrency === places;
      this.#concurrency = places;
      this.#queue.concurrency = places + ahead;
      if (!known) this.#say(this.#queue.paused ? 'paused' : 'running');
    });
  }

  #say(state: 'running' | 'paused' | 'cancelling'): void {
    this.#parts.journal.emit({ type: 'queue', state, concurrency: this.#concurrency });
  }

  async #stopAll(reason: Cancelled | StepFailure): Promise<void> {
    for (const item of this.#queue.clear()) this.#end(item, endOf(reason), failureFor(reason));
    const open = [...this.#work.keys()];
    await Promise.all(open.map((item) => this.#stopItem(item, reason)));
    this.#checkIdle();
  }

  /** Items that are taken out of the queue do not make it tell that it is empty. */
  #checkIdle(): void {
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
    }
    work.controller?.abort(reason);
    // Most are gone by then, with the memory and the graphics card that the next one needs.
    const timer = setTimeout(() => this.#queue.leave(item), PLACE_MS);
    await work.done;
    clearTimeout(timer);
  }

  /** One attempt at an item. Never rejects. */
  #attempt(item: number): Promise<void> {
    const work = this.#work.get(item);
    if (work === undefined) return Promise.resolve();
    const controller = new AbortController();
    work.controller = controller;
    const pass = this.#admission.enter(item);
    work.done = attemptItem(this.#parts, work, controller.signal, pass.mayBegin)
      .then(
        (end) => {
          if (end === 'held') this.#putBack(work, controller.signal);
          else this.#end(item, end);
        },
        (error: unknown) => this.#failed(work, error, controller.signal),
      )
      .catch((error: unknown) => this.#broken(item, error))
      .finally(() => {
        work.controller = undefined;
        pass.leave();
      });
    return work.done;
  }

  /** An item that could not begin. */
  #putBack({ plan: { item } }: Work, signal: AbortSignal): void {
    const reason = signal.reason as Cancelled | StepFailure | undefined;
    if (reason === undefined) this.#queue.add([item], 'first');
    else this.#end(item, endOf(reason), failureFor(reason));
  }

  #waits(item: number, waits: Waits): void {
    const told = this.state.items[item - 1]?.waits;
    if (told !== undefined && gigabytes(told.free) === gigabytes(waits.free)) return;
    this.#parts.journal.emit({ type: 'waits', item, waits });
  }

  async #failed(work: Work, error: unknown, signal: AbortSignal): Promise<void> {
    const { plan, journal } = this.#parts;
    const { item } = work.plan;
    const cause: unknown = signal.aborted ? signal.reason : error;
    if (cause instanceof Cancelled) {
      await discard(this.#parts, work);
      this.#end(item, 'cancelled');
      return;
    }
    if (cause instanceof StepFailure && cause.innocent && !this.#cancelled) {
      work.attempt -= 1;
      journal.emit({ type: 'queued', items: [item], first: true });
      this.#queue.add([item], 'first');
      return;
    }
    const failure = failureOf(cause);
    const may = !(cause instanceof StepFailure) || cause.retry;
    if (!may || signal.aborted || work.attempt > plan.batch.retries || this.#cancelled) {
      await discard(this.#parts, work);
      this.#end(item, 'failed', failure);
      return;
    }
    const delay = delayAfter(cause, plan.batch.backoff, work.attempt);
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

  async #settle(): Promise<void> {
    if (this.#over || [...this.#work.values()].some((work) => work.timer !== undefined)) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#admission.dispose();
    await this.#parts.items.close();
    const { counts } = this.state;
    const end = this.#cancelled ? 'cancelled' : counts.failed > 0 ? 'failed' : 'done';
    await rm(this.#parts.results.staging.folder, { recursive: true, force: true });
    this.#finish(end);
  }
}

function endOf(reason: Cancelled | StepFailure): ItemEnd {
  return reason instanceof Cancelled ? 'cancelled' : 'failed';
}

function failureFor(reason: Cancelled | StepFailure): Failure | undefined {
  return reason instanceof StepFailure ? reason.failure : undefined;
}
