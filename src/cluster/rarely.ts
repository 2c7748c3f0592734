/** How long a line is not said again, in ms. */
const AGAIN_MS = 60_000;

/** Says what may happen again and again: each line once a minute. Whoever makes it happen fills no disk. */
export class Rarely {
  readonly #log: (line: string) => void;
  readonly #said = new Map<string, number>();

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  say(line: string): void {
    const now = performance.now();
    for (const [old, time] of this.#said) if (now - time >= AGAIN_MS) this.#said.delete(old);
    if (this.#said.has(line)) return;
    this.#said.set(line, now);
    this.#log(line);
  }
}
