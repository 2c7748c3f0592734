/** The last so many values of a row, in order, so that their median is at hand. They are zeros at first. */
export class SortedWindow {
  readonly #sorted: Float32Array;

  /** @param length an odd number */
  constructor(length: number) {
    this.#sorted = new Float32Array(length);
  }

  get median(): number {
    return this.#sorted[this.#sorted.length >> 1] ?? 0;
  }

  clear(): void {
    this.#sorted.fill(0);
  }

  /** Puts a value into the place of one that is in the window. */
  replace(old: number, value: number): void {
    const sorted = this.#sorted;
    let at = 0;
    while (at < sorted.length - 1 && (sorted[at] ?? 0) < old) at += 1;
    for (; at > 0 && (sorted[at - 1] ?? 0) > value; at -= 1) sorted[at] = sorted[at - 1] ?? 0;
    for (; at < sorted.length - 1 && (sorted[at + 1] ?? 0) < value; at += 1) {
      sorted[at] = sorted[at + 1] ?? 0;
    }
    sorted[at] = value;
  }
}
