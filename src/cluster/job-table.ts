import type { Kept } from './kept.ts';
import type { Receiver } from './receiver.ts';
import type { RemoteJob, Taken } from './remote-job.ts';

/** A job of the run that is with the workers. */
export interface Sent {
  readonly remote: RemoteJob;
  readonly queue: string;
  readonly item: number;
  /** What its item is made from: see keys.ts. */
  readonly key: string;
  /** Where its letters come, and where it is kept in Redis. */
  readonly receiver: Receiver;
  readonly kept: Kept;
}

/** The jobs of a run that are with the workers. */
export class JobTable {
  readonly #jobs = new Map<string, Sent>();
  readonly #takes = new Map<string, Sent>();

  get size(): number {
    return this.#jobs.size;
  }

  get all(): readonly Sent[] {
    return [...this.#jobs.values()];
  }

  get(id: string): Sent | undefined {
    return this.#jobs.get(id);
  }

  ofTake(take: string): Sent | undefined {
    return this.#takes.get(take);
  }

  add(sent: Sent): void {
    this.#jobs.set(sent.remote.id, sent);
  }

  took(sent: Sent, { take }: Taken): void {
    this.#takes.set(take, sent);
  }

  forget({ remote, receiver }: Sent): void {
    const { id, taken } = remote;
    this.#jobs.delete(id);
    if (taken === undefined) return;
    this.#takes.delete(taken.take);
    receiver.forget(taken.take);
  }

  /** How many of them are in each queue or with its workers. */
  get given(): Map<string, number> {
    const given = new Map<string, number>();
    for (const { queue } of this.#jobs.values()) given.set(queue, (given.get(queue) ?? 0) + 1);
    return given;
  }
}
