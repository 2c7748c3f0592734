import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Cluster } from './cluster.ts';
import { KEPT_MS } from './names.ts';
import { steadily } from './redis.ts';
import type { Trust } from './trust.ts';

const SINCE = 'since';

const jobSchema = z.object({
  /** Of its item: what it is made from. */
  key: z.string(),
  queue: z.string(),
  /** By whom, once a worker has it. */
  taken: z.object({ take: z.string(), worker: z.string(), name: z.string() }).optional(),
});

type Job = z.output<typeof jobSchema>;

/** A job that is with the workers. */
export type KeptJob = Job & { readonly id: string };

/** What Redis keeps of a run for whoever goes on with it: its jobs that have not ended, and their letters. */
export class Kept {
  readonly #redis: Redis;
  readonly #run: string;
  readonly #letters: string;
  readonly #trust: Trust | undefined;

  /** @param trust signs what is kept: whoever could change it could give one item the result of another */
  constructor({ redis, names, trust }: Pick<Cluster, 'redis' | 'names' | 'trust'>, run: string) {
    this.#redis = redis;
    this.#trust = trust;
    this.#run = names.run(run);
    this.#letters = names.toRun(run);
  }

  /** The jobs; `undefined` when nothing is kept of the run. */
  async all(): Promise<KeptJob[] | undefined> {
    const found = await this.#redis.hgetall(this.#run);
    if (found[SINCE] === undefined) return undefined;
    return Object.entries(found).flatMap(([id, value]) => {
      if (id === SINCE) return [];
      try {
        return [{ id, ...jobSchema.parse(JSON.parse(this.#unsealed(id, value))) }];
      } catch {
        return [];
      }
    });
  }

  /** Says that the run is there. True when Redis knew nothing of it. */
  async stay(): Promise<boolean> {
    const [isNew] = await steadily(this.#redis, () =>
      Promise.all([
        this.#redis.hsetnx(this.#run, SINCE, Date.now()),
        this.#redis.pexpire(this.#run, KEPT_MS),
        this.#redis.pexpire(this.#letters, KEPT_MS),
      ]),
    );
    return isNew === 1;
  }

  async put(id: string, { key, queue, taken }: Job): Promise<void> {
    const json = JSON.stringify({ key, queue, taken });
    const signature = this.#trust?.sign([this.#run, id, json]).toString('base64url') ?? '';
    await steadily(this.#redis, () => this.#redis.hset(this.#run, id, `${signature} ${json}`));
  }

  async remove(id: string): Promise<void> {
    await steadily(this.#redis, () => this.#redis.hdel(this.#run, id));
  }

  /** Throws where it is not signed as it should be. */
  #unsealed(id: string, value: string): string {
    const [signature = '', json = ''] = value.split(/ (.*)/s);
    const bytes = Buffer.from(signature, 'base64url');
    if (this.#trust?.signed([this.#run, id, json], bytes) === false) throw new Error('not signed');
    return json;
  }

  /** Keeps nothing any more. */
  async end(): Promise<void> {
    await steadily(this.#redis, () => this.#redis.del(this.#run, this.#letters));
  }
}
