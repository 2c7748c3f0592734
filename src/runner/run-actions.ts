import type { QueueMove } from '../protocol/panel.ts';
import type { RunState } from '../protocol/state.ts';
import type { RunHandle } from './client.ts';
import type { Runs } from './runs.ts';

/**
 * What may be asked of runs, from wherever the person asks. Each rejects when the runner refuses. A run
 * that has ended in the meantime is asked nothing.
 */
export class RunActions {
  readonly #runs: Runs;
  readonly #goOn: (run: RunHandle) => Promise<unknown>;

  /** `goOn` goes on in a new runner with a run whose own is gone. */
  constructor(runs: Runs, goOn: (run: RunHandle) => Promise<unknown>) {
    this.#runs = runs;
    this.#goOn = goOn;
  }

  async cancel(id: string, item?: number): Promise<void> {
    await this.#live(id)?.request('cancel', item === undefined ? {} : { items: [item] });
  }

  /** Ends what is under way, or one item, with the best that it has. */
  async finish(id: string, item?: number): Promise<void> {
    await this.#live(id)?.request('finish', item === undefined ? {} : { items: [item] });
  }

  async pause(id: string): Promise<void> {
    await this.#live(id)?.request('pause', {});
  }

  async resume(id: string): Promise<void> {
    await this.#live(id)?.request('resume', {});
  }

  /** Moves a queued item by one place, or to an end of the queue. */
  async move(id: string, item: number, to: QueueMove): Promise<void> {
    await this.#live(id)?.request('move', { item, to });
  }

  /** So many items of a run may be under way at once from now on, 1 to 256. Those that are under way go on. */
  async setConcurrency(id: string, concurrency: number): Promise<void> {
    const run = this.#live(id);
    if (run !== undefined && canSteer(run.state)) await run.request('concurrency', { concurrency });
  }

  /** Puts one item back in the queue; or all failed ones, or when none has failed the cancelled ones. */
  async retry(id: string, item?: number): Promise<void> {
    const run = this.#runs.get(id);
    if (run === undefined) return;
    const items = item === undefined ? toRetry(run) : [item];
    if (run.live) {
      const taken = await run.request('retry', { items }).catch((error: unknown) => {
        if (run.live) throw error;
        return false;
      });
      if (taken) return;
      await this.#gone(id);
    }
    await this.#goOn(this.#runs.get(id) ?? run);
  }

  /** Settles when the runner of a run that is ending has gone. The run's handle may change until then. */
  #gone(id: string): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#live(id) !== undefined) return;
        for (const listening of both) listening.dispose();
        resolve();
      };
      const both = [this.#runs.changed.on(look), this.#runs.removed.on(look)];
      look();
    });
  }

  #live(id: string): RunHandle | undefined {
    const run = this.#runs.get(id);
    return run?.live === true ? run : undefined;
  }
}

/** Whether the queue of a run goes on, so that it can be steered. */
export function canSteer({ state }: RunState): boolean {
  return state === 'running' || state === 'paused';
}

/** Whether something of a run can be ended with the best that it has. */
export function canFinish({ items, active }: RunState): boolean {
  return active.some((item) => items[item - 1]?.canFinish === true);
}

/** Whether something of a run can be done again: what failed, and once it is over what is left to do. */
export function canRetry({ state }: RunHandle, all: readonly RunHandle[]): boolean {
  if (state.ended === undefined) return state.counts.failed > 0;
  if (all.some((other) => other.state.run.resumes === state.run.id)) return false;
  const { done, skipped } = state.counts;
  return done + skipped < state.run.total;
}

function toRetry({ state }: RunHandle): number[] {
  const wanted = state.counts.failed > 0 ? 'failed' : 'cancelled';
  return state.items.filter((item) => item.state === wanted).map(({ item }) => item);
}
