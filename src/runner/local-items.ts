import type { MemoryNeeds } from '../batch/memory.ts';
import type { Batch } from '../batch/schema.ts';
import type { Executor } from './executor.ts';
import type { ItemExecutor, ItemJob } from './item-executor.ts';
import { runSteps } from './steps.ts';

/** Does the steps of items on this machine. */
export class LocalItems implements ItemExecutor {
  readonly memory: MemoryNeeds;
  readonly #batch: Batch;
  readonly #executors: readonly Executor[];

  /** @param executors one for each step of the batch */
  constructor(batch: Batch, executors: readonly Executor[], memory: MemoryNeeds) {
    this.memory = memory;
    this.#batch = batch;
    this.#executors = executors;
  }

  async run(job: ItemJob): Promise<void> {
    const signal = await job.begin();
    await runSteps({ job, batch: this.#batch, executors: this.#executors }, signal);
    // Only what stays warm keeps anything.
    await job.forget(
      [...this.#executors.keys()].filter((step) => this.#executors[step]?.streams !== undefined),
    );
  }

  finish(item: number): boolean {
    const asked = this.#executors.filter((executor) => executor.finish?.(item) === true);
    return asked.length > 0;
  }

  hold(held: boolean): void {
    for (const executor of this.#executors) executor.hold(held);
  }

  async close(): Promise<void> {
    await Promise.all(this.#executors.map((executor) => executor.close()));
  }
}
