import { lastSentenceStart } from './prose.ts';

/** So many characters that stand at both sides of the cut are no chance. */
const OVERLAP = 12;
const LETTER = /[\p{L}\p{N}]/u;

/**
 * The rest of a text that broke off, as a model writes it when it is asked to go on: it often says again the
 * sentence that was cut, or words of it, and leaves out the space before its first word.
 */
export class Rest {
  readonly #begun: string;
  readonly #sentence: string;
  #held: string | undefined = '';

  constructor(begun: string) {
    this.#begun = begun;
    this.#sentence = begun.slice(lastSentenceStart(begun));
  }

  /** Takes a piece and gives what is new in it; nothing before enough has come to tell. */
  push(piece: string): string {
    if (this.#held === undefined) return piece;
    this.#held += piece;
    return this.#held.trim().length > this.#sentence.length ? this.end() : '';
  }

  /** Gives what was held back. */
  end(): string {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined || held.trim() === '') return '';
    const said = held.trimStart();
    const again = this.#again(said);
    if (again > 0) return said.slice(again);
    const apart = said !== held || !/\S$/.test(this.#begun);
    return !apart && LETTER.test(said[0] ?? '') ? ` ${said}` : held;
  }

  /** Characters at the beginning that stand at the end of what there is. */
  #again(said: string): number {
    const begun = this.#begun;
    const most = Math.min(this.#sentence.length, said.length);
    for (
      let length = most;
      length >= Math.min(OVERLAP, this.#sentence.length) && length > 0;
      length -= 1
    ) {
      if (begun.endsWith(said.slice(0, length))) return length;
    }
    return 0;
  }
}
