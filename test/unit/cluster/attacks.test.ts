import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Queue, Worker as QueueWorker } from 'bullmq';
import { expect, onTestFinished, test } from 'vitest';
import { BUILT_IN_STEPS } from '../../../src/batch/uses.ts';
import { seal } from '../../../src/cluster/letter.ts';
import type { Up } from '../../../src/cluster/messages.ts';
import { queueOf } from '../../../src/cluster/offer.ts';
import { Trust } from '../../../src/cluster/trust.ts';
import { list } from '../../../src/cluster/workers.ts';
import { Attacker, order } from '../../support/attacker.ts';
import { needsPackages } from '../../support/debian.ts';
import { eventually } from '../../support/eventually.ts';
import { startRedis } from '../../support/redis.ts';
import { makeWorkspace, ofType, sluice } from '../../support/sluice.ts';
import { startRun } from '../../support/started-run.ts';
import { makeKey, startWorker } from '../../support/worker.ts';

needsPackages('redis-server', 'redis-tools');

const STEPS = Object.keys(BUILT_IN_STEPS);
/** The batch of one item and one program. */
const batch = (run: string, output: string): Record<string, string> => ({
  'b.batch.yaml': `inputs: [a]\nsteps:\n  - run: ${run}\noutput: ${output}\n`,
});
const RUN = ['run', 'b.batch.yaml', '--json'];

test('tickets that are none end no worker, and what they say stays one line of text', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const worker = await startWorker(redis.url, ['--trust', key, '--allow-run']);
  const trust = await Trust.read(key);
  const attacker = new Attacker(redis.port);
  const name = queueOf({ version: 1, steps: STEPS, run: true, key: trust.id });
  const queue = new Queue(name, { connection: attacker.redis, prefix: 'sluice' });
  const hostile = 'x\n2026 faked\x1b]0;owned\x07\x1b[2J';
  const ticket = { run: 'nobody', name: hostile, item: 1, title: hostile };
  const tickets: unknown[] = [
    ...[null, 7, 'x', [], {}, { run: 1 }, { ...ticket, run: '../x' }, { ...ticket, item: 'x' }],
    JSON.parse('{"__proto__":{"polluted":1},"run":"nobody","name":"n","item":1,"title":"t"}'),
    ...Array(20).fill(ticket),
  ];
  for (const data of tickets) await queue.add('item', data, { removeOnComplete: true });
  for (const id of ['evil.nothing', 'evil.broken']) {
    await attacker.redis.lpush(queue.toKey('wait'), id);
  }
  await attacker.redis.hset(queue.toKey('evil.broken'), { data: '{', opts: '{', name: 'item' });
  const { take, worker: id } = await attacker.ticket(name, 'evil.1', hostile);
  await attacker.say(id, take, { type: 'cancel' }, trust);
  const flags = [...RUN, '--queue', redis.url, '--trust', key];
  expect((await sluice(makeWorkspace(batch('[echo, "{input}"]', 'out/a.txt')), flags)).code).toBe(
    0,
  );
  await eventually(() => worker.said).toContain('x 2026 faked, item 1: cancelled');
  expect(worker.said.match(/[^\n -~]/)).toBeNull();
  // Once for all of them.
  expect(worker.said.match(/of runs that are over/g)).toHaveLength(1);
  // Nothing was written to runs that there are not.
  expect(redis.keys.filter((one) => /nobody|\.\./.test(one))).toEqual([]);
}, 60_000);

test('whoever floods a worker with what is not signed fills neither its log nor Redis', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const worker = await startWorker(redis.url, ['--trust', key]);
  const attacker = new Attacker(redis.port);
  const [id = ''] = await attacker.redis.smembers(attacker.names.workers);
  const stream = attacker.names.toWorker(id);
  const filler = 'x'.repeat(100_000);
  for (let round = 0; round < 10; round += 1) {
    const pipeline = attacker.redis.pipeline();
    for (let index = 0; index < 100; index += 1) pipeline.xadd(stream, '*', 'm', filler);
    await pipeline.exec();
  }
  await eventually(() => attacker.redis.xlen(stream)).toBe(0);
  expect(worker.said.match(/not signed by the key/g)).toHaveLength(1);
}, 60_000);

test('what was said to one run no other one hears', async () => {
  const redis = await startRedis();
  const key = makeKey();
  await startWorker(redis.url, ['--trust', key, '--allow-run', '-c', '2']);
  const trust = await Trust.read(key);
  const attacker = new Attacker(redis.port);
  const { redis: asked, names } = attacker;
  const name = queueOf({ version: 1, steps: STEPS, run: true, key: trust.id });
  const { take, worker } = await attacker.ticket(name, 'evil.1');
  const [[, signed] = []] = await asked.xrangeBuffer(names.toRun('evil'), '-', '+');
  const folder = makeWorkspace(batch('[sh, -c, "sleep 3; echo on"]', 'out/a.txt'));
  const run = startRun(folder, [...RUN, '--queue', redis.url, '--trust', key]);
  await eventually(() => ofType(run.events(), 'start')).toHaveLength(1);
  const id = ofType(run.events(), 'run')[0]?.run.id ?? '';
  await asked.xadd(names.toRun(id), '*', ...(signed ?? []));
  await eventually(() => ofType(run.events(), 'note').map(({ message }) => message)).toEqual([
    expect.stringContaining('is not signed by your key and was thrown away'),
  ]);
  // It would have told the worker to let go of what it does for another one.
  await attacker.say(worker, take, { type: 'begin', order: order({ run: ['echo', 'on'] }) }, trust);
  expect(await attacker.end(take)).toMatchObject({ type: 'end' });
  expect(await run.ended).toBe(0);
}, 60_000);

test('a runner is killed between two files of a result: the next one does not take the rest for all', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const trust = await Trust.read(key);
  const { redis: asked, names } = new Attacker(redis.port);
  const offer = { version: 1, steps: [], run: true, key: trust.id };
  await list(asked, names, { id: 'w', name: 'w', places: 1, offer });
  const listing = setInterval(() => {
    void list(asked, names, { id: 'w', name: 'w', places: 1, offer });
  }, 5000);
  const connection = asked.duplicate();
  const { promise: goOn, resolve: go } = Promise.withResolvers<void>();
  const done: string[] = [];
  const queue = new QueueWorker(
    queueOf(offer),
    async ({ id = '', data }) => {
      const stream = names.toRun((data as { run: string }).run);
      let number = 0;
      const say = async (message: Up, content?: string): Promise<void> => {
        number += 1;
        const bytes = content === undefined ? undefined : Buffer.from(content);
        const messages = JSON.stringify([message]);
        const letter = { take: id, writer: 'w', number, messages, data: bytes };
        await connection.xadd(stream, '*', ...seal(letter, stream, trust));
      };
      const send = async (name: string): Promise<void> => {
        await say({ type: 'file', name });
        await say({ type: 'chunk' }, name);
        const sha256 = createHash('sha256').update(name).digest('hex');
        await say({ type: 'whole', sha256, mode: 0o644 });
      };
      await say({ type: 'took', job: id, worker: 'w', name: 'w' });
      await eventually(async () =>
        (await connection.xrange(names.toWorker('w'), '-', '+')).some(
          ([, [, take]]) => take === id,
        ),
      ).toBe(true);
      await say({ type: 'stage', step: 0 });
      await send('0/out/first');
      done.push('first');
      await goOn;
      await send('0/out/second');
      await say({
        type: 'made',
        step: 0,
        sent: ['0/out/first', '0/out/second'],
        value: 'file',
        steps: [],
      });
      await say({ type: 'end' });
    },
    { connection, prefix: 'sluice' },
  );
  onTestFinished(async () => {
    clearInterval(listing);
    await queue.close(true);
    connection.disconnect();
  });
  const folder = makeWorkspace(batch('[make, "{output}"]', 'out/'));
  const flags = [...RUN, '--queue', redis.url, '--trust', key];
  const first = startRun(folder, flags);
  await eventually(() => done.length).toBe(1);
  const { id = '', pid = 0 } = ofType(first.events(), 'run')[0]?.run ?? {};
  await eventually(() => asked.xlen(names.toRun(id))).toBe(0);
  process.kill(pid, 'SIGKILL');
  await first.ended;
  const second = startRun(folder, flags);
  await eventually(() => ofType(second.events(), 'start')).toHaveLength(1);
  go();
  expect(await second.ended).toBe(0);
  expect(readdirSync(join(folder, 'out'))).toEqual(['first', 'second']);
}, 60_000);

test('who may write to Redis but has no key gives no item the result of another', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const flags = [...RUN, '--queue', redis.url, '--trust', key];
  await startWorker(redis.url, ['--trust', key, '--allow-run', '-c', '2']);
  const gate = join(makeWorkspace({}), 'gate');
  const wait = `[sh, -c, 'until [ -e "$1" ]; do sleep 0.1; done; echo "$2"', sh, ${gate}, "{input}"]`;
  const files = batch(wait, 'out/{index}/it.txt');
  const folder = makeWorkspace({
    'b.batch.yaml': files['b.batch.yaml']?.replace('[a]', '[a, b]') ?? '',
  });
  const first = startRun(folder, flags);
  await eventually(() => ofType(first.events(), 'step')).toHaveLength(2);
  const { id = '', pid = 0 } = ofType(first.events(), 'run')[0]?.run ?? {};
  process.kill(pid, 'SIGKILL');
  await first.ended;
  // Who has the one item is said to have the other one.
  const { redis: asked, names } = new Attacker(redis.port);
  const jobs = Object.entries(await asked.hgetall(names.run(id))).filter(
    ([job]) => job !== 'since',
  );
  const swapped = jobs.map(([job, kept], index) => {
    const taken = /"taken":\{.*?\}/;
    return [job, kept.replace(taken, taken.exec(jobs[1 - index]?.[1] ?? '')?.[0] ?? '')];
  });
  expect(swapped.map(([, kept]) => kept)).not.toEqual(jobs.map(([, kept]) => kept));
  await asked.hset(names.run(id), Object.fromEntries(swapped));
  const second = startRun(folder, flags);
  await eventually(() => ofType(second.events(), 'workers').length).toBeGreaterThan(0);
  writeFileSync(gate, '');
  expect(await second.ended).toBe(0);
  const results = [1, 2].map((item) => readFileSync(join(folder, `out/${item}/it.txt`), 'utf8'));
  expect(results).toEqual(['a\n', 'b\n']);
}, 60_000);

test('a worker that says hostile things ends no run, and puts nothing on the terminal', async () => {
  const redis = await startRedis();
  const { redis: asked, names } = new Attacker(redis.port);
  const offer = { version: 1, steps: ['write'], run: false };
  const evil = '\x1b]0;owned\x07\x1b[2J<img src=x onerror=alert(1)>\r\n\u202e';
  await list(asked, names, { id: 'liar', name: evil.repeat(50), places: 1, offer });
  await asked.sadd(names.workers, 'junk', '../x', evil);
  await asked.set(names.worker('junk'), '{"__proto__":{"id":1}}');
  await asked.set(names.worker(evil), 'x'.repeat(1_000_000));
  const connection = asked.duplicate();
  const progress = {
    unit: evil,
    phase: evil,
    fraction: -1e308,
    done: 1e308,
    total: -1,
    eta: 1e308,
  };
  const facts = [
    { type: 'step', step: 999, beside: [1, 2, 999], canFinish: true },
    { type: 'step', step: 0 },
    { type: 'progress', step: 999, progress },
    {
      type: 'progress',
      step: 0,
      progress: JSON.parse('{"__proto__":{"polluted":1},"fraction":2}'),
    },
    { type: 'text', step: 0, text: evil.repeat(10_000) },
    { type: 'text', step: 999, text: evil },
    { type: 'log', item: 0, step: 999, stream: 'err', lines: [evil, 'x'.repeat(1_000_000)] },
    { type: 'note', level: 'warning', message: evil.repeat(10_000) },
    { type: 'silence', step: 999, seconds: -1e308 },
    {
      type: 'iteration',
      step: 999,
      iteration: 1,
      best: -1e308,
      seconds: 1e308,
      series: '__proto__',
    },
    {
      type: 'iteration',
      step: 0,
      iteration: 2 ** 53 - 1,
      best: 0,
      seconds: 0,
      series: 'constructor',
    },
    {
      type: 'schedule',
      step: 0,
      schedule: { machines: [evil], tasks: [evil], assignment: [0], start: [-1e308], end: [1e308] },
    },
  ];
  const where = { file: evil, line: -1, column: -1 };
  const messages = [
    ...facts.map((fact) => ({ type: 'fact', fact })),
    { type: 'withdraw', ask: '__proto__' },
    { type: 'end', failure: { message: evil.repeat(1000), hint: evil, where }, retry: false },
  ];
  const liar = new QueueWorker(
    queueOf(offer),
    async ({ id = '', data }) => {
      const stream = names.toRun((data as { run: string }).run);
      const took = { type: 'took', job: id, worker: 'liar', name: evil };
      for (const [index, message] of [took, ...messages].entries()) {
        const letter = {
          take: id,
          writer: 'liar',
          number: index + 1,
          messages: JSON.stringify([message]),
        };
        await connection.xadd(stream, '*', ...seal(letter, stream, undefined));
      }
      await eventually(() => connection.exists(stream)).toBe(0);
    },
    { connection, prefix: 'sluice' },
  );
  onTestFinished(async () => {
    await liar.close(true);
    connection.disconnect();
  });
  const folder = makeWorkspace({
    'b.batch.yaml': 'inputs: [a]\nsteps:\n  - uses: write\noutput: out/a.txt\n',
  });
  const { code, out, err } = await sluice(folder, ['run', 'b.batch.yaml', '--queue', redis.url]);
  expect(code).toBe(1);
  expect(out + err).not.toMatch(/[\x1b\x07\r]/);
  const again = await sluice(folder, ['list']);
  expect(again.code).toBe(0);
  expect(again.out).not.toMatch(/[\x1b\x07\r]/);
}, 60_000);

test('a name that is as long as it may be comes back from a worker', async () => {
  const redis = await startRedis();
  const key = makeKey();
  await startWorker(redis.url, ['--trust', key, '--allow-run']);
  const name = 'n'.repeat(255);
  const folder = makeWorkspace(batch('[echo, "{input}"]', `out/${name}`));
  const flags = [...RUN, '--queue', redis.url, '--trust', key];
  expect((await sluice(folder, flags)).code).toBe(0);
  expect(readFileSync(join(folder, 'out', name), 'utf8')).toBe('a\n');
});

test('what a worker or run leaves in Redis when it is killed is gone after a while', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const worker = await startWorker(redis.url, ['--trust', key, '--allow-run']);
  const folder = makeWorkspace(batch('[sleep, "60"]', 'out/a.txt'));
  const run = startRun(folder, [...RUN, '--queue', redis.url, '--trust', key]);
  await eventually(() => ofType(run.events(), 'step')).toHaveLength(1);
  // It cannot read what it is told.
  worker.kill('SIGSTOP');
  run.interrupt();
  await run.ended;
  worker.kill('SIGKILL');
  const { names } = new Attacker(redis.port);
  // BullMQ keeps what it knows of a queue, and one whose worker is gone an item that it had.
  const ours = redis.keys.filter((one) => !one.startsWith('sluice:v1.'));
  expect(ours).not.toEqual([]);
  const forGood = ours.filter((one) => Number(redis.ask('PTTL', one)) < 0);
  // The list of workers has nobody who is gone.
  expect(forGood.filter((one) => one !== names.workers)).toEqual([]);
}, 60_000);
