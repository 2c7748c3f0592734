import { loading } from './loading.ts';
import type { StepContext } from './serve.ts';

/** A model of a step: loaded when it is first asked for, again when that failed, and kept from item to item. */
export class Warm<Model extends { close(): void | Promise<void> }> {
  readonly #load: (how: ReturnType<typeof loading>) => Promise<Model>;
  #model: Promise<Model> | undefined;

  constructor(load: (how: ReturnType<typeof loading>) => Promise<Model>) {
    this.#load = load;
  }

  /** @param context of the item that waits for it, and tells how far it is */
  for(context: StepContext): Promise<Model> {
    this.#model ??= this.#load(loading(context));
    this.#model.catch(() => {
      this.#model = undefined;
    });
    return this.#model;
  }

  async close(): Promise<void> {
    await this.#model?.then((model) => model.close()).catch(() => {});
  }
}
