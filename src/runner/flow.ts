/** Characters that the next step may have before it, not worked up, until the step before is held. */
const HIGH = 16_384;
/** Below so many it may go on. */
const LOW = 4096;

/** What takes the text of a flow. */
export interface Taker {
  /** `fraction`: how far the step that makes the text is, where it says so. */
  piece(number: number, text: string, fraction: number | undefined): void;
  end(): void;
}

/**
 * The text that a step makes, on its way to the next one while it is being made. It keeps the whole text, as
 * the result of a step is kept; what has to be bounded lies in the steps.
 */
export class Flow {
  #text = '';
  #fraction: number | undefined;
  #ended = false;
  #taker: Taker | undefined;
  /** Characters of each piece that the taker has not worked up, the oldest first, and of all of them. */
  #before: number[] = [];
  #waiting = 0;
  #taken = 0;
  #held = false;
  #hold: (held: boolean) => void = () => {};

  /** All of the text so far. */
  get text(): string {
    return this.#text;
  }

  /** Whether the taker waits for text. */
  get idle(): boolean {
    return this.#before.length === 0;
  }

  /** How the step that makes the text is held back, and let go on. */
  set giver(hold: (held: boolean) => void) {
    this.#hold = hold;
    hold(this.#held);
  }

  push(text: string, fraction: number | undefined): void {
    if (text === '' || this.#ended) return;
    this.#text += text;
    this.#fraction = fraction;
    this.#give(text);
  }

  /** The text is whole: `text`, of which more may be there than has come. */
  end(text: string): void {
    if (this.#ended) return;
    if (text.startsWith(this.#text)) this.push(text.slice(this.#text.length), 1);
    this.#ended = true;
    this.#taker?.end();
  }

  /** The taker gets what is there at once, as one piece. It may be another one after an attempt that failed. */
  attach(taker: Taker): void {
    this.detach();
    this.#taker = taker;
    this.#give(this.#text);
    if (this.#ended) taker.end();
  }

  /** The taker is gone: nobody is held back any more. */
  detach(): void {
    this.#taker = undefined;
    this.#before = [];
    this.#waiting = 0;
    this.#taken = 0;
    this.#check();
  }

  /** The taker has worked up the pieces up to this number. */
  took(piece: number): void {
    while (this.#taken < piece && this.#before.length > 0) {
      this.#waiting -= this.#before.shift() ?? 0;
      this.#taken += 1;
    }
    this.#check();
  }

  #give(text: string): void {
    if (this.#taker === undefined || text === '') return;
    this.#before.push(text.length);
    this.#waiting += text.length;
    this.#taker.piece(this.#taken + this.#before.length, text, this.#fraction);
    this.#check();
  }

  #check(): void {
    const held = this.#waiting > (this.#held ? LOW : HIGH);
    if (held === this.#held) return;
    this.#held = held;
    this.#hold(held);
  }
}
