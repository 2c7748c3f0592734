/** Characters that a taker may have before it, not worked up, until the step that makes the text is held. */
const HIGH = 16_384;
/** Below so many it may go on. */
const LOW = 4096;

/** What takes the text of a flow. */
export interface Taker {
  /** `fraction`: how far the step that makes the text is, where it says so. */
  piece(number: number, text: string, fraction: number | undefined): void;
  /** The text is whole; `file` is the path of what the step has made, where that is a file. */
  end(file: string | undefined): void;
}

/**
 * The text that a step makes, on its way to the steps that take it while it is being made. It keeps the whole text,
 * as the result of a step is kept; what has to be bounded lies in the steps.
 */
export class Flow {
  #text = '';
  #fraction: number | undefined;
  #end: { readonly file: string | undefined } | undefined;
  readonly #readers: FlowReader[] = [];
  #held = false;
  #hold: (held: boolean) => void = () => {};

  /** All of the text so far. */
  get text(): string {
    return this.#text;
  }

  /** How the step that makes the text is held back, and let go on. */
  set giver(hold: (held: boolean) => void) {
    this.#hold = hold;
    hold(this.#held);
  }

  /** The way of one taker to the text; each has its own pace, and the slowest one holds the giver. */
  reader(): FlowReader {
    const reader = new FlowReader(this, () => this.#check());
    this.#readers.push(reader);
    return reader;
  }

  push(text: string, fraction: number | undefined): void {
    if (text === '' || this.#end !== undefined) return;
    this.#text += text;
    this.#fraction = fraction;
    for (const reader of this.#readers) reader.give(text, fraction);
  }

  /** The text is whole: `made`, of which more may be there than has come. A file need not have the text in it. */
  end(made: { readonly text: string } | { readonly file: string } | undefined): void {
    if (this.#end !== undefined) return;
    if (made !== undefined && 'text' in made && made.text.startsWith(this.#text)) {
      this.push(made.text.slice(this.#text.length), 1);
    }
    this.#end = { file: made !== undefined && 'file' in made ? made.file : undefined };
    for (const reader of this.#readers) reader.end(this.#end.file);
  }

  /** Gives a taker what is there. */
  catchUp(reader: FlowReader): void {
    reader.give(this.#text, this.#fraction);
    if (this.#end !== undefined) reader.end(this.#end.file);
  }

  #check(): void {
    const limit = this.#held ? LOW : HIGH;
    const held = this.#readers.some((reader) => reader.waiting > limit);
    if (held === this.#held) return;
    this.#held = held;
    this.#hold(held);
  }
}

/** One taker's end of a flow. */
export class FlowReader {
  readonly #flow: Flow;
  readonly #check: () => void;
  #taker: Taker | undefined;
  /** Characters of each piece that the taker has not worked up, the oldest first. */
  #before: number[] = [];
  #waiting = 0;
  #taken = 0;
  #touched = false;

  constructor(flow: Flow, check: () => void) {
    this.#flow = flow;
    this.#check = check;
  }

  /** Characters that the taker has not worked up. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether the taker waits for text. */
  get idle(): boolean {
    return this.#before.length === 0;
  }

  /** Whether a taker has ever worked up some of the text. */
  get touched(): boolean {
    return this.#touched;
  }

  /** The taker gets what is there at once, as one piece. It may be another one after an attempt that failed. */
  attach(taker: Taker): void {
    this.detach();
    this.#taker = taker;
    this.#flow.catchUp(this);
  }

  /** The taker is gone: it holds nobody back any more. */
  detach(): void {
    this.#taker = undefined;
    this.#before = [];
    this.#waiting = 0;
    this.#taken = 0;
    this.#check();
  }

  /** The taker has worked up the pieces up to this number. */
  took(piece: number): void {
    this.#touched = true;
    while (this.#taken < piece && this.#before.length > 0) {
      this.#waiting -= this.#before.shift() ?? 0;
      this.#taken += 1;
    }
    this.#check();
  }

  give(text: string, fraction: number | undefined): void {
    if (this.#taker === undefined || text === '') return;
    this.#before.push(text.length);
    this.#waiting += text.length;
    this.#taker.piece(this.#taken + this.#before.length, text, fraction);
    this.#check();
  }

  end(file: string | undefined): void {
    this.#taker?.end(file);
  }
}
