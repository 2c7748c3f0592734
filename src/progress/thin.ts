import type { Clock } from './clock.ts';

/** Says which of many values are worth a fact. Times are in ms. */
interface Gate<T> {
  /** Whether this one is, now. */
  admits(value: T, now: number): boolean;
  /** When the next one is, whatever it says. */
  readonly due: number;
  /** Told of each one that was passed on. */
  passed(value: T, now: number): void;
}

/** Iterations that are passed on however fast they come: a short search is seen whole. */
const AT_FIRST = 1000;
/** After them one in so many ms, */
const PATIENCE = 50;
/** and those that found something better: so many at once, and so many in a second. */
const IMPROVEMENTS = 200;

/** For iterations. Costs next to nothing for those that are not passed on. */
export class IterationGate implements Gate<{ readonly best: number }> {
  #count = 0;
  #last = Number.NEGATIVE_INFINITY;
  #best = Number.POSITIVE_INFINITY;
  #improvements = IMPROVEMENTS;

  admits({ best }: { readonly best: number }, now: number): boolean {
    return now >= this.due || (best < this.#best && this.#improvementsAt(now) >= 1);
  }

  get due(): number {
    return this.#count < AT_FIRST ? Number.NEGATIVE_INFINITY : this.#last + PATIENCE;
  }

  passed({ best }: { readonly best: number }, now: number): void {
    const improvements = this.#improvementsAt(now);
    this.#improvements = now < this.due ? improvements - 1 : improvements;
    this.#count += 1;
    this.#last = now;
    this.#best = Math.min(this.#best, best);
  }

  #improvementsAt(now: number): number {
    const seconds = (now - this.#last) / 1000;
    return Math.min(IMPROVEMENTS, this.#improvements + IMPROVEMENTS * seconds);
  }
}

/** For values of which the next one takes the place: one in so many ms. */
export class IntervalGate implements Gate<unknown> {
  readonly #interval: number;
  #last = Number.NEGATIVE_INFINITY;

  constructor(interval: number) {
    this.#interval = interval;
  }

  admits(_: unknown, now: number): boolean {
    return now >= this.due;
  }

  get due(): number {
    return this.#last + this.#interval;
  }

  passed(_: unknown, now: number): void {
    this.#last = now;
  }
}

/** Passes on the values that a gate admits, soon the latest of the others, and at `flush` the last one. */
export class Thinner<T> {
  readonly #gate: Gate<T>;
  readonly #clock: Clock;
  readonly #emit: (value: T) => void;
  #waiting: { readonly value: T } | undefined;
  #cancel: (() => void) | undefined;

  constructor(gate: Gate<T>, clock: Clock, emit: (value: T) => void) {
    this.#gate = gate;
    this.#clock = clock;
    this.#emit = emit;
  }

  push(value: T): void {
    const now = this.#clock.now();
    this.#waiting = { value };
    if (this.#gate.admits(value, now)) this.flush();
    else this.#cancel ??= this.#clock.after(this.#gate.due - now, () => this.flush());
  }

  /** Passes on what waits, at once. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    this.#gate.passed(waiting.value, this.#clock.now());
    this.#emit(waiting.value);
  }
}
