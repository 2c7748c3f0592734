import { EngineError } from '../engines/error.ts';
import { Queue } from '../engines/text/queue.ts';
import type { ToStep } from '../protocol/step.ts';

type Piece = Extract<ToStep, { type: 'piece' }>;

/** A text that comes in pieces while the step works on it. */
export class Pieces implements AsyncIterable<string> {
  readonly #queue = new Queue<Piece>();
  readonly #took: (piece: number) => void;
  #received = 0;
  #fraction: number | undefined;
  #whole = false;
  #file: string | undefined;

  /** @param took told the number of a piece once the next one is asked for */
  constructor(took: (piece: number) => void, signal: AbortSignal) {
    this.#took = took;
    signal.addEventListener('abort', () => this.#queue.fail(signal.reason), { once: true });
  }

  /**
   * About how many characters the text will have, by how far the step that makes it is; undefined where that
   * one does not say it.
   */
  get expected(): number | undefined {
    if (this.#whole) return this.#received;
    return this.#fraction ? this.#received / Math.min(1, this.#fraction) : undefined;
  }

  /** Path of what the step that made the text has made, once all of it came, where that is a file. */
  get file(): string | undefined {
    return this.#file;
  }

  push(piece: Piece): void {
    this.#received += piece.text.length;
    this.#fraction = piece.fraction ?? this.#fraction;
    this.#queue.push(piece);
  }

  end(file: string | undefined): void {
    this.#whole = true;
    this.#file = file;
    this.#queue.end();
  }

  /** Nothing more comes. */
  hostGone(): void {
    if (!this.#whole) this.#queue.fail(new EngineError('The text broke off: the runner has gone'));
  }

  /** Throws the reason of the signal. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string, undefined> {
    for await (const { piece, text } of this.#queue) {
      yield text;
      this.#took(piece);
    }
  }
}
