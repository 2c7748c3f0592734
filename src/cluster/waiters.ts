/** Those who wait for something to change. */
export class Waiters {
  readonly #waiting = new Set<{ wake(): void; reject(reason: unknown): void }>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Resolves with `wake`. Rejects as `reject` says, or with the reason of the signal. */
  async wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { wake: resolve, reject };
    const stop = (): void => reject(signal.reason);
    this.#waiting.add(waiter);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await promise;
    } finally {
      this.#waiting.delete(waiter);
      signal.removeEventListener('abort', stop);
    }
  }

  wake(): void {
    for (const { wake } of this.#waiting) wake();
  }

  reject(reason: unknown): void {
    for (const { reject } of this.#waiting) reject(reason);
  }
}
