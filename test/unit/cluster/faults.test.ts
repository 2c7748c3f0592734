import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { isAlive } from '../../../src/runner/liveness.ts';
import { deadLine } from '../../support/dead-line.ts';
import { needsPackages } from '../../support/debian.ts';
import { eventually } from '../../support/eventually.ts';
import { startRedis } from '../../support/redis.ts';
import type { RedisServer } from '../../support/redis-server.ts';
import { makeWorkspace, ofType, sluice } from '../../support/sluice.ts';
import { startRun } from '../../support/started-run.ts';
import { makeKey, startWorker } from '../../support/worker.ts';

needsPackages('redis-server', 'redis-tools');

/** Ms that the line to Redis is dead in the test of it. */
const CUT_MS = 30_000;

/** Each item says that it begins, by a line, takes its time, waits while there is a file `hold`, and writes what it is. */
const SLOW = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
const [input, output, diary, ms] = process.argv.slice(2);
appendFileSync(diary + '/diary', input + '\\n');
console.log('pid ' + process.pid);
for (let i = 0; i < 10; i += 1) {
  console.log(input + ' ' + i);
  await new Promise((resolve) => setTimeout(resolve, ms / 10));
}
while (existsSync(diary + '/hold')) await new Promise((resolve) => setTimeout(resolve, 50));
writeFileSync(output, input.repeat(1000));
`;

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

interface Setup {
  readonly redis: RedisServer;
  readonly folder: string;
  /** Items that were begun, in order, also those that were begun anew. */
  readonly diary: () => string[];
  /** Keeps items from ending, until it is called what it gives. */
  readonly hold: () => () => void;
  /** Of a run with the queue at a port. */
  readonly flags: (port?: number) => string[];
  /** Of a worker. */
  readonly worker: readonly string[];
}

async function setUp(ms: number, persists = false): Promise<Setup> {
  const redis = await startRedis({ persists });
  const key = makeKey();
  // A file among its arguments would be a part of what an item is made from.
  const diary = makeWorkspace({ diary: '' });
  const folder = makeWorkspace({
    'slow.mjs': SLOW,
    'b.batch.yaml': `inputs: [${NAMES.join(', ')}]\nsteps:\n  - run: [node, slow.mjs, "{input}", "{output}", ${diary}, "${ms}"]\noutput: out/{index}.txt\n`,
  });
  return {
    redis,
    folder,
    diary: () => readFileSync(join(diary, 'diary'), 'utf8').split('\n').slice(0, -1),
    hold() {
      writeFileSync(join(diary, 'hold'), '');
      return () => rmSync(join(diary, 'hold'));
    },
    flags: (port = redis.port) => [
      ...['run', 'b.batch.yaml', '--json'],
      ...['--queue', `redis://127.0.0.1:${port}`, '--trust', key],
    ],
    worker: ['--trust', key, '--allow-run'],
  };
}

const linesOf = (events: readonly RunEvent[], item?: number): string[] =>
  ofType(events, 'log')
    .filter((log) => item === undefined || log.item === item)
    .flatMap(({ lines }) => lines);

/** Processes that the items were done by. */
const pids = (events: readonly RunEvent[]): number[] =>
  linesOf(events)
    .flatMap((line) => /^pid (\d+)$/.exec(line)?.[1] ?? [])
    .map(Number);

const notes = (events: readonly RunEvent[]): string =>
  ofType(events, 'note')
    .map(({ message }) => message)
    .join('\n');

/** Every item has its one result, whole. */
function expectWhole(folder: string, events: readonly RunEvent[]): void {
  for (const [index, name] of NAMES.entries()) {
    expect(readFileSync(join(folder, `out/${index + 1}.txt`), 'utf8')).toBe(name.repeat(1000));
  }
  const results = ofType(events, 'result').map(({ item }) => item);
  expect(results.sort()).toEqual(NAMES.map((_, index) => index + 1));
  expect(ofType(events, 'end').map(({ state }) => state)).toEqual(NAMES.map(() => 'done'));
}

test('a worker that is killed: its items go to another one, once, and its processes are ended', async () => {
  const { redis, folder, diary, hold, flags, worker } = await setUp(500);
  const own = [...worker, '--lease', '2', '-c', '2'];
  const doomed = await startWorker(redis.url, [...own, '--name', 'doomed']);
  await startWorker(redis.url, own);
  const letGo = hold();
  const run = startRun(folder, flags());
  await eventually(() => diary().length).toBe(4);
  doomed.kill('SIGKILL');
  letGo();
  expect(await run.ended).toBe(0);
  expectWhole(folder, run.events());
  const lost = ofType(run.events(), 'log').filter(({ lines }) =>
    lines.join().includes('goes to another'),
  );
  expect(lost.length).toBeGreaterThan(0);
  // It counts as no attempt.
  expect(new Set(ofType(run.events(), 'start').map(({ attempt }) => attempt))).toEqual(
    new Set([1]),
  );
  // What it has left on its machine the next one that begins there ends and removes.
  await startWorker(redis.url, worker);
  expect(readdirSync(tmpdir()).filter((name) => name.includes(`worker-${doomed.pid}-`))).toEqual(
    [],
  );
  for (const pid of pids(run.events())) expect(isAlive(pid)).toBe(false);
});

test('an item that ends every worker it comes to fails, and says so', async () => {
  const { redis, worker, flags } = await setUp(0);
  const folder = makeWorkspace({
    'b.batch.yaml': 'inputs: [a]\nsteps:\n  - run: kill -9 $PPID\n    shell: true\n',
  });
  const again = async (): Promise<void> => {
    const next = await startWorker(redis.url, [...worker, '--lease', '1']);
    await next.ended;
    if (!over) await again();
  };
  let over = false;
  const workers = again();
  const { events } = await sluice(folder, flags());
  over = true;
  expect(ofType(events, 'end')[0]?.failure?.message).toMatch(/^3 workers were lost/);
  redis.ask('FLUSHALL');
  void workers.catch(() => {});
});

test('Redis is restarted with its data: the run goes on, and nothing is made twice', async () => {
  const { redis, folder, diary, flags, worker } = await setUp(1000, true);
  await startWorker(redis.url, [...worker, '-c', '2']);
  const run = startRun(folder, flags());
  await eventually(() => diary().length).toBeGreaterThan(1);
  await redis.stop('SIGKILL');
  await redis.begin();
  expect(await run.ended).toBe(0);
  expectWhole(folder, run.events());
  expect(diary().sort()).toEqual(NAMES);
  expect(notes(run.events())).toMatch(/is lost: .*The run waits for it/);
  expect(notes(run.events())).toMatch(/Redis is back/);
  expect(notes(run.events())).not.toMatch(/forgotten/);
});

test('Redis is restarted without its data: the run says so, and makes anew only what was under way', async () => {
  const { redis, folder, diary, flags, worker } = await setUp(1000);
  await startWorker(redis.url, [...worker, '-c', '2']);
  const run = startRun(folder, flags());
  await eventually(() => ofType(run.events(), 'end').length).toBeGreaterThan(0);
  await redis.stop('SIGKILL');
  await redis.begin();
  expect(await run.ended).toBe(0);
  expectWhole(folder, run.events());
  expect(notes(run.events())).toMatch(/has forgotten this run: it was restarted without its data/);
  expect(notes(run.events())).toMatch(/`appendonly yes`/);
  // Two were under way, and two more had been given out ahead at most.
  expect(diary().length).toBeLessThanOrEqual(NAMES.length + 2);
});

test('the line to Redis is dead for a while: workers go on, and the run gets what it missed', async () => {
  const { redis, folder, diary, flags, worker } = await setUp(4000);
  const line = await deadLine(redis.port);
  await startWorker(redis.url, [...worker, '-c', '2']);
  const run = startRun(folder, flags(line.port));
  await eventually(() => diary().length).toBeGreaterThan(1);
  line.pull();
  await sleep(CUT_MS / 2);
  const before = run.events().length;
  await sleep(CUT_MS / 2);
  // It hears nothing, and has no more to say than that.
  expect(run.events().length).toBeLessThanOrEqual(before + 1);
  line.mend();
  expect(await run.ended).toBe(0);
  expectWhole(folder, run.events());
  expect(diary().sort()).toEqual(NAMES);
  // Every line of every item, in its order.
  for (const [index, name] of NAMES.entries()) {
    const lines = linesOf(run.events(), index + 1).filter((line) => !line.startsWith('pid'));
    expect(lines).toEqual(Array.from({ length: 10 }, (_, at) => `${name} ${at}`));
  }
}, 180_000);

test('the line of a worker is dead for longer than its lease: another one does its items, and what it says late does not count', async () => {
  const { redis, folder, flags, worker } = await setUp(2500);
  const line = await deadLine(redis.port);
  const url = `redis://127.0.0.1:${line.port}`;
  await startWorker(url, [...worker, '--lease', '2', '-c', '2', '--name', 'away']);
  const run = startRun(folder, flags());
  await eventually(() => ofType(run.events(), 'start').length).toBeGreaterThan(1);
  line.pull();
  await startWorker(redis.url, [...worker, '--lease', '2', '-c', '2', '--name', 'other']);
  await eventually(() => ofType(run.events(), 'start').length).toBeGreaterThan(3);
  line.mend();
  expect(await run.ended).toBe(0);
  expectWhole(folder, run.events());
}, 120_000);

test('a runner that was killed: the next one goes on with what the workers are doing', async () => {
  const { redis, folder, diary, flags, worker } = await setUp(3000);
  await startWorker(redis.url, [...worker, '-c', '2']);
  const first = startRun(folder, flags());
  await eventually(() => diary().length).toBe(2);
  const runner = ofType(first.events(), 'run')[0]?.run;
  process.kill(runner?.pid ?? 0, 'SIGKILL');
  expect(await first.ended).toBe(130);
  const second = startRun(folder, flags());
  expect(await second.ended).toBe(0);
  expectWhole(folder, second.events());
  // What was under way was not begun a second time.
  expect(diary().sort()).toEqual(NAMES);
  expect(redis.keys.filter((name) => name.includes(runner?.id ?? ''))).toEqual([]);
});

test('a runner that was killed, and Redis forgot: the next one says what is lost', async () => {
  const { redis, folder, diary, flags, worker } = await setUp(1000);
  await startWorker(redis.url, [...worker, '-c', '2']);
  const first = startRun(folder, flags());
  await eventually(() => diary().length).toBe(2);
  process.kill(ofType(first.events(), 'run')[0]?.run.pid ?? 0, 'SIGKILL');
  await first.ended;
  await redis.stop('SIGKILL');
  await redis.begin();
  const second = startRun(folder, flags());
  expect(await second.ended).toBe(0);
  expectWhole(folder, second.events());
  expect(notes(second.events())).toMatch(/Redis has nothing of \S+ any more: .* is made anew/);
});

test('two clients on one run see the same, also one that comes later', async () => {
  const { redis, folder, hold, flags, worker } = await setUp(200);
  await startWorker(redis.url, worker);
  const letGo = hold();
  const run = startRun(folder, flags());
  await eventually(() => ofType(run.events(), 'log').length).toBeGreaterThan(3);
  const other = startRun(folder, ['attach', '--json']);
  await eventually(() => ofType(other.events(), 'log').length).toBeGreaterThan(3);
  letGo();
  expect(await run.ended).toBe(0);
  expect(await other.ended).toBe(0);
  expect(other.events()).toEqual(run.events());
});

test('cancelling reaches the processes at the worker, also those that do not want to end', async () => {
  const { redis, worker, flags } = await setUp(0);
  await startWorker(redis.url, [...worker, '-c', '2']);
  const folder = makeWorkspace({
    'b.batch.yaml': `
inputs: [a, b]
steps:
  - run: [sh, -c, "trap '' TERM; setsid sleep 300 & echo $!; echo $$; sleep 300"]
output: out/{slug}.txt
`,
  });
  const run = startRun(folder, flags());
  await eventually(() => linesOf(run.events()).length).toBe(4);
  const cancelled = await sluice(folder, ['cancel']);
  expect(cancelled.code).toBe(0);
  expect(await run.ended).toBe(130);
  for (const pid of linesOf(run.events())) expect(isAlive(Number(pid))).toBe(false);
  expect(ofType(run.events(), 'end').map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
});

test('a run whose Redis is gone for good can be cancelled, and ends', async () => {
  const { redis, folder, diary, flags, worker } = await setUp(60_000);
  await startWorker(redis.url, worker);
  const run = startRun(folder, flags());
  await eventually(() => diary().length).toBe(1);
  await redis.stop('SIGKILL');
  await eventually(() => notes(run.events())).toMatch(/The run waits for it/);
  await sluice(folder, ['cancel']);
  expect(await run.ended).toBe(130);
});
