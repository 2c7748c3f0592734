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
  readonly #onIdle: () => void;
  #concurrency: number;
  #paused = false;

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

  get concurrency(): number {
    return this.#concurrency;
  }

  set concurrency(concurrency: number) {
    this.#concurrency = concurrency;
    this.#fill();
  }

  has(item: number): boolean {
    return this.#waiting.includes(item);
  }

  add(items: readonly number[], place: 'first' | 'last'): void {
    if (place === 'first') this.#waiting.unshift(...items);
    else this.#waiting.push(...items);
    this.#fill();
  }

  /** Moves a waiting item; false when it does not wait. */
  move(item: number, place: 'first' | 'last'): boolean {
    if (!this.remove(item)) return false;
    this.add([item], place);
    return true;
  }

  /** Takes a waiting item out; false when it does not wait. */
  remove(item: number): boolean {
    const index = this.#waiting.indexOf(item);
    if (index >= 0) this.#waiting.splice(index, 1);
    return index >= 0;
  }

  /** Takes every waiting item out. */
  clear(): number[] {
    return this.#waiting.splice(0);
  }

  #fill(): void {
    while (!this.#paused && this.#active.size < this.#concurrency) {
      const item = this.#waiting.shift();
      if (item === undefined) return;
      this.#active.add(item);
      void this.#work(item).then(() => {
        this.#active.delete(item);
        this.#fill();
        this.#checkIdle();
      });
    }
  }

  #checkIdle(): void {
    if (this.#active.size === 0 && this.#waiting.length === 0) this.#onIdle();
  }
}
