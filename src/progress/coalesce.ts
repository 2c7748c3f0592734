import type { Progress } from '../protocol/events.ts';
import type { Clock } from './clock.ts';
import { Paces } from './pace.ts';

/** Ms between two facts at the least, whatever a program does: a frame. */
const FRAME = 16;
/** Ms after which a small change is told, too. */
const PATIENCE = 1000;
/** Phases that wait at a time: bars that a program draws at once. The oldest is forgotten first. */
const MOST_WAITING = 8;
/** Phases whose last fact is known. */
const MOST_TOLD = 64;

const FIELDS = ['fraction', 'done', 'total', 'unit', 'rate', 'eta', 'phase'] as const;

interface Told {
  readonly progress: Progress;
  readonly time: number;
}

function same(a: Progress, b: Progress): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}

function keepNewest(map: Map<string, unknown>, most: number): void {
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

/**
 * Passes on what is worth a fact: in each phase another whole percent within a frame, the rest once a second, and
 * always the last state, with its rate and the time that is left. Costs next to nothing for what it does not pass on.
 */
export class Coalescer {
  readonly #clock: Clock;
  readonly #emit: (progress: Progress) => void;
  readonly #told = new Map<string, Told>();
  readonly #waiting = new Map<string, Progress>();
  readonly #paces = new Paces();
  #lastTime = Number.NEGATIVE_INFINITY;
  #due = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, emit: (progress: Progress) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  push(progress: Progress): void {
    const phase = progress.phase ?? '';
    // Again at the end, so that the last state is told last.
    this.#waiting.delete(phase);
    this.#waiting.set(phase, progress);
    keepNewest(this.#waiting, MOST_WAITING);
    const due = this.#dueOf(progress);
    if (due <= this.#clock.now()) this.#pass(phase, progress);
    else this.#wake(due);
  }

  /** Passes on what waits, at once. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#due = Number.POSITIVE_INFINITY;
    for (const [phase, progress] of this.#waiting) this.#pass(phase, progress);
  }

  #pass(phase: string, progress: Progress): void {
    this.#waiting.delete(phase);
    const last = this.#told.get(phase);
    if (last !== undefined && same(progress, last.progress)) return;
    this.#lastTime = this.#clock.now();
    this.#told.delete(phase);
    this.#told.set(phase, { progress, time: this.#lastTime });
    keepNewest(this.#told, MOST_TOLD);
    this.#emit(this.#paces.complete(progress, this.#lastTime));
  }

  #wake(due: number): void {
    if (due >= this.#due) return;
    this.#cancel?.();
    this.#due = due;
    this.#cancel = this.#clock.after(Math.max(0, due - this.#clock.now()), () => this.#passNext());
  }

  /** One in a frame, and then the next one. */
  #passNext(): void {
    this.#cancel = undefined;
    this.#due = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    const next = [...this.#waiting].find(([, progress]) => this.#dueOf(progress) <= now);
    if (next !== undefined) this.#pass(...next);
    for (const progress of this.#waiting.values()) this.#wake(this.#dueOf(progress));
  }

  #dueOf(progress: Progress): number {
    const frame = this.#lastTime + FRAME;
    const last = this.#told.get(progress.phase ?? '');
    return last === undefined || isBig(progress, last.progress)
      ? frame
      : Math.max(frame, last.time + PATIENCE);
  }
}

function isBig({ fraction }: Progress, last: Progress): boolean {
  if (fraction === undefined || last.fraction === undefined) return fraction !== last.fraction;
  return percentOf(fraction) !== percentOf(last.fraction);
}

/** As a person is shown it; rounding must not hide a whole one. */
function percentOf(fraction: number): number {
  return Math.floor(fraction * 100 + 1e-9);
}
