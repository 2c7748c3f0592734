import type { Fact } from '../protocol/events.ts';
import type { Cluster } from './cluster.ts';
import type { JobTable } from './job-table.ts';
import type { Kept } from './kept.ts';
import type { Pool } from './pool.ts';
import type { Tickets } from './tickets.ts';
import { listed } from './workers.ts';

/** The run looks so often who is there, and says that it is there itself. */
const BEAT_MS = 1000;
/** Whether its jobs are still in Redis it asks at every so many beats. */
const CHECK_BEATS = 3;

export interface WatchParts {
  readonly cluster: Cluster;
  readonly tickets: Tickets;
  readonly pool: Pool;
  readonly kept: Kept;
  readonly jobs: JobTable;
  /** Tells the run. */
  readonly emit: (fact: Fact) => void;
  /** The pool has been looked at. */
  readonly onLook: () => void;
}

/** Sees from time to time which workers are there, and that the run's jobs are still in Redis. */
export class Watch {
  readonly #parts: WatchParts;
  /** Jobs that were not in Redis at the last look, and how many letters must have been read to be sure. */
  #missing = new Map<string, number>();
  #told = '';
  #beats = 0;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** Looks for the first time, and then at each beat. Rejects when that cannot be done. */
  async start(): Promise<void> {
    await this.#parts.kept.stay();
    await this.#look();
    await this.#tell();
    this.#next();
  }

  /** Tells the run what is known. */
  async #tell(): Promise<void> {
    const { pool, tickets, emit } = this.#parts;
    const waiting = await tickets.waiting(pool.places.keys());
    const fact: Fact = { type: 'workers', workers: pool.size, waiting };
    const told = JSON.stringify(fact);
    if (told === this.#told) return;
    this.#told = told;
    emit(fact);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#beating;
  }

  #next(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      // What cannot be asked now is asked at the next beat.
      this.#beating = this.#beat().catch(() => {});
      void this.#beating.then(() => this.#next());
    }, BEAT_MS);
  }

  async #beat(): Promise<void> {
    this.#beats += 1;
    await this.#look();
    if (await this.#parts.kept.stay()) this.#forgotten();
    else if (this.#beats % CHECK_BEATS === 0) await this.#check();
    await this.#balance();
    await this.#tell();
  }

  async #look(): Promise<void> {
    const { cluster, pool, onLook } = this.#parts;
    pool.know(await listed(cluster.redis, cluster.names));
    onLook();
  }

  /** Takes items back from queues whose workers are gone, or have more to do while others have nothing. */
  async #balance(): Promise<void> {
    const { pool, jobs } = this.#parts;
    const { given } = jobs;
    const spare = [...pool.places].reduce(
      (sum, [queue, places]) => sum + Math.max(0, places - (given.get(queue) ?? 0)),
      0,
    );
    let movable = spare;
    for (const { remote, queue } of jobs.all) {
      const places = pool.places.get(queue);
      const count = given.get(queue) ?? 0;
      const move = places === undefined || (movable > 0 && count > places);
      if (remote.taken !== undefined || !move) continue;
      movable -= 1;
      given.set(queue, count - 1);
      await remote.recall();
    }
  }

  /** Finds jobs that Redis does not have any more although nobody has said how they ended. */
  async #check(): Promise<void> {
    const { jobs, tickets } = this.#parts;
    const missing = new Map<string, number>();
    for (const { remote, queue, receiver } of jobs.all) {
      if (remote.settled || (await tickets.isOpen(queue, remote.id))) continue;
      // Its last letters were written before it went: they may not have been read.
      const unread = await receiver.unread();
      const enough = this.#missing.get(remote.id) ?? receiver.count + unread;
      const sure = this.#missing.has(remote.id) && (unread === 0 || receiver.count >= enough);
      if (sure) remote.lost('Redis does not have its job any more.');
      else missing.set(remote.id, enough);
    }
    this.#missing = missing;
  }

  #forgotten(): void {
    const { jobs, cluster, emit } = this.#parts;
    const { all } = jobs;
    const items =
      all.length === 0
        ? 'No item was under way there.'
        : `What was under way there, ${all.length === 1 ? 'one item' : `${all.length} items`}, is begun anew; what is finished is kept.`;
    emit({
      type: 'note',
      level: 'warning',
      message: `Redis at ${cluster.address.shown} has forgotten this run: it was restarted without its data, or emptied. ${items} With \`appendonly yes\` Redis keeps its data.`,
    });
    for (const { remote } of all) remote.lost('Redis was restarted and has forgotten the item.');
  }
}
