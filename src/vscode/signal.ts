import { type Disposable, disposable } from './disposables.ts';

/** Something that happens, with a value, to whoever listens. Listeners are called in their order. */
export class Signal<T> {
  readonly #listeners = new Set<(value: T) => void>();

  on(listener: (value: T) => void): Disposable {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return disposable(() => this.#listeners.delete(own));
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}
