import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Job, Worker as QueueWorker, UnrecoverableError } from 'bullmq';
import type { Redis } from 'ioredis';
import { StepFailure } from '../runner/failure.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { CLUSTER_VERSION, type Order } from './messages.ts';
import { KEPT_MS } from './names.ts';
import { type Offer, queueOf, type WorkerInfo, whyNot } from './offer.ts';
import { Rarely } from './rarely.ts';
import { Receiver } from './receiver.ts';
import { steadily } from './redis.ts';
import { Sender } from './sender.ts';
import { Sites } from './sites.ts';
import { makeStateFolder } from './state-folder.ts';
import { Storage } from './storage.ts';
import { Take } from './take.ts';
import { type Ticket, ticketSchema } from './tickets.ts';
import { list, unlist } from './workers.ts';

/** How often a worker says that it is there, and looks whether the runs of its items are. */
const BEAT_MS = 3000;
/** A worker that is to end waits so many ms for a Redis that is gone, and looks so often whether it is back. */
const HOPELESS_MS = 3000;
const LOOK_MS = 250;
/** A run that has said nothing for so many ms gets no new item done. */
const SILENT_RUN_MS = 60_000;

export interface WorkerOptions {
  readonly url: string;
  /** The file that holds the key, where there is one. */
  readonly key: string | undefined;
  readonly name: string;
  /** Items at once. */
  readonly places: number;
  /** Built-in steps that it offers. */
  readonly steps: readonly string[];
  /** Whether it runs programs; only for those whose key it trusts. */
  readonly run: boolean;
  /** A folder where a run's workspace may be found, when this machine shares it. */
  readonly workspace: string | undefined;
  /** Items that all workers of the same kind may begin together within so many ms. */
  readonly rate: { readonly max: number; readonly duration: number } | undefined;
  /** Where it leaves results, when it does not send them to their run: see takeStorage. */
  readonly results: string | undefined;
  /** Ms that it may be away until its items go to another worker. */
  readonly lease: number;
  /** Lines for people. */
  readonly log: (line: string) => void;
}

interface Active {
  readonly take: Take;
  readonly job: string;
  readonly run: string;
}

/** Takes items from a queue and does their steps. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #rarely: Rarely;
  readonly #cluster: Cluster;
  readonly #info: WorkerInfo;
  readonly #sites: Sites;
  readonly #folder: string;
  readonly #active = new Map<string, Active>();
  readonly #storage: Storage | undefined;
  readonly #receiver: Receiver;
  readonly #queue: QueueWorker<Ticket>;
  readonly #own: Redis;
  /** Runs that were not in Redis at the last look. */
  #gone: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #draining = false;
  #stopped = false;

  private constructor(
    options: WorkerOptions,
    cluster: Cluster,
    { blocking, own }: { blocking: Redis; own: Redis },
    { folder, tag }: { folder: string; tag: string },
    storage: Storage | undefined,
  ) {
    const { name, places, steps, run, workspace, lease, rate } = options;
    const { redis, names, trust } = cluster;
    const key = trust?.id;
    const offer: Offer = {
      version: CLUSTER_VERSION,
      steps: [...steps],
      run,
      ...(key === undefined ? {} : { key }),
    };
    this.#options = options;
    this.#rarely = new Rarely(options.log);
    this.#cluster = cluster;
    this.#own = own;
    this.#storage = storage;
    this.#folder = folder;
    this.#info = { id: randomBytes(9).toString('base64url'), name, places, offer };
    this.#sites = new Sites({ folder, kept: join(folder, 'kept'), tag, places, workspace });
    this.#receiver = new Receiver(
      { blocking, redis, trust, stream: names.toWorker(this.#info.id) },
      {
        read: (letter) => this.#active.get(letter.take)?.take.read(letter),
        knows: (take) => this.#active.has(take),
        lost: (take) => this.#active.get(take)?.take.stop(handBack('What its run said was lost.')),
        unknown: () =>
          this.#rarely.say('something in Redis that is not signed by the key was thrown away'),
        broken: (error) => this.stop(`Redis refused to be read: ${error.message}`),
      },
    );
    this.#queue = new QueueWorker<Ticket>(queueOf(offer), (job) => this.#do(job), {
      connection: own,
      prefix: names.prefix,
      name,
      concurrency: places,
      lockDuration: lease,
      lockRenewTime: lease / 4,
      stalledInterval: lease / 4,
      // What becomes of an item whose worker is gone is for its run to say: see #do.
      maxStalledCount: 100,
      ...(rate === undefined ? {} : { limiter: rate }),
    });
    // What happens to its connection is told elsewhere.
    this.#queue.on('error', ({ name, message }) => {
      if (name === 'ReplyError') this.#rarely.say(`Redis refuses: ${message}`);
    });
    this.#queue.on('lockRenewalFailed', (jobs) => {
      for (const { take, job } of this.#active.values()) {
        if (jobs.includes(job)) take.stop(handBack('Its worker was away for too long.'));
      }
    });
  }

  /** Rejects with QueueError when the queue, or the storage for results, cannot be had. */
  static async start(options: WorkerOptions): Promise<Worker> {
    const { results } = options;
    const storage = results === undefined ? undefined : await Storage.open(results, process.env);
    const cluster = await openCluster(options.url, options.key, (why) => {
      options.log(why === undefined ? 'Redis is back' : `Redis is lost: ${why}`);
    });
    const [blocking, own] = await Promise.all([cluster.connect(), cluster.connect()]);
    const worker = new Worker(
      options,
      cluster,
      { blocking, own },
      await makeStateFolder(),
      storage,
    );
    await worker.#queue.waitUntilReady();
    await list(cluster.redis, cluster.names, worker.#info);
    worker.#beat();
    return worker;
  }

  get offer(): Offer {
    return this.#info.offer;
  }

  /** Items under way. */
  get active(): number {
    return this.#active.size;
  }

  /**
   * Takes no more items, ends those that it has, and lets go of everything but of connections that are lost: BullMQ
   * goes on to connect them. While Redis is gone, what it has waits until that is back, or until `stop`. Idempotent.
   */
  async drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    clearTimeout(this.#timer);
    await Promise.race([this.#letGo(), this.#hopeless()]);
    clearTimeout(this.#timer);
    await this.#sites.close();
    this.#cluster.redis.disconnect();
    this.#own.disconnect();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #letGo(): Promise<void> {
    const { redis, names } = this.#cluster;
    await unlist(redis, names, this.#info.id).catch(() => {});
    await this.#queue.close();
    await this.#sites.close();
    await this.#receiver.close();
    await redis.del(names.toWorker(this.#info.id)).catch(() => {});
  }

  /** Resolves when Redis has been gone for a while, and nothing is under way that shall be waited for. */
  async #hopeless(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let gone = 0;
    const look = (): void => {
      const waits = this.#active.size > 0 && !this.#stopped;
      gone = waits || this.#cluster.redis.status === 'ready' ? 0 : gone + LOOK_MS;
      if (gone > HOPELESS_MS) resolve();
      else this.#timer = setTimeout(look, LOOK_MS);
    };
    look();
    await promise;
    await this.#receiver.close();
  }

  /** Gives the items back that are under way: others do them. */
  stop(why: string): void {
    this.#stopped = true;
    for (const { take } of this.#active.values()) take.stop(handBack(why));
  }

  async #do({ id = '', data, attemptsStarted }: Job<Ticket>): Promise<void> {
    const ticket = ticketSchema.parse(data);
    const { run, item, name } = ticket;
    const { redis, names, trust } = this.#cluster;
    if ((await steadily(redis, () => redis.exists(names.run(run)))) === 0) {
      this.#rarely.say('items of runs that are over were thrown away');
      return;
    }
    const takeId = randomBytes(12).toString('base64url');
    const stream = names.toRun(run);
    const sender = (onHeld: (held: boolean) => void): Sender =>
      new Sender({ redis, trust, stream, take: takeId, onHeld });
    if (attemptsStarted > 1) {
      // The one who had it is gone. The run says what to do: it knows what came of it.
      const report = sender(() => {});
      report.send({ type: 'lost', job: id });
      await report.sent();
      return;
    }
    const take = new Take({
      id: takeId,
      sites: this.#sites,
      storage: this.#storage,
      sender,
      whyNot: (order) => this.#whyNot(order, ticket),
    });
    const started = performance.now();
    this.#active.set(takeId, { take, job: id, run });
    const silent = this.#watchSilence(run, take);
    try {
      const { id: worker, name: own } = this.#info;
      const { how, dead } = await take.do({ type: 'took', job: id, worker, name: own });
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      this.#options.log(`${name}, item ${item}: ${how}, ${seconds} s`);
      if (dead !== undefined) throw new UnrecoverableError(dead);
    } finally {
      silent();
      this.#active.delete(takeId);
      this.#receiver.forget(takeId);
    }
  }

  #whyNot(order: Order, ticket: Ticket): string | undefined {
    if (order.run !== ticket.run || order.item.item !== ticket.item) return 'it is another item';
    return whyNot(this.#info.offer, order.steps, this.#cluster.trust?.id);
  }

  /** Gives an item up whose run does not say what to do. */
  #watchSilence(run: string, take: Take): () => void {
    const { redis, names } = this.#cluster;
    const timer = setInterval(() => {
      redis.pttl(names.run(run)).then(
        (left) => {
          if (left < 0 || KEPT_MS - left < SILENT_RUN_MS || take.begun) return;
          take.stop(new StepFailure({ message: `The run ${run} does not say what to do.` }));
        },
        () => {},
      );
    }, BEAT_MS);
    return () => clearInterval(timer);
  }

  #beat(): void {
    this.#timer = setTimeout(() => {
      void this.#look()
        .catch(() => {})
        .then(() => {
          if (!this.#draining) this.#beat();
        });
    }, BEAT_MS);
  }

  async #look(): Promise<void> {
    const { redis, names } = this.#cluster;
    await steadily(redis, () => list(redis, names, this.#info));
    const active = [...this.#active.values()];
    const runs = new Set([...active.map(({ run }) => run), ...this.#sites.runs]);
    const gone = new Set<string>();
    for (const run of runs) {
      if ((await redis.exists(names.run(run))) === 1) continue;
      gone.add(run);
      if (!this.#gone.has(run)) continue;
      for (const { take, run: own } of active) {
        if (own === run) take.stop(handBack(`The run ${run} is over.`));
      }
      this.#sites.end(run);
    }
    this.#gone = gone;
  }
}

/** Another worker shall do it. */
function handBack(message: string): StepFailure {
  return new StepFailure({ message }, { innocent: true });
}
