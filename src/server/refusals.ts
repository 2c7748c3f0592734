import { plainText } from '../protocol/escapes.ts';

const LINES = 60;
const LENGTH = 500;

/** Lines about refused requests: so many a minute, and then their number. Whoever asks in a loop fills no disk. */
export class Refusals {
  readonly #log: (line: string) => void;
  #minute = 0;
  #said = 0;
  #left = 0;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** What a client sent may be in it: it stays one line. */
  add(line: string): void {
    const minute = Math.floor(Date.now() / 60_000);
    if (minute !== this.#minute) {
      if (this.#left > 0) this.#log(`${this.#left} more requests were refused.`);
      this.#minute = minute;
      this.#said = 0;
      this.#left = 0;
    }
    this.#said += 1;
    if (this.#said <= LINES) this.#log(plainText(line.replace(/\s+/g, ' ').slice(0, LENGTH)));
    else this.#left += 1;
  }
}
