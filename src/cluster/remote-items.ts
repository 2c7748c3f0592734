import type { Redis } from 'ioredis';
import { StepFailure } from '../runner/failure.ts';
import type { Capacity, ItemExecutor, ItemJob } from '../runner/item-executor.ts';
import type { ItemsContext } from '../runner/open-items.ts';
import type { Cluster } from './cluster.ts';
import { JobTable, type Sent } from './job-table.ts';
import { Kept } from './kept.ts';
import { Left } from './left.ts';
import type { Letter } from './letter.ts';
import { messagesOf, upSchema } from './messages.ts';
import { NeededFiles } from './needed.ts';
import { Pool } from './pool.ts';
import { Receiver } from './receiver.ts';
import { RemoteJob, type Taken } from './remote-job.ts';
import { Sender } from './sender.ts';
import type { Storage } from './storage.ts';
import { Tickets } from './tickets.ts';
import { Waiters } from './waiters.ts';
import { Watch } from './watch.ts';

/** An item with which so many workers were lost may be what ends them. */
const LOSSES = 3;
/** Redis may take so many ms to hear that the run is over. */
const CLOSE_MS = 5000;

/** Does the steps of items on workers, by way of Redis: see docs/cluster.md. */
export class RemoteItems implements ItemExecutor {
  /** What its items take they take of others. */
  readonly memory = { once: 0, each: 0 };
  readonly #context: ItemsContext;
  readonly #cluster: Cluster;
  readonly #storage: Storage | undefined;
  readonly #tickets: Tickets;
  readonly #files: NeededFiles;
  readonly #pool: Pool;
  readonly #kept: Kept;
  readonly #receiver: Receiver;
  readonly #watch: Watch;
  readonly #jobs = new JobTable();
  readonly #waiters = new Waiters();
  readonly #losses = new Map<number, number>();
  /** Jobs of failed attempts: dead letters, until the item is tried again. */
  readonly #failed = new Map<number, Sent>();
  readonly #noted = new Set<string>();
  #left: { readonly jobs: Left; readonly receiver: Receiver } | undefined;
  #onCapacity: ((capacity: Capacity) => void) | undefined;
  #number = 0;

  private constructor(
    context: ItemsContext,
    cluster: Cluster,
    [blocking, own]: readonly [Redis, Redis],
    priority: number,
    storage: Storage | undefined,
  ) {
    const { names, trust, address } = cluster;
    this.#context = context;
    this.#cluster = cluster;
    this.#storage = storage;
    this.#tickets = new Tickets(own, names.prefix, priority);
    this.#files = new NeededFiles(context.plan);
    this.#pool = new Pool(context.plan.batch.steps, trust?.id, address.shown);
    this.#kept = new Kept(cluster, context.id);
    this.#receiver = this.#receive(blocking, context.id);
    this.#watch = new Watch({
      cluster,
      tickets: this.#tickets,
      pool: this.#pool,
      kept: this.#kept,
      jobs: this.#jobs,
      emit: (fact) => context.journal.emit(fact),
      onLook: () => this.#looked(),
    });
  }

  /**
   * @param priority from 1, which is first
   * @param storage from where results are got that workers have left there
   */
  static async open(
    context: ItemsContext,
    cluster: Cluster,
    priority: number,
    storage: Storage | undefined,
  ): Promise<RemoteItems> {
    const connections = await Promise.all([cluster.connect(), cluster.connect()]);
    const items = new RemoteItems(context, cluster, connections, priority, storage);
    if (context.resumes !== undefined) await items.#goOnWith(context.resumes);
    await items.#watch.start();
    return items;
  }

  async run(job: ItemJob): Promise<void> {
    const sent = (await this.#adopt(job)) ?? (await this.#send(job));
    const { remote, item } = sent;
    try {
      await remote.done;
      this.#losses.delete(item);
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      if (!error.innocent) this.#failed.set(item, sent);
      else if (remote.taken !== undefined) this.#countLoss(sent, error);
      throw error;
    } finally {
      this.#jobs.forget(sent);
      sent.kept.remove(remote.id).catch(() => {});
    }
  }

  finish(item: number): boolean {
    return this.#jobs.all.some(({ remote, item: own }) => own === item && remote.finish());
  }

  hold(held: boolean): void {
    this.#receiver.hold(held);
    this.#left?.receiver.hold(held);
  }

  recall(): void {
    for (const { remote } of this.#jobs.all) remote.recall().catch(() => {});
    this.#waiters.reject(new StepFailure({ message: 'It was taken back.' }, { innocent: true }));
  }

  onCapacity(listener: (capacity: Capacity) => void): void {
    this.#onCapacity = listener;
    this.#tellCapacity();
  }

  async close(): Promise<void> {
    // Without Redis nobody can be told; what it keeps of the run expires.
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, CLOSE_MS);
    await Promise.race([this.#letGo(), late]);
    clearTimeout(timer);
    this.#tickets.disconnect();
  }

  async #letGo(): Promise<void> {
    await this.#watch.close();
    this.#left?.jobs.begin();
    for (const { taken } of this.#left?.jobs.all ?? []) {
      if (taken !== undefined) this.#senderTo(taken).send({ type: 'cancel' });
    }
    await Promise.all([this.#receiver.close(), this.#left?.receiver.close()]);
    await this.#tickets.close();
    await Promise.all([this.#kept.end(), this.#left?.jobs.kept.end()]);
  }

  async #send(job: ItemJob): Promise<Sent> {
    const queue = await this.#queueFor(job.signal);
    const { plan, key } = job.work;
    const { item, title } = plan;
    const { id: run, plan: whole } = this.#context;
    this.#number += 1;
    const sent = this.#follow(job, {
      id: `${run}.${item}.${this.#number}`,
      queue,
      key: key?.key ?? '',
      receiver: this.#receiver,
      kept: this.#kept,
    });
    const { id } = sent.remote;
    await Promise.all([
      this.#kept.put(id, sent),
      this.#tickets.add(queue, id, { run, name: whole.name, item, title }),
    ]);
    return sent;
  }

  /** A queue that a worker who does the steps takes from, once there is one. */
  async #queueFor(signal: AbortSignal): Promise<string> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#pool.refusal !== undefined) throw this.#pool.refusal;
      const queue = this.#pool.choose(this.#jobs.given);
      if (queue !== undefined) return queue;
      await this.#waiters.wait(signal);
    }
  }

  #follow(
    job: ItemJob,
    { id, ...rest }: Omit<Sent, 'remote' | 'item'> & { readonly id: string },
  ): Sent {
    const remote = new RemoteJob(id, job, {
      context: this.#context,
      files: this.#files,
      storage: this.#storage,
      withdraw: () => this.#tickets.remove(rest.queue, id),
      senderTo: (taken) => this.#senderTo(taken),
      isReachable: () => this.#cluster.redis.status === 'ready',
    });
    const sent: Sent = { remote, item: job.work.plan.item, ...rest };
    this.#jobs.add(sent);
    return sent;
  }

  #senderTo({ worker, take }: Taken): Sender {
    const { redis, names, trust } = this.#cluster;
    return new Sender({ redis, trust, stream: names.toWorker(worker), take });
  }

  /** Throws when too many workers were lost with an item. */
  #countLoss({ item, remote }: Sent, error: StepFailure): void {
    const losses = (this.#losses.get(item) ?? 0) + 1;
    this.#losses.set(item, losses);
    if (losses < LOSSES) {
      remote.log(`${error.message} The item goes to another worker.`);
      return;
    }
    throw new StepFailure(
      {
        message: `${losses} workers were lost while they did this item. ${error.message}`,
        hint: 'See what the workers say: it may need more memory than they have.',
      },
      { retry: false },
    );
  }

  #receive(blocking: Redis, run: string): Receiver {
    const { redis, trust, names } = this.#cluster;
    return new Receiver(
      { blocking, redis, trust, stream: names.toRun(run) },
      {
        read: (letter) => this.#read(letter),
        knows: (take) => this.#jobs.ofTake(take) !== undefined,
        lost: (take) => this.#jobs.ofTake(take)?.remote.lost('What its worker said was lost.'),
        unknown: () =>
          this.#note(
            'Something in Redis is not signed by your key and was thrown away: somebody else writes there, or a worker has another key.',
          ),
        broken: (error) => {
          for (const { remote } of this.#jobs.all) remote.broken(error);
        },
      },
    );
  }

  async #read(letter: Letter): Promise<void> {
    const { take } = letter;
    await this.#left?.jobs.read(take);
    const known = this.#jobs.ofTake(take);
    if (known !== undefined) {
      await known.remote.read(letter);
      return;
    }
    for (const message of messagesOf(upSchema, letter.messages)) {
      if (message.type === 'lost') this.#jobs.get(message.job)?.remote.lost('Its worker is gone.');
      if (message.type === 'took') await this.#took({ take, ...message }, message.job);
    }
  }

  async #took(taken: Taken, job: string): Promise<void> {
    const sent = this.#jobs.get(job);
    if (sent === undefined || sent.remote.taken !== undefined || sent.remote.settled) {
      this.#senderTo(taken).send({ type: 'cancel' });
      return;
    }
    this.#jobs.took(sent, taken);
    const before = this.#failed.get(sent.item);
    if (before !== undefined) {
      this.#failed.delete(sent.item);
      this.#tickets.remove(before.queue, before.remote.id).catch(() => {});
    }
    // What is said to Redis first is there first.
    sent.kept.put(job, { ...sent, taken }).catch(() => {});
    await sent.remote.took(taken);
  }

  #looked(): void {
    this.#tellCapacity();
    this.#waiters.wake();
    if (this.#pool.size === 0 && this.#waiters.size > 0 && this.#pool.refusal === undefined) {
      this.#note(
        `No worker is there: the items wait. Start one with \`sluice worker --queue ${this.#cluster.address.shown}\`.`,
      );
    }
  }

  #tellCapacity(): void {
    const places = [...this.#pool.places.values()].reduce((sum, one) => sum + one, 0);
    // While nobody is there one item is given out, to wait.
    this.#onCapacity?.({ places: Math.max(1, places), ahead: places });
  }

  #note(message: string): void {
    if (this.#noted.has(message)) return;
    this.#noted.add(message);
    this.#context.journal.emit({ type: 'note', level: 'warning', message });
  }

  async #goOnWith(run: string): Promise<void> {
    const { plan } = this.#context;
    const jobs = await Left.of(run, plan.workspace, this.#cluster, this.#tickets, () =>
      this.#note(
        `Redis has nothing of ${run} any more: what its workers have made since then is lost, and is made anew.`,
      ),
    );
    if (jobs === undefined) return;
    this.#left = { jobs, receiver: this.#receive(await this.#cluster.connect(), run) };
  }

  /** Goes on with what a worker began on this item for a runner that is gone. */
  async #adopt(job: ItemJob): Promise<Sent | undefined> {
    const key = job.work.key?.key ?? '';
    const found = this.#left?.jobs.take(key);
    if (found?.taken === undefined || this.#left === undefined) return undefined;
    const { jobs, receiver } = this.#left;
    const { id, queue, taken } = found;
    const sent = this.#follow(job, { id, queue, key, receiver, kept: jobs.kept });
    this.#jobs.took(sent, taken);
    await sent.remote.adopt(taken);
    jobs.begin(taken.take);
    return sent;
  }
}
