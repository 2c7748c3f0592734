/** A part of a sound: where it is in the whole, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** When a part is to start. */
export interface Start {
  /** Of the clock, in seconds. */
  readonly at: number;
  /** Where the part is begun, in seconds of the whole sound: later than its start after a seek into it. */
  readonly from: number;
  /** The end of the part, in seconds of the whole sound. */
  readonly end: number;
}

/** What is to start sooner, in seconds, would reach the audio thread too late, and start late. */
const LEAD = 0.02;

/**
 * When the parts of a sound start that are played while the sound is being made: each as far behind the one before
 * as it stands in the whole. A part that comes too late starts as soon as it can, and all that follow it move with it.
 * So nothing overlaps, and nothing that came in time has a gap before it.
 *
 * It has no clock of its own: `now` is that of whoever plays, in seconds.
 */
export class Schedule {
  readonly #from: number;
  readonly #speed: number;
  readonly #starts: Start[] = [];
  /** A second of the clock, and the second of the sound that is due at it. */
  #due: { readonly at: number; readonly second: number };

  /** Plays from a second of the sound, at `now`. */
  constructor(from: number, speed: number, now: number) {
    this.#from = from;
    this.#speed = speed;
    this.#due = { at: now + LEAD, second: from };
  }

  /** Adds the part that follows those that were added before. One that ends before the place to begin at is none. */
  add(part: Span, now: number): Start {
    const from = Math.max(part.start, this.#from);
    const due = this.#due.at + (from - this.#due.second) / this.#speed;
    const at = Math.max(due, now + LEAD);
    if (at > due) this.#due = { at, second: from };
    const start = { at, from, end: Math.max(from, part.end) };
    this.#starts.push(start);
    return start;
  }

  /** The second of the sound that is heard. It stands still where the next part has not come. */
  second(now: number): number {
    const index = this.#starts.findLastIndex(({ at }) => at <= now);
    const start = this.#starts[index];
    if (start === undefined) return this.#from;
    const until = this.#starts[index + 1]?.from ?? start.end;
    return Math.min(until, start.from + (now - start.at) * this.#speed);
  }

  /** When the last part that was added is over, by the clock; when it began, before there is one. */
  get over(): number {
    const last = this.#starts.at(-1);
    return last === undefined ? this.#due.at : last.at + (last.end - last.from) / this.#speed;
  }
}
