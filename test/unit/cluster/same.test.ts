import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { startRun } from '../../../src/runner/client.ts';
import type { QueueOptions } from '../../../src/runner/start.ts';
import { ServerProcess } from '../../../src/vscode/server-process.ts';
import { needsPackages } from '../../support/debian.ts';
import { endRuns } from '../../support/end-runs.ts';
import { eventually } from '../../support/eventually.ts';
import { startRedis } from '../../support/redis.ts';
import { serveFolder } from '../../support/serve.ts';
import { makeWorkspace, type Outcome, ofType, sluice } from '../../support/sluice.ts';
import { makeKey, startWorker } from '../../support/worker.ts';

needsPackages('redis-server', 'redis-tools');

/** A file in, a script of the workspace, one of a folder beside it, a folder out, a text between. */
const BATCH = `
inputs: { files: "in/*.txt" }
steps:
  - name: upper
    run: [node, scripts/upper.mjs, "{input}", "{output}"]
    output: out/{input.stem}.upper.txt
  - name: parts
    run: [node, scripts/parts.mjs, "{input}", "{outdir}"]
    output: out/{input.stem}/
  - name: count
    from: upper
    run: wc -c < "$SLUICE_INPUT"
    shell: true
    output: out/{input.stem}.count
concurrency: 2
`;

const UPPER = `
import { readFileSync, writeFileSync } from 'node:fs';
const [from, to] = process.argv.slice(2);
const text = readFileSync(from, 'utf8');
for (const at of [25, 50, 75, 100]) console.log('upper ' + at + '%');
console.error('\\u001b[31mred\\u001b[0m \\u001b]0;title\\u0007');
writeFileSync(to, text.toUpperCase());
`;

const PARTS = `
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const [from, to] = process.argv.slice(2);
mkdirSync(to + '/deep', { recursive: true });
writeFileSync(to + '/first', readFileSync(from, 'utf8').slice(0, 3));
writeFileSync(to + '/deep/all', readFileSync(from).toString('hex'));
`;

const FILES = {
  'b.batch.yaml': BATCH,
  'scripts/upper.mjs': UPPER,
  'scripts/parts.mjs': PARTS,
  'in/short.txt': 'a short one',
  // More than one letter holds.
  'in/long.txt': 'long '.repeat(100_000),
  'in/empty.txt': '',
};

function results(folder: string): Record<string, string> {
  const out = join(folder, 'out');
  if (!existsSync(out)) return {};
  const names = readdirSync(out, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    names
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  );
}

/**
 * What is said of each step of each item, in order: facts, and each line of its output. How many lines come as one, and
 * which steps run beside it, is chance.
 */
function told({ events }: Outcome): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const event of events) {
    if (!('item' in event) || event.type === 'progress') continue;
    const { seq: _, time: __, ...fact } = event;
    const { pid: ___, beside: ____, finished: _____, ...rest } = fact as Record<string, unknown>;
    const lines = event.type === 'log' ? event.lines : [JSON.stringify(rest)];
    const stream = event.type === 'log' ? event.stream : '';
    const name = `${event.item} ${'step' in event ? event.step : ''} ${stream}`;
    all[name] = [...(all[name] ?? []), ...lines];
  }
  return all;
}

test('a run does not look different for being done by workers: the same results, the same events', async () => {
  const redis = await startRedis();
  const key = makeKey();
  await startWorker(redis.url, ['--trust', key, '--allow-run', '-c', '2']);
  const [here, there] = [makeWorkspace(FILES), makeWorkspace(FILES)];
  const local = await sluice(here, ['run', 'b.batch.yaml', '--json']);
  const remote = await sluice(there, [
    ...['run', 'b.batch.yaml', '--json'],
    ...['--queue', redis.url, '--trust', key],
  ]);
  expect([local.code, remote.code]).toEqual([0, 0]);
  expect(Object.keys(results(there))).toHaveLength(12);
  expect(results(there)).toEqual(results(here));
  expect(told(remote)).toEqual(told(local));
  expect(ofType(remote.events, 'progress').length).toBeGreaterThan(0);
  expect(remote.events.map((event) => event.seq)).toEqual(remote.events.map((_, at) => at + 1));
  // What is finished is not made again, wherever it was made.
  const again = await sluice(there, ['run', 'b.batch.yaml', '--json']);
  expect(ofType(again.events, 'end').map(({ state }) => state)).toEqual(Array(3).fill('skipped'));
  // Nothing of the run is left in Redis.
  const run = ofType(remote.events, 'run')[0]?.run.id ?? 'none';
  expect(redis.keys.filter((name) => name.includes(run))).toEqual([]);
});

const WARM = `
import { createInterface } from 'node:readline';
import { writeFileSync } from 'node:fs';
const say = (message) => console.log(JSON.stringify(message));
const lines = createInterface({ input: process.stdin });
let items = 0;
lines.on('line', (line) => {
  const message = JSON.parse(line);
  if (message.type === 'hello') say({ type: 'ready' });
  if (message.type !== 'item') return;
  const { id, text, output } = message;
  say({ type: 'text', id, text: text + ' ' });
  const wav = output.replace(/[^/]*$/, 'part.wav');
  writeFileSync(wav, 'sound of ' + text);
  say({ type: 'sound', id, file: wav, chunk: 0, text, from: 0, to: text.length, start: 0, end: 1 });
  items += 1;
  say({ type: 'done', id, text: process.pid + ' ' + items });
});
`;

test('a step stays warm at a worker from item to item, and what can be played comes at once', async () => {
  const redis = await startRedis();
  const key = makeKey();
  await startWorker(redis.url, ['--trust', key, '--allow-run']);
  const folder = makeWorkspace({
    'warm.mjs': WARM,
    'b.batch.yaml':
      'inputs: [a, b, c]\nsteps:\n  - run: [node, warm.mjs]\n    warm: true\noutput: out/{index}.txt\n',
  });
  const { code, events } = await sluice(folder, [
    ...['run', 'b.batch.yaml', '--json'],
    ...['--queue', redis.url, '--trust', key],
  ]);
  expect(code).toBe(0);
  const made = Object.values(results(folder)).map((text) => text.split(' '));
  expect(new Set(made.map(([pid]) => pid)).size).toBe(1);
  expect(made.map(([, items]) => items)).toEqual(['1', '2', '3']);
  expect(ofType(events, 'text').map(({ text }) => text)).toEqual(['a ', 'b ', 'c ']);
  const paths = ofType(events, 'sound').map(({ sound }) => sound.path);
  const run = ofType(events, 'run')[0]?.run.id ?? '';
  expect(paths).toEqual([1, 2, 3].map((item) => `.sluice/work/${run}/${item}-0/part.wav`));
});

test('a worker that shares the workspace works in it', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const folder = makeWorkspace({
    // What it imports no batch file names.
    'tool.mjs': "import { word } from './lib/word.mjs'; console.log(word, process.cwd());",
    'lib/word.mjs': "export const word = 'found';",
    'b.batch.yaml': 'inputs: [a]\nsteps:\n  - run: [node, tool.mjs]\noutput: out/a.txt\n',
  });
  const flags = ['--queue', redis.url, '--trust', key];
  await startWorker(redis.url, ['--trust', key, '--allow-run', '--workspace', folder]);
  expect((await sluice(folder, ['run', 'b.batch.yaml', ...flags])).code).toBe(0);
  expect(results(folder)['/out/a.txt']).toBe(`found ${folder}\n`);
  // Another workspace is not taken for it.
  const other = makeWorkspace({
    'b.batch.yaml': 'inputs: [a]\nsteps:\n  - run: [pwd]\noutput: out/a.txt\n',
  });
  expect((await sluice(other, ['run', 'b.batch.yaml', ...flags])).code).toBe(0);
  expect(results(other)['/out/a.txt']).toMatch(/^\/tmp\/sluice-worker-/);
});

const SEARCH = fileURLToPath(
  new URL('../../../examples/schedule/hcsp/u_i_lolo.0', import.meta.url),
);

test('a search at a worker tells its iterations and schedules, and ends when it is asked with its best', async () => {
  const redis = await startRedis();
  // It knows nobody's key: the options of the search are none that need one.
  await startWorker(redis.url);
  const folder = makeWorkspace({
    'u_i_lolo.0': readFileSync(SEARCH),
    'b.batch.yaml':
      'inputs: { files: u_i_lolo.0 }\nsteps:\n  - { uses: schedule, with: { time_limit: 1000, seed: 3 } }\noutput: out/found.csv\n',
  });
  const run = await startRun({
    batchFile: join(folder, 'b.batch.yaml'),
    workspace: folder,
    queue: { url: redis.url },
  });
  const events: RunEvent[] = [];
  run.onChange((fresh) => events.push(...fresh));
  onTestFinished(() => endRuns(folder));
  await eventually(() => run.state.items[0]?.curve?.last.iteration ?? 0).toBeGreaterThan(3);
  await eventually(() => run.state.items[0]?.schedule?.tasks.length).toBe(512);
  expect(run.state.items[0]?.canFinish).toBe(true);
  expect(await run.request('finish', { items: [2] })).toBe(0);
  expect(await run.request('finish', {})).toBe(1);
  await eventually(() => run.state.ended).toBeDefined();
  run.dispose();
  expect(ofType(events, 'end').map(({ state }) => state)).toEqual(['done']);
  const told = Math.min(...ofType(events, 'iteration').map(({ best }) => best));
  const { makespan } = JSON.parse(readFileSync(join(folder, 'out/found.json'), 'utf8')) as {
    makespan: number;
  };
  expect(makespan).toBeLessThanOrEqual(told * (1 + 1e-9));
});

test('what is not under way at a worker, or cannot give a best, is not asked to finish', async () => {
  const redis = await startRedis();
  const key = makeKey();
  await startWorker(redis.url, ['--trust', key, '--allow-run']);
  const folder = makeWorkspace({
    'b.batch.yaml':
      'inputs: [a, b]\nsteps:\n  - { run: [sleep, "1000"] }\noutput: out/{index}.txt\n',
  });
  const run = await startRun({
    batchFile: join(folder, 'b.batch.yaml'),
    workspace: folder,
    queue: { url: redis.url, key },
  });
  onTestFinished(() => endRuns(folder));
  await eventually(() => run.state.active).toEqual([1]);
  expect(await run.request('finish', {})).toBe(0);
  expect(await run.request('finish', { items: [2] })).toBe(0);
  await run.request('cancel', {});
  await eventually(() => run.state.ended).toBeDefined();
  run.dispose();
});

test('the runs of a server are done by workers, too', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const worker = await startWorker(redis.url, ['--trust', key, '--allow-run']);
  const server = await serveFolder(
    {
      'b.batch.yaml': 'name: far\ninputs: [a]\nsteps:\n  - run: [pwd]\noutput: out/a.txt\n',
    },
    ['--trust', key],
    { SLUICE_QUEUE: redis.url },
  );
  const run = await server.run('b.batch.yaml');
  await eventually(async () => (await server.state(run)).state).toBe('done');
  expect((await server.state(run)).run.queue).toBe(`redis://127.0.0.1:${redis.port}`);
  expect(results(server.folder)['/out/a.txt']).toMatch(/^\/tmp\/sluice-worker-/);
  await eventually(() => worker.said).toContain('far, item 1: done');
});

test('the server of a window has its queue from the window, and not out of the environment', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const worker = await startWorker(redis.url, ['--trust', key, '--allow-run']);
  const folder = makeWorkspace({
    'b.batch.yaml': 'name: far\ninputs: [a]\nsteps:\n  - run: [pwd]\noutput: out/a.txt\n',
  });
  onTestFinished(() => endRuns(folder));
  vi.stubEnv('SLUICE_QUEUE', redis.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const token = 'token-of-this-test-alone';
  const ran = async (queue: QueueOptions | undefined): Promise<string | undefined> => {
    rmSync(join(folder, 'out'), { recursive: true, force: true });
    const server = await ServerProcess.start({
      ...{ folder, port: 0, token, env: {}, queue },
      log: () => {},
    });
    onTestFinished(() => server.stop());
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ batch: 'b.batch.yaml' });
    await fetch(`${server.origin}/runs`, { method: 'POST', headers, body });
    await eventually(() => results(folder)['/out/a.txt']).toBeDefined();
    return results(folder)['/out/a.txt'];
  };
  expect(await ran({ url: redis.url, key })).toMatch(/^\/tmp\/sluice-worker-/);
  await eventually(() => worker.said).toContain('far, item 1: done');
  expect(await ran(undefined)).toBe(`${folder}\n`);
});
