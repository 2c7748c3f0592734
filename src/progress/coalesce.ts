import type { Progress } from '../protocol/events.ts';
import type { Clock } from './clock.ts';

/** Ms between two facts at the least, whatever a program does: a frame. */
const FRAME = 16;
/** Ms after which a small change is told, too. */
const PATIENCE = 1000;
const STEP = 0.01;

const FIELDS = ['fraction', 'done', 'total', 'unit', 'rate', 'eta', 'phase'] as const;

function same(a: Progress, b: Progress): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}

/**
 * Passes on what is worth a fact: a step of 1 % or another phase within a frame, the rest once a
 * second, and always the last state. Costs next to nothing for what it does not pass on.
 */
export class Coalescer {
  readonly #clock: Clock;
  readonly #emit: (progress: Progress) => void;
  #last: Progress | undefined;
  #lastTime = Number.NEGATIVE_INFINITY;
  #waiting: Progress | undefined;
  #due = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, emit: (progress: Progress) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  push(progress: Progress): void {
    this.#waiting = progress;
    const now = this.#clock.now();
    const due = this.#lastTime + (this.#isBig(progress) ? FRAME : PATIENCE);
    if (now >= due) {
      this.flush();
    } else if (this.#cancel === undefined || due < this.#due) {
      this.#cancel?.();
      this.#due = due;
      this.#cancel = this.#clock.after(due - now, () => this.flush());
    }
  }

  /** Passes on what waits, at once. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const progress = this.#waiting;
    this.#waiting = undefined;
    if (progress === undefined) return;
    if (this.#last !== undefined && same(progress, this.#last)) return;
    this.#last = progress;
    this.#lastTime = this.#clock.now();
    this.#emit(progress);
  }

  #isBig(progress: Progress): boolean {
    const last = this.#last;
    if (last === undefined || last.phase !== progress.phase) return true;
    if (progress.fraction === undefined || last.fraction === undefined) {
      return progress.fraction !== last.fraction;
    }
    // The end is always worth a fact; rounding must not hide a whole step.
    const change = Math.abs(progress.fraction - last.fraction);
    return change >= STEP - 1e-9 || (progress.fraction === 1 && last.fraction !== 1);
  }
}
