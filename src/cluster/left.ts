import { layoutOf, runLayout } from '../runner/layout.ts';
import { loadState } from '../runner/load.ts';
import type { Cluster } from './cluster.ts';
import { Kept, type KeptJob } from './kept.ts';
import type { Tickets } from './tickets.ts';

/** What a runner that is gone has left with workers: it is gone on with. */
export class Left {
  readonly #jobs: Map<string, KeptJob>;
  /** Letters of these takings wait until somebody reads them. */
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();
  readonly kept: Kept;
  readonly run: string;

  private constructor(run: string, kept: Kept, jobs: readonly KeptJob[]) {
    this.run = run;
    this.kept = kept;
    this.#jobs = new Map(jobs.map((job) => [job.key, job]));
    for (const { taken } of jobs) {
      if (taken !== undefined) this.#waiting.set(taken.take, Promise.withResolvers());
    }
  }

  /**
   * Finds what is left of a run; tickets that no worker has taken are taken back. `undefined` when there is nothing to
   * go on with.
   *
   * @param onForgotten called when Redis has nothing of a run that it should know
   */
  static async of(
    run: string,
    workspace: string,
    cluster: Cluster,
    tickets: Tickets,
    onForgotten: () => void,
  ): Promise<Left | undefined> {
    const kept = new Kept(cluster, run);
    const jobs = await kept.all();
    if (jobs === undefined) {
      const state = await loadState(runLayout(layoutOf(workspace), run));
      if (state?.run.queue !== undefined) onForgotten();
      return undefined;
    }
    const begun = jobs.filter(({ taken }) => taken !== undefined);
    for (const { queue, id, taken } of jobs) {
      if (taken === undefined) await tickets.remove(queue, id);
    }
    return begun.length === 0 ? undefined : new Left(run, kept, begun);
  }

  /** Those that nobody has asked for. */
  get all(): readonly KeptJob[] {
    return [...this.#jobs.values()];
  }

  /** The job of the item with this key; it is given once. */
  take(key: string): KeptJob | undefined {
    const job = this.#jobs.get(key);
    this.#jobs.delete(key);
    return job;
  }

  /** Resolves when what comes of a taking has somebody who reads it, or never will have. */
  async read(take: string): Promise<void> {
    await this.#waiting.get(take)?.promise;
  }

  /** Somebody reads what comes of a taking now; of all of them without one. */
  begin(take?: string): void {
    const takes = take === undefined ? [...this.#waiting.keys()] : [take];
    for (const one of takes) {
      this.#waiting.get(one)?.resolve();
      this.#waiting.delete(one);
    }
  }
}
