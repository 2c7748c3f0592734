/** Values pushed by a callback, read by `for await`; it holds what is not read yet. */
export class Queue<T> implements AsyncIterable<T> {
  readonly #values: T[] = [];
  #ended = false;
  #failure: { error: unknown } | undefined;
  #wake: () => void = () => undefined;

  push(value: T): void {
    this.#values.push(value);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, undefined> {
    for (;;) {
      const value = this.#values.shift();
      if (value !== undefined) {
        yield value;
      } else if (this.#failure) {
        throw this.#failure.error;
      } else if (this.#ended) {
        return undefined;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
