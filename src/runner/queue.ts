/** What a queue asks of its owner: do an item, and settle when it is done with for now. */
export type Work = (item: number) => Promise<void>;

/**
 * Items in order, some of them under way at once. Can be paused, reordered, and widened or narrowed
 * while it works. `work` must not reject.
 */
export class Queue {
  readonly #work: Work;
  readonly #waiting: number[];
  readonly #active = new Set<number>();
  /** Those under way that take no place any more. */
  readonly #ending = new Set<number>();
  readonly #onIdle: () => void;
  #concurrency: number;
  #paused = false;
  #held = false;

  /** @param onIdle told each time that nothing waits and nothing is under way */
  constructor(items: readonly number[], concurrency: number, work: Work, onIdle: () => void) {
    this.#waiting = [...items];
    this.#concurrency = concurrency;
    this.#work = work;
    this.#onIdle = onIdle;
  }

  start(): void {
    this.#fill();
    this.#checkIdle();
  }

  get paused(): boolean {
    return this.#paused;
  }

  set paused(paused: boolean) {
    this.#paused = paused;
    this.#fill();
  }

  /** While it is held, for another reason than a person's, no more items begin. */
  set held(held: boolean) {
    this.#held = held;
    this.#fill();
  }

  get concurrency(): number {
    return this.#concurrency;
  }

  set concurrency(concurrency: number) {
    this.#concurrency = concurrency;
    this.#fill();
  }

  /** The items that wait, in their order. */
  get waiting(): readonly number[] {
    return this.#waiting;
  }

  add(items: readonly number[], place: 'first' | 'last'): void {
    if (place === 'first') this.#waiting.unshift(...items);
    else this.#waiting.push(...items);
    this.#fill();
  }

  /** Moves a waiting item to the place before another one, or to the end. */
  move(item: number, before: number | undefined): void {
    if (!this.remove(item)) return;
    const place = before === undefined ? -1 : this.#waiting.indexOf(before);
    this.#waiting.splice(place < 0 ? this.#waiting.length : place, 0, item);
    this.#fill();
  }

  /** Takes a waiting item out; false when it does not wait. */
  remove(item: number): boolean {
    const index = this.#waiting.indexOf(item);
    if (index >= 0) this.#waiting.splice(index, 1);
    return index >= 0;
  }

  /** An item under way is being ended, and its end does not hold up the next one. */
  leave(item: number): void {
    if (!this.#active.has(item)) return;
    this.#ending.add(item);
    this.#fill();
  }

  /** Takes every waiting item out. */
  clear(): number[] {
    return this.#waiting.splice(0);
  }

  get #taken(): number {
    return this.#active.size - this.#ending.size;
  }

  #fill(): void {
    while (!this.#paused && !this.#held && this.#taken < this.#concurrency) {
      // An item may be put back while its work is still ending.
      const next = this.#waiting.findIndex((waiting) => !this.#active.has(waiting));
      const [item] = next < 0 ? [] : this.#waiting.splice(next, 1);
      if (item === undefined) return;
      this.#active.add(item);
      void this.#work(item).then(() => {
        this.#active.delete(item);
        this.#ending.delete(item);
        this.#fill();
        this.#checkIdle();
      });
    }
  }

  #checkIdle(): void {
    if (this.#active.size === 0 && this.#waiting.length === 0) this.#onIdle();
  }
}
