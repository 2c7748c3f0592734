import type { Step } from '../batch/schema.ts';
import { StepFailure } from '../runner/failure.ts';
import { queueOf, type WorkerInfo, whyNot } from './offer.ts';

/** Workers that were started with others may be a moment later: until then an item without a fitting one waits. */
const LATE_MS = 3000;
const REASONS = 3;

/** The workers that are there, for one run. */
export class Pool {
  readonly #steps: readonly Step[];
  readonly #key: string | undefined;
  readonly #where: string;
  #workers: readonly WorkerInfo[] = [];
  #fitting: readonly WorkerInfo[] = [];
  #places: ReadonlyMap<string, number> = new Map();
  #unfitSince: number | undefined;

  /**
   * @param key the id of the key that the run signs with
   * @param where the queue, for people
   */
  constructor(steps: readonly Step[], key: string | undefined, where: string) {
    this.#steps = steps;
    this.#key = key;
    this.#where = where;
  }

  /** Takes note of who is there. */
  know(workers: readonly WorkerInfo[]): void {
    this.#workers = workers;
    this.#fitting = workers.filter(
      ({ offer }) => whyNot(offer, this.#steps, this.#key) === undefined,
    );
    const places = new Map<string, number>();
    for (const worker of this.#fitting) {
      const queue = queueOf(worker.offer);
      places.set(queue, (places.get(queue) ?? 0) + worker.places);
    }
    this.#places = places;
    const unfit = workers.length > 0 && places.size === 0;
    this.#unfitSince = unfit ? (this.#unfitSince ?? performance.now()) : undefined;
  }

  /** Those that do the run's steps. */
  get size(): number {
    return this.#fitting.length;
  }

  /** The queues that somebody fitting takes from, and how many items at once. */
  get places(): ReadonlyMap<string, number> {
    return this.#places;
  }

  /** Why no worker does the steps, though some have been there for a while. */
  get refusal(): StepFailure | undefined {
    if (this.#unfitSince === undefined || performance.now() - this.#unfitSince < LATE_MS) {
      return undefined;
    }
    const reasons = new Map<string, string[]>();
    for (const { name, offer } of this.#workers) {
      const reason = whyNot(offer, this.#steps, this.#key) ?? '';
      reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
    }
    const told = [...reasons]
      .slice(0, REASONS)
      .map(([reason, names]) => `${names.slice(0, REASONS).join(', ')}: ${reason}`);
    return new StepFailure(
      {
        message: `No worker at ${this.#where} does this item. ${told.join('; ')}.`,
        hint: 'Start a worker that does: see docs/cluster.md.',
      },
      { retry: false },
    );
  }

  /** The queue whose workers have least to do, of `given` what this run has given to each. */
  choose(given: ReadonlyMap<string, number>): string | undefined {
    const load = ([queue, places]: [string, number]): number => (given.get(queue) ?? 0) / places;
    return [...this.#places].sort((a, b) => load(a) - load(b))[0]?.[0];
  }
}
