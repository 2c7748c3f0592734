export interface Disposable {
  dispose(): void;
}

/** Owns disposables. What is added after `dispose` is disposed of at once. */
export class Disposables implements Disposable {
  #items: Disposable[] | undefined = [];

  get disposed(): boolean {
    return this.#items === undefined;
  }

  add<T extends Disposable>(item: T): T {
    if (this.#items === undefined) item.dispose();
    else this.#items.push(item);
    return item;
  }

  /** Disposes of everything, last added first. Idempotent. */
  dispose(): void {
    const items = this.#items ?? [];
    this.#items = undefined;
    for (const item of items.reverse()) item.dispose();
  }
}

/** A disposable that calls `action` once. */
export function disposable(action: () => void): Disposable {
  let left: (() => void) | undefined = action;
  return {
    dispose() {
      const call = left;
      left = undefined;
      call?.();
    },
  };
}
