import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { seal, unseal } from '../../src/cluster/letter.ts';
import type { Down, OrderInput, Up } from '../../src/cluster/messages.ts';
import { Names } from '../../src/cluster/names.ts';
import type { Trust } from '../../src/cluster/trust.ts';

/** Somebody who may write to Redis. */
export class Attacker {
  readonly redis: Redis;
  readonly names = new Names('sluice');

  constructor(port: number) {
    this.redis = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null });
    onTestFinished(() => this.redis.disconnect());
  }

  /** Puts a ticket of a run that there is not into a queue. Gives who has taken it. */
  async ticket(
    queue: string,
    id: string,
    name = 'evil',
  ): Promise<{ take: string; worker: string }> {
    const tickets = new Queue(queue, { connection: this.redis, prefix: 'sluice' });
    await this.redis.hset(this.names.run('evil'), 'since', 1);
    await this.redis.pexpire(this.names.run('evil'), 3_600_000);
    const data = { run: 'evil', name, item: 1, title: 'evil' };
    await tickets.add('item', data, { jobId: id, removeOnComplete: true });
    let last = '0';
    for (;;) {
      const reply = await this.redis.xread('BLOCK', 0, 'STREAMS', this.names.toRun('evil'), last);
      for (const [entry, fields] of reply?.[0]?.[1] ?? []) {
        last = entry;
        const letter = unseal(
          fields.map((one) => Buffer.from(one)),
          this.names.toRun('evil'),
          undefined,
        );
        const [message] = JSON.parse(letter?.messages ?? '[]') as Up[];
        if (message?.type === 'took' && message.job === id) {
          return { take: letter?.take ?? '', worker: message.worker };
        }
      }
    }
  }

  /** Waits for the last word of a taking. */
  async end(take: string): Promise<Extract<Up, { type: 'end' }>> {
    for (;;) {
      const entries = await this.redis.xrangeBuffer(this.names.toRun('evil'), '-', '+');
      for (const [, fields] of entries) {
        const letter = unseal(fields, this.names.toRun('evil'), undefined);
        if (letter?.take !== take) continue;
        const end = (JSON.parse(letter.messages) as Up[]).find(({ type }) => type === 'end');
        if (end?.type === 'end') return end;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async say(worker: string, take: string, message: Down, trust?: Trust): Promise<void> {
    const letter = { take, writer: 'evil', number: 1, messages: JSON.stringify([message]) };
    const stream = this.names.toWorker(worker);
    await this.redis.xadd(stream, '*', ...seal(letter, stream, trust));
  }
}

/** What a runner would say to have one step done. */
export function order(step: Record<string, unknown>): OrderInput {
  return {
    version: 1,
    run: 'evil',
    name: 'evil',
    total: 1,
    workspace: 'tmp/evil',
    folder: 'tmp/evil',
    root: '/tmp/evil',
    steps: [{ shell: false, warm: false, pty: 'auto', ...step }],
    retries: 0,
    backoff: 1000,
    silence: 60_000,
    item: { item: 1, title: 'evil', text: 'evil', values: {}, outputs: [null] },
    made: [null],
    keys: [],
    files: [],
  };
}
