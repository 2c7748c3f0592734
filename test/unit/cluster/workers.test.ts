import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { isAlive } from '../../../src/runner/liveness.ts';
import { needsPackages } from '../../support/debian.ts';
import { eventually } from '../../support/eventually.ts';
import { filesWith } from '../../support/files-with.ts';
import { startRedis } from '../../support/redis.ts';
import type { RedisServer } from '../../support/redis-server.ts';
import { makeWorkspace, ofType, parseEvents, sluice, startSluice } from '../../support/sluice.ts';
import { makeKey, startWorker } from '../../support/worker.ts';

needsPackages('redis-server', 'redis-tools', 'openssl');

const ECHO = (inputs: string, more = ''): string =>
  `inputs: [${inputs}]\nsteps:\n  - run: [echo, "{input}"]\noutput: out/{input.stem}.txt\n${more}`;
const SLEEP = (inputs: string, seconds: number): string =>
  `inputs: [${inputs}]\nsteps:\n  - run: sleep ${seconds}; echo "$SLUICE_INPUT"\n    shell: true\noutput: out/{input.stem}.txt\n`;

/** Waits until there is a file of this path, and writes its input. */
const WAIT = (inputs: string, gate: string): string =>
  `inputs: [${inputs}]\nsteps:\n  - run: until [ -e ${gate} ]; do sleep 0.05; done; echo "$SLUICE_INPUT"\n    shell: true\noutput: out/{input.stem}.txt\n`;

/** The path of a file that is not there until it is written. */
const makeGate = (): string => join(makeWorkspace({}), 'gate');

const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

test('a worker that is told to end does what it has, takes no more, and leaves nothing', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const flags = ['--trust', key, '--allow-run'];
  const first = await startWorker(redis.url, [...flags, '--name', 'first']);
  const gate = makeGate();
  const folder = makeWorkspace({ 'b.batch.yaml': WAIT('a, b, c', gate) });
  const run = startSluice(folder, ['run', 'b.batch.yaml', '--queue', redis.url, '--trust', key]);
  await eventually(() => redis.keys.join()).toMatch(/lock/);
  first.kill('SIGTERM');
  await eventually(() => first.said).toContain('takes no more');
  writeFileSync(gate, '');
  expect(await first.ended).toBe(0);
  expect(first.said).toMatch(/takes no more; 1 under way/);
  expect(first.said.match(/: done/g)).toHaveLength(1);
  const second = await startWorker(redis.url, flags);
  expect((await run).exitCode).toBe(0);
  expect(second.said.match(/: done/g)).toHaveLength(2);
  second.kill('SIGTERM');
  await second.ended;
  // What is left is BullMQ's own account of the queue.
  expect(redis.keys.filter((name) => !name.startsWith('sluice:v1.'))).toEqual([]);
});

test('told a second time it gives back what it has', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const flags = ['--trust', key, '--allow-run'];
  const first = await startWorker(redis.url, flags);
  // Whoever does it first does not come to its end.
  const mark = join(makeWorkspace({}), 'mark');
  const folder = makeWorkspace({
    'b.batch.yaml': `inputs: [a]\nsteps:\n  - run: mkdir ${mark} && exec sleep 300; echo "$SLUICE_INPUT"\n    shell: true\noutput: out/{input.stem}.txt\n`,
  });
  const run = startSluice(folder, [
    'run',
    'b.batch.yaml',
    '--json',
    '--queue',
    redis.url,
    '--trust',
    key,
  ]);
  await eventually(() => existsSync(mark)).toBe(true);
  const second = await startWorker(redis.url, flags);
  first.kill('SIGTERM');
  await eventually(() => first.said).toContain('takes no more');
  first.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  const { exitCode, stdout } = await run;
  expect(exitCode).toBe(0);
  expect(second.said).toMatch(/: done/);
  expect(read(folder, 'out/a.txt')).toBe('a\n');
  expect(ofType(parseEvents(String(stdout)), 'start').map(({ attempt }) => attempt)).toEqual([
    1, 1,
  ]);
});

test('a worker ends when it is told to, also when Redis is gone', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const flags = ['--trust', key, '--allow-run'];
  const folder = makeWorkspace({
    'b.batch.yaml': 'inputs: [a]\nsteps:\n  - run: echo $$; exec sleep 300\n    shell: true\n',
  });
  const busy = await startWorker(redis.url, flags);
  const run = startSluice(folder, [
    ...['run', 'b.batch.yaml', '--json', '--queue', redis.url, '--trust', key],
  ]);
  let seen = '';
  run.stdout?.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
  });
  const events = (): RunEvent[] => parseEvents(seen.slice(0, seen.lastIndexOf('\n') + 1));
  await eventually(() => ofType(events(), 'log').length).toBe(1);
  const pid = Number(ofType(events(), 'log')[0]?.lines[0]);
  const idle = await startWorker(redis.url, flags);
  await redis.stop('SIGKILL');
  for (const worker of [busy, idle]) await eventually(() => worker.said).toContain('Redis is lost');
  idle.kill('SIGTERM');
  expect(await idle.ended).toBe(0);
  busy.kill('SIGTERM');
  await eventually(() => busy.said).toContain('takes no more; 1 under way');
  busy.kill('SIGTERM');
  expect(await busy.ended).toBe(0);
  expect(isAlive(pid)).toBe(false);
  await sluice(folder, ['cancel']);
  expect((await run).exitCode).toBe(130);
});

test('items wait for a worker, and the run says so; pausing takes back what no worker has', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const gate = makeGate();
  const folder = makeWorkspace({ 'b.batch.yaml': WAIT('a, b, c, d', gate) });
  const run = startSluice(folder, [
    'run',
    'b.batch.yaml',
    '--json',
    '--queue',
    redis.url,
    '--trust',
    key,
  ]);
  let seen = '';
  run.stdout?.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
  });
  const events = (): RunEvent[] => parseEvents(seen.slice(0, seen.lastIndexOf('\n') + 1));
  await eventually(() => seen).toMatch(/No worker is there: the items wait/);
  expect(ofType(events(), 'start')).toEqual([]);
  await startWorker(redis.url, ['--trust', key, '--allow-run']);
  await eventually(() => ofType(events(), 'start').length).toBe(1);
  expect((await sluice(folder, ['queue', '--pause'])).code).toBe(0);
  writeFileSync(gate, '');
  await eventually(() => ofType(events(), 'end').length).toBe(1);
  await eventually(() => ofType(events(), 'workers').at(-1)).toMatchObject({
    workers: 1,
    waiting: 0,
  });
  expect(ofType(events(), 'start')).toHaveLength(1);
  expect((await sluice(folder, ['queue', '--resume'])).code).toBe(0);
  expect((await run).exitCode).toBe(0);
  expect(ofType(events(), 'end').map(({ state }) => state)).toEqual(Array(4).fill('done'));
  // The order is the queue's, also of what was taken back.
  expect(ofType(events(), 'start').map(({ item }) => item)).toEqual([1, 2, 3, 4]);
});

test('a run of a higher priority goes before another one', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const [low, high] = ['low', 'high'].map((name) =>
    makeWorkspace({ 'b.batch.yaml': `name: ${name}\n${SLEEP('a, b, c', 0.2)}` }),
  );
  const flags = ['run', 'b.batch.yaml', '--queue', redis.url, '--trust', key, '-c', '3'];
  const lock = await startWorker(redis.url, ['--trust', key, '--allow-run', '--rate', '1/h']);
  const runs = [
    startSluice(low ?? '', [...flags, '--priority', '9']),
    startSluice(high ?? '', [...flags, '--priority', '2']),
  ];
  // One item has begun; then the rate that this worker has set holds it back; another one has none.
  const waiting = (): number =>
    Number(redis.ask('ZCARD', `sluice:${queueName(redis)}:prioritized`));
  await eventually(waiting).toBe(5);
  // It says so when the item has ended.
  await eventually(() => lock.said).toMatch(/(low|high), item/);
  const first = lock.said.match(/(low|high), item/)?.[1];
  const worker = await startWorker(redis.url, ['--trust', key, '--allow-run']);
  expect((await Promise.all(runs)).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  const order = [...worker.said.matchAll(/(low|high), item/g)].map(([, name]) => name);
  const left = ['high', 'high', 'high', 'low', 'low', 'low'];
  left.splice(left.indexOf(first ?? ''), 1);
  expect(order).toEqual(left);
});

function queueName(redis: RedisServer): string {
  const meta = redis.keys.find((name) => name.endsWith(':meta')) ?? '';
  return meta.replace(/^sluice:(.*):meta$/, '$1');
}

test('a rate holds items back, over all workers together', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const flags = ['--trust', key, '--allow-run', '-c', '4'];
  const rated = [
    await startWorker(redis.url, [...flags, '--rate', '2/h']),
    await startWorker(redis.url, [...flags, '--rate', '2/h']),
  ];
  const done = (): number =>
    rated.reduce((sum, { said }) => sum + (said.match(/: done/g)?.length ?? 0), 0);
  const folder = makeWorkspace({ 'b.batch.yaml': ECHO('a, b, c, d, e, f, g') });
  const run = startSluice(folder, ['run', 'b.batch.yaml', '--queue', redis.url, '--trust', key]);
  await eventually(done).toBe(2);
  // One that has no rate does all others.
  const free = await startWorker(redis.url, flags);
  expect((await run).exitCode).toBe(0);
  expect(free.said.match(/: done/g)).toHaveLength(5);
  expect(done()).toBe(2);
});

test('a failed item is tried again by another worker, from what its earlier steps made', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const mark = makeWorkspace({});
  const folder = makeWorkspace({
    'b.batch.yaml': `
inputs: [a]
steps:
  - name: first
    run: echo made >> ${mark}/first; echo "from first"
    shell: true
  - name: second
    run: test -e ${mark}/second && cat "$SLUICE_INPUT" || { touch ${mark}/second; exit 3; }
    shell: true
output: out/a.txt
retries: 1
backoff: 3s
`,
  });
  const flags = ['--trust', key, '--allow-run'];
  const one = await startWorker(redis.url, [...flags, '--name', 'one']);
  const run = startSluice(folder, ['run', 'b.batch.yaml', '--queue', redis.url, '--trust', key]);
  await eventually(() => one.said).toMatch(/exit code 3/);
  one.kill('SIGTERM');
  await startWorker(redis.url, [...flags, '--name', 'two']);
  expect((await run).exitCode).toBe(0);
  expect(read(folder, 'out/a.txt')).toBe('from first\n');
  expect(read(mark, 'first')).toBe('made\n');
  // The attempt that failed is no dead letter any more: the item is done.
  expect(await deadLetters(redis)).toEqual([]);
});

async function deadLetters(redis: RedisServer): Promise<(string | undefined)[]> {
  const connection = new Redis(redis.port, '127.0.0.1', { maxRetriesPerRequest: null });
  onTestFinished(() => connection.disconnect());
  const queue = new Queue(queueName(redis), { connection, prefix: 'sluice' });
  return (await queue.getFailed()).map(({ failedReason }) => failedReason);
}

test('an item that failed for good is a dead letter with its reason', async () => {
  const redis = await startRedis();
  const key = makeKey();
  await startWorker(redis.url, ['--trust', key, '--allow-run']);
  const folder = makeWorkspace({
    'b.batch.yaml':
      'inputs: [a]\nsteps:\n  - run: [sh, -c, "echo no >&2; exit 4"]\nretries: 1\nbackoff: 10ms\n',
  });
  const flags = ['--queue', redis.url, '--trust', key];
  expect((await sluice(folder, ['run', 'b.batch.yaml', ...flags])).code).toBe(1);
  expect(await deadLetters(redis)).toEqual(['sh ended with exit code 4. It said last: no']);
});

test('plain listeners get every event of an item while it happens', async () => {
  const redis = await startRedis();
  const key = makeKey();
  await startWorker(redis.url, ['--trust', key, '--allow-run']);
  const listener = new Redis(redis.port, '127.0.0.1', { maxRetriesPerRequest: null });
  onTestFinished(() => listener.disconnect());
  const heard = new Map<string, RunEvent[]>();
  listener.on('pmessage', (_, channel: string, message: string) => {
    heard.set(channel, [...(heard.get(channel) ?? []), JSON.parse(message) as RunEvent]);
  });
  await listener.psubscribe('audio_stream:*');
  const folder = makeWorkspace({ 'b.batch.yaml': ECHO('a, b') });
  const { events } = await sluice(folder, [
    ...['run', 'b.batch.yaml', '--json', '--queue', redis.url, '--trust', key],
  ]);
  const run = ofType(events, 'run')[0]?.run.id ?? '';
  await eventually(() => heard.get(`audio_stream:${run}`)?.at(-1)?.type).toBe('finish');
  for (const item of [1, 2]) {
    const own = events.filter((event) => 'item' in event && event.item === item);
    expect(heard.get(`audio_stream:${run}.${item}`)).toEqual(own);
  }
});

test('TLS and a password: what they are for, and neither is written anywhere', async () => {
  const password = 'secret: hunter2/é';
  const redis = await startRedis({ tls: true, password });
  const key = makeKey();
  const url = redis.url.replace('//', `//:${encodeURIComponent(password)}@`);
  const env = {
    SLUICE_QUEUE: url,
    SLUICE_QUEUE_KEY: key,
    NODE_EXTRA_CA_CERTS: redis.certificate ?? '',
  };
  const folder = makeWorkspace({
    'b.batch.yaml': 'inputs: [a]\nsteps:\n  - run: [env]\noutput: out/a.txt\n',
  });
  // No flag names the queue: the environment does.
  const child = startSluice(makeWorkspace({}), ['worker', '--allow-run'], env);
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await eventually(() => said).toContain('takes items');
  const { code, out, err } = await sluice(folder, ['run', 'b.batch.yaml', '--json'], env);
  expect(code).toBe(0);
  const written = [out, err, said];
  for (const text of written) expect(text).not.toMatch(/hunter2/);
  expect(filesWith('hunter2', folder)).toEqual([]);
  // The program's environment has the worker's, without the queue.
  expect(read(folder, 'out/a.txt')).toContain('PATH=');
  expect(read(folder, 'out/a.txt')).not.toContain('SLUICE_QUEUE');
  // Without the password, with another certificate, with nobody there: said, and nothing is started.
  const wrong = async (queue: string, more: Record<string, string> = {}): Promise<string> => {
    const flags = ['run', 'b.batch.yaml', '--queue', queue, '--trust', key];
    const outcome = await sluice(folder, flags, more);
    expect(outcome.code).toBe(2);
    return outcome.err;
  };
  const trusted = { NODE_EXTRA_CA_CERTS: redis.certificate ?? '' };
  expect(await wrong(redis.url, trusted)).toMatch(/refused the password/);
  const false_ = await wrong(redis.url.replace('//', '//:wrong-hunter3@'), trusted);
  expect(false_).toMatch(/refused the password/);
  expect(false_).not.toContain('hunter3');
  expect(await wrong(url)).toMatch(/No secure connection to Redis at rediss:\/\/localhost/);
  expect(await wrong('redis://127.0.0.1:1')).toMatch(/cannot be reached: .*ECONNREFUSED/);
  expect(await wrong('http://:hunter3@x')).toMatch(/none of Redis/);
}, 120_000);

test('two teams share a Redis by their prefixes', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const [red, blue] = ['red', 'blue'].map((name) => `${redis.url}?prefix=${name}`);
  const worker = await startWorker(red ?? '', ['--trust', key, '--allow-run']);
  const folder = makeWorkspace({ 'b.batch.yaml': ECHO('a') });
  const flags = ['run', 'b.batch.yaml', '--trust', key, '--queue'];
  expect((await sluice(folder, [...flags, red ?? ''])).code).toBe(0);
  expect(worker.said).toContain(': done');
  expect(redis.keys.filter((name) => !name.startsWith('red:'))).toEqual([]);
  const other = startSluice(folder, [...flags, blue ?? '', '--force']);
  await eventually(() => redis.keys.some((name) => name.startsWith('blue:'))).toBe(true);
  await sluice(folder, ['cancel']);
  expect((await other).exitCode).toBe(130);
});

test('--allow-run and --workspace without a key are refused, and so is a key that is too short', async () => {
  const folder = makeWorkspace({ short: 'short' });
  for (const flags of [['--allow-run'], ['--workspace', '.']]) {
    const run = await sluice(folder, ['worker', '--queue', 'redis://127.0.0.1:1', ...flags]);
    expect(run.code).toBe(2);
    expect(run.err).toContain(`${flags[0]} needs --trust FILE`);
  }
  const short = await sluice(folder, [
    'worker',
    '--queue',
    'redis://127.0.0.1:1',
    '--trust',
    'short',
  ]);
  expect(short.code).not.toBe(0);
  expect(short.err).toMatch(/shorter than 32 characters/);
});
