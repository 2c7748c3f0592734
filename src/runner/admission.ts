import type { Waits } from '../protocol/events.ts';
import { gigabytes } from '../protocol/log-lines.ts';
import type { MemoryGuard } from './memory.ts';

/** Ms between two looks at the memory while an item waits for it. */
const LOOK = 1000;

/** What an admission does with the queue and tells of it. */
export interface Gate {
  /** No more items begin, or they do again. */
  hold(held: boolean): void;
  waits(item: number, waits: Waits): void;
  warn(message: string): void;
}

/** An item on its way in. */
export interface Pass {
  /** Asks for what the item needs. With false it goes back to the head of the queue. */
  mayBegin(): boolean;
  /** The item is back in the queue, or its attempt is over. */
  leave(): void;
}

const FREE: Pass = { mayBegin: () => true, leave: () => {} };

/**
 * Lets items begin one at a time while there is not memory for any number of them, so that the order is the
 * queue's: an item that finds none goes back, and all wait until memory may be free.
 */
export class Admission {
  readonly #memory: MemoryGuard;
  readonly #gate: Gate;
  #asking = false;
  #timer: NodeJS.Timeout | undefined;
  #warned = false;

  constructor(memory: MemoryGuard, gate: Gate) {
    this.#memory = memory;
    this.#gate = gate;
  }

  /** To be called when the queue gives an item out. */
  enter(item: number): Pass {
    if (!this.#memory.matters) return FREE;
    this.#asking = true;
    let asks = true;
    let claims = false;
    const asked = (): void => {
      if (asks) this.#asking = false;
      asks = false;
      this.#hold();
    };
    this.#hold();
    return {
      mayBegin: () => {
        const answer = this.#memory.ask();
        if ('waits' in answer) {
          this.#gate.waits(item, answer.waits);
          this.#timer ??= setTimeout(() => this.#look(), LOOK);
          return false;
        }
        claims = true;
        if (answer.short !== undefined) this.#warn(answer.short);
        asked();
        return true;
      },
      leave: () => {
        asked();
        if (!claims) return;
        claims = false;
        this.#memory.release();
        this.#look();
      },
    };
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#hold();
  }

  #hold(): void {
    this.#gate.hold(this.#asking || this.#timer !== undefined);
  }

  #warn({ needs, free }: Waits): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#gate.warn(
      `Memory is short: an item needs ${gigabytes(needs)} GB, and ${gigabytes(free)} GB are free. Items go one at a time.`,
    );
  }
}
