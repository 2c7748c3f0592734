/** Something that happens, with a value, to whoever listens. Listeners are called in their order. */
export class Signal<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** `dispose` of the answer stops it. */
  on(listener: (value: T) => void): { dispose(): void } {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return { dispose: () => void this.#listeners.delete(own) };
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}
