import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { steadily } from './redis.ts';

/** Failed jobs are kept for people to look at: so many, and so many seconds. */
const DEAD_LETTERS = { count: 1000, age: 7 * 24 * 3600 };

export const ticketSchema = z.object({
  run: z.string().regex(/^[\w-]{1,64}$/),
  /** The name of the run, the number of the item and its title, for whoever looks at the queue. */
  name: z.string(),
  item: z.int(),
  title: z.string(),
});

/** What stands in the queue for an item: whoever takes it asks its run what to do. */
export type Ticket = z.output<typeof ticketSchema>;

/** The tickets of a run, in the queues of BullMQ. */
export class Tickets {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #priority: number;
  readonly #queues = new Map<string, Queue<Ticket>>();

  /**
   * @param redis a connection of its own, ended by `disconnect`
   * @param priority from 1, which is first
   */
  constructor(redis: Redis, prefix: string, priority: number) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#priority = priority;
  }

  async add(queue: string, id: string, ticket: Ticket): Promise<void> {
    const options = {
      jobId: id,
      // Whether an item is tried again is for its run to say.
      attempts: 1,
      priority: this.#priority,
      removeOnComplete: true,
      removeOnFail: DEAD_LETTERS,
    };
    await steadily(this.#redis, () => this.#queue(queue).add('item', ticket, options));
  }

  /** Takes one out; false while a worker has it. */
  async remove(queue: string, id: string): Promise<boolean> {
    return (await steadily(this.#redis, () => this.#queue(queue).remove(id))) === 1;
  }

  /** Whether it waits for a worker or is with one. */
  async isOpen(queue: string, id: string): Promise<boolean> {
    const state = await steadily(this.#redis, () => this.#queue(queue).getJobState(id));
    return state !== 'unknown' && state !== 'failed' && state !== 'completed';
  }

  /** How many tickets, of whatever run, wait in these queues. */
  async waiting(queues: Iterable<string>): Promise<number> {
    const counts = await Promise.all(
      [...queues].map((queue) =>
        steadily(this.#redis, () =>
          this.#queue(queue).getJobCountByTypes('waiting', 'prioritized'),
        ),
      ),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }

  disconnect(): void {
    this.#redis.disconnect();
  }

  #queue(name: string): Queue<Ticket> {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const queue = new Queue<Ticket>(name, {
      connection: this.#redis,
      prefix: this.#prefix,
      // Nobody listens to BullMQ's own events.
      streams: { events: { maxLen: 100 } },
    });
    // The connection tells what happens to it itself.
    queue.on('error', () => {});
    this.#queues.set(name, queue);
    return queue;
  }
}
