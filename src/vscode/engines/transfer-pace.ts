import { clock } from '../../protocol/progress.ts';

/** How far a transfer has come since the last word about it. */
export interface Told {
  /** Share of the whole that is new, 0 to 1. */
  readonly more: number;
  /** Time left, `0:40`; empty while it is not known. */
  readonly left: string;
}

/** Ms between two words about a transfer. */
const EVERY = 250;
/** Ms that a rate is taken over at least. */
const SETTLED = 1500;

/** The pace of one transfer, for people: told a few times a second, never backwards. */
export class TransferPace {
  #begun: { readonly time: number; readonly done: number } | undefined;
  #last = Number.NEGATIVE_INFINITY;
  #share = 0;

  /** @param now ms, as `performance.now` gives them. Nothing when it is too early for another word. */
  at(done: number, total: number, now: number): Told | undefined {
    this.#begun ??= { time: now, done };
    if (now - this.#last < EVERY && done < total) return undefined;
    this.#last = now;
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const more = Math.max(0, share - this.#share);
    this.#share += more;
    const took = now - this.#begun.time;
    const rate = took < SETTLED ? 0 : (done - this.#begun.done) / took;
    return { more, left: rate > 0 ? clock((total - done) / rate) : '' };
  }
}
