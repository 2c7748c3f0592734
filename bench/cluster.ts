/**
 * Items done by workers of a queue in Redis: how many a second, beside the runner of this machine alone; what a job
 * costs, beside BullMQ alone; and how late the events of many items are.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import type { RunEvent } from '../src/protocol/events.ts';
import { startRun } from '../src/runner/client.ts';
import { RedisServer } from '../test/support/redis-server.ts';
import { duration, median, printTable, quantile, verdict } from './lib/table.ts';

const ITEMS = 200;
const ITEM_MS = 200;
const JOBS = 1000;
const ROUNDS = 3;
const STREAMS = 100;
/** Between two events of one stream, and how long it goes on. */
const EVERY_MS = 50;
const STREAM_MS = 10_000;

process.env['SLUICE_DIST'] = resolve(import.meta.dirname, '../dist');
const CLI = resolve(import.meta.dirname, '../dist/sluice.js');
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const key = join(folder, 'key');
writeFileSync(key, randomBytes(32).toString('base64'));
const redis = await RedisServer.start();
const children = new Set<ChildProcess>();

/** Starts a program of this bench, or a worker, and waits until it has said a word. */
async function start(args: readonly string[], word: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  await new Promise<void>((ready, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += String(chunk);
      if (said.includes(word)) ready();
    });
    child.once('exit', () => reject(new Error(`${args.join(' ')}: ended`)));
  });
  return child;
}

const worker = (...flags: string[]): Promise<ChildProcess> =>
  start(
    [CLI, 'worker', '--queue', redis.url, '--trust', key, '--allow-run', ...flags],
    'takes items',
  );

async function end(workers: readonly ChildProcess[]): Promise<void> {
  for (const child of workers) {
    children.delete(child);
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

interface Timed {
  readonly event: RunEvent;
  /** When it came here, in ms since 1970 with fractions. */
  readonly at: number;
}

/** Processor time that a process has taken, in ms; 0 of one that is gone, and elsewhere than on Linux. */
function processor(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')')).split(' ');
    return (Number(fields[12]) + Number(fields[13])) * 10;
  } catch {
    return 0;
  }
}

const now = (): number => performance.timeOrigin + performance.now();

/** Runs a batch, here or by workers, and gives its events. */
async function run(
  batch: string,
  queue: boolean,
  concurrency?: number,
  look: (pid: number) => void = () => {},
): Promise<Timed[]> {
  const workspace = mkdtempSync(join(folder, 'run-'));
  const batchFile = join(workspace, 'b.batch.yaml');
  writeFileSync(batchFile, batch);
  const handle = await startRun({
    batchFile,
    workspace,
    ...(queue ? { queue: { url: redis.url, key } } : {}),
    ...(concurrency === undefined ? {} : { concurrency }),
  });
  const timed: Timed[] = [];
  await new Promise<void>((done) => {
    handle.onChange((events) => {
      for (const event of events) timed.push({ event, at: now() });
      look(handle.state.run.pid);
      if (handle.state.ended !== undefined) done();
    });
  });
  if (handle.state.state !== 'done') throw new Error(`The run is ${handle.state.state}.`);
  handle.dispose();
  return timed;
}

/** Ms from the beginning of the first item to the end of the last. */
function span(timed: readonly Timed[]): number {
  const times = timed.map(({ event }) => event.time);
  const first = timed.findIndex(({ event }) => event.type === 'start');
  const last = timed.findLastIndex(({ event }) => event.type === 'end');
  return (times[last] ?? 0) - (times[first] ?? 0);
}

const list = (count: number): string =>
  `[${Array.from({ length: count }, (_, index) => index + 1).join(', ')}]`;

async function throughput(): Promise<void> {
  const batch = `inputs: ${list(ITEMS)}\nsteps:\n  - run: [sleep, "${ITEM_MS / 1000}"]\n`;
  const rows: string[][] = [];
  for (const count of [1, 2, 4]) {
    const workers: ChildProcess[] = [];
    for (let index = 0; index < count; index += 1) workers.push(await worker());
    const here = span(await run(batch, false, count));
    const there = span(await run(batch, true));
    await end(workers);
    const ideal = (ITEMS * ITEM_MS) / count;
    const cells = (ms: number): string[] => [
      (ITEMS / (ms / 1000)).toFixed(2),
      `${((ideal / ms) * 100).toFixed(1)}%`,
    ];
    rows.push([String(count), ...cells(there), ...cells(here)]);
  }
  printTable(
    `${ITEMS} items of ${ITEM_MS / 1000} s, by workers that do one at once, and by the local runner`,
    ['workers', 'items a second', 'efficiency', 'local: a second', 'efficiency'],
    rows,
  );
}

/** Ms that BullMQ alone takes for all jobs, by a worker of its own process that starts a program for each, or none. */
async function bare(program: boolean): Promise<number> {
  const child = await start(
    [join(import.meta.dirname, 'lib/bare-worker.ts'), String(redis.port), program ? 'true' : ''],
    'ready',
  );
  const connection = new Redis(redis.port, '127.0.0.1', { maxRetriesPerRequest: null });
  const queue = new Queue('bare', { connection });
  // From now on, and not from whenever it begins to read.
  const lastEventId = String(Date.now());
  const listening = connection.duplicate();
  const events = new QueueEvents('bare', { connection: listening, lastEventId });
  await events.waitUntilReady();
  let left = JOBS;
  const all = new Promise<void>((done) => {
    events.on('completed', () => {
      left -= 1;
      if (left === 0) done();
    });
  });
  const begin = performance.now();
  const options = { removeOnComplete: true };
  await Promise.all(Array.from({ length: JOBS }, (_, item) => queue.add('job', { item }, options)));
  await all;
  const ms = performance.now() - begin;
  await events.close();
  await queue.close();
  for (const each of [listening, connection]) each.disconnect();
  await end([child]);
  return ms;
}

async function jobs(): Promise<void> {
  const batch = `inputs: ${list(JOBS)}\nsteps:\n  - run: ['true']\n`;
  const workers = [await worker('-c', '2')];
  const times = { bare: [], program: [], local: [], remote: [] } as Record<string, number[]>;
  for (let round = 0; round < ROUNDS; round += 1) {
    const measured = {
      bare: await bare(false),
      program: await bare(true),
      local: span(await run(batch, false, 2)),
      remote: span(await run(batch, true)),
    };
    for (const [name, ms] of Object.entries(measured)) times[name]?.push(ms);
  }
  await end(workers);
  const each = (name: string): number => median(times[name] ?? []) / JOBS;
  const row = (name: string, label: string, beside: string): string[] => [
    label,
    duration(each(name) * JOBS),
    duration(each(name)),
    beside === '' ? '' : duration(each(name) - each(beside)),
  ];
  printTable(
    `${JOBS} short jobs, two at once, median of ${ROUNDS} rounds`,
    ['by', 'time', 'each', 'over its base'],
    [
      row('bare', 'BullMQ alone, a producer and a worker, no work', ''),
      row('program', 'BullMQ alone, `true` for each job', 'bare'),
      row('local', 'sluice, this machine alone, `true` for each item', ''),
      row('remote', 'sluice, a queue and a worker, `true` for each item', 'local'),
    ],
  );
  const over = each('remote') - each('program');
  console.log(`\nA job of sluice costs ${duration(over)} more than one of BullMQ alone.`);
}

/** One warm program does all items at once: it says the time in every text. */
const STREAM = `
import { createInterface } from 'node:readline';
const say = (message) => process.stdout.write(JSON.stringify(message) + '\\n');
const now = () => performance.timeOrigin + performance.now();
createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.type === 'hello') say({ type: 'ready', concurrency: ${STREAMS} });
  if (message.type !== 'item') return;
  const end = now() + ${STREAM_MS};
  const timer = setInterval(() => {
    say({ type: 'text', id: message.id, text: now() + '\\n' });
    if (now() < end) return;
    clearInterval(timer);
    say({ type: 'done', id: message.id, text: 'done' });
  }, ${EVERY_MS});
});
`;

async function streams(): Promise<void> {
  const script = join(folder, 'stream.mjs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(script, STREAM);
  const batch = `inputs: ${list(STREAMS)}\nsteps:\n  - run: [node, ${script}]\n    warm: true\noutput: out/{index}.txt\n`;
  const workers = [await worker('-c', String(STREAMS))];
  const listener = new Redis(redis.port, '127.0.0.1');
  const heard: number[] = [];
  const delays = (text: string, at: number): number[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => at - Number(line));
  await listener.psubscribe('audio_stream:*');
  listener.on('pmessage', (_, __, message: string) => {
    const event = JSON.parse(message) as RunEvent;
    if (event.type === 'text') heard.push(...delays(event.text, now()));
  });
  const [far] = workers;
  const before = processor(far?.pid);
  let runner = 0;
  const timed = await run(batch, true, undefined, (pid) => {
    runner = processor(pid) || runner;
  });
  const spent = { worker: processor(far?.pid) - before, runner };
  const attached = timed.flatMap(({ event, at }) =>
    event.type === 'text' ? delays(event.text, at) : [],
  );
  listener.disconnect();
  await end(workers);
  const expected = (STREAMS * STREAM_MS) / EVERY_MS;
  const row = (name: string, late: readonly number[]): string[] => {
    const p99 = quantile(late, 0.99);
    return [
      name,
      `${late.length} (${((late.length / expected) * 100).toFixed(0)}%)`,
      duration(quantile(late, 0.5)),
      duration(p99),
      duration(quantile(late, 1)),
      verdict(p99 <= 50, 'p99 <= 50 ms'),
    ];
  };
  printTable(
    `${STREAMS} items at once at one worker, an event of each every ${EVERY_MS} ms: from the program to`,
    ['whom', 'events', 'p50', 'p99', 'most', 'target'],
    [row('a client of the run', attached), row('a plain subscriber of Redis', heard)],
  );
  const each = (ms: number): string => `${((ms / attached.length) * 1000).toFixed(0)} µs`;
  console.log(
    `\nProcessor time an event: ${each(spent.worker)} at the worker, ${each(spent.runner)} in the runner`,
  );
}

/** `node bench/cluster.ts jobs` measures one of them. */
const PARTS: Readonly<Record<string, () => Promise<void>>> = { throughput, jobs, streams };
const asked = process.argv.slice(2);

try {
  for (const part of asked.length > 0 ? asked : Object.keys(PARTS)) await PARTS[part]?.();
} finally {
  for (const child of children) child.kill('SIGKILL');
  await redis.dispose();
  rmSync(folder, { recursive: true, force: true });
}
