import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { readEvents, serve, serveFolder } from '../../support/serve.ts';
import { sluice } from '../../support/sluice.ts';

const GATED = readFileSync(join(import.meta.dirname, '../../programs/gated.py'));
const THREE = `inputs: [one, bad, three]
steps:
  - run: [python3, gated.py, "{input}", "{output}"]
output: out/{slug}.txt
concurrency: 3
`;
const COUNT = `inputs: [a]
steps:
  - run: [python3, -c, "import time\\nfor n in range(40): print(n); time.sleep(0.05)"]
`;

test('a run over HTTP: started, watched, its results fetched, its failed item tried again', async () => {
  const server = await serveFolder({ 'gated.py': GATED, 'three.batch.yaml': THREE });
  expect(await (await server.ask('/batches')).json()).toEqual(['three.batch.yaml']);
  const started = await server.send('/runs', { batch: 'three.batch.yaml' });
  expect(started.status).toBe(201);
  const { id, total } = (await started.json()) as { id: string; total: number };
  expect(started.headers.get('location')).toBe(`/runs/${id}`);
  expect(total).toBe(3);
  const watching = server.ask(`/runs/${id}/events?after=0`).then((answer) => readEvents(answer));
  // The same run is in the terminal.
  expect((await sluice(server.folder, ['list'])).out).toContain(id);
  await writeFile(join(server.folder, 'go'), '');

  const messages = await watching;
  expect(messages.map((message) => Number(message.id))).toEqual(
    messages.map((_, index) => index + 1),
  );
  expect(messages.at(-1)?.data).toMatchObject({ type: 'finish', state: 'failed' });
  const state = await server.state(id);
  expect(state).toMatchObject({ state: 'failed', counts: { done: 2, failed: 1 } });
  const list = (await (await server.ask('/runs')).json()) as { id: string; state: string }[];
  expect(list).toMatchObject([{ id, state: 'failed' }]);

  const result = await server.ask(`/runs/${id}/results/out/one.txt`);
  expect(await result.text()).toBe('made by one');
  expect(result.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(result.headers.get('x-content-type-options')).toBe('nosniff');
  const part = await server.ask(`/runs/${id}/results/out/one.txt`, {
    headers: { range: 'bytes=5-6' },
  });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    'bytes 5-6/11',
    'by',
  ]);
  const same = await server.ask(`/runs/${id}/results/out/one.txt`, {
    headers: { 'if-none-match': result.headers.get('etag') ?? '' },
  });
  expect(same.status).toBe(304);
  const head = await server.ask(`/runs/${id}/results/out/one.txt`, { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe('11');
  expect(await (await server.ask(`/runs/${id}/items/3/results/0`)).text()).toBe('made by three');
  const log = await (await server.ask(`/runs/${id}/log`)).text();
  expect(log).toContain('[2/3] python3: bad 1');
  expect(log).not.toContain('\x1b');
  expect(await (await server.ask(`/runs/${id}/log?item=1`)).text()).not.toContain('bad 1');

  // A client that has all of it is told so: a browser then stops asking.
  const done = await server.ask(`/runs/${id}/events`, {
    headers: { 'last-event-id': String(state.seq) },
  });
  expect(done.status).toBe(204);

  await writeFile(join(server.folder, 'mended'), '');
  expect((await server.send(`/runs/${id}/retry`, {})).status).toBe(204);
  await eventually(
    async () => (await (await server.ask('/runs')).json()) as { state: string }[],
  ).toMatchObject([{ state: 'done', counts: { failed: 0 } }, { id }]);
});

test('a run is cancelled, paused and resumed over HTTP', async () => {
  const server = await serveFolder({ 'count.batch.yaml': COUNT });
  const id = await server.run('count.batch.yaml');
  expect((await server.send(`/runs/${id}/pause`, {})).status).toBe(204);
  expect((await server.state(id)).state).toBe('paused');
  // A body may be left out.
  expect((await server.ask(`/runs/${id}/resume`, { method: 'POST' })).status).toBe(204);
  expect((await server.ask(`/runs/${id}/cancel`, { method: 'POST' })).status).toBe(204);
  await eventually(async () => (await server.state(id)).state).toBe('cancelled');
  // Again is another run.
  const again = await server.send(`/runs/${id}/again`, { force: true });
  expect(again.status).toBe(201);
  expect(((await again.json()) as { id: string }).id).not.toBe(id);
});

test('a batch may be sent as JSON or YAML; what is wrong in it is told at its place', async () => {
  const server = await serveFolder({ 'in/a.txt': 'A' });
  const batch = {
    inputs: { files: 'in/*.txt' },
    steps: [{ run: ['cat', '{input}'] }],
    output: 'out/{input.name}',
  };
  const started = await server.send('/runs', { batch });
  expect(started.status).toBe(201);
  const { id } = (await started.json()) as { id: string };
  await eventually(async () => (await server.state(id)).state).toBe('done');
  expect(await (await server.ask(`/runs/${id}/results/out/a.txt`)).text()).toBe('A');
  // The same batch again makes nothing twice.
  const second = (await (await server.send('/runs', { batch })).json()) as { id: string };
  await eventually(async () => (await server.state(second.id)).counts.skipped).toBe(1);

  const yaml = (text: string): Promise<Response> =>
    server.ask('/runs', {
      method: 'POST',
      headers: { 'content-type': 'application/yaml' },
      body: text,
    });
  expect((await yaml('inputs: [one]\nsteps:\n  - run: [echo, "{input}"]\n')).status).toBe(201);
  const wrong = await yaml('inputs: [one]\nsteps:\n  - rum: [echo]\n');
  expect(wrong.status).toBe(422);
  expect(await wrong.json()).toMatchObject({
    problems: [{ line: 3, column: 5, hint: 'Did you mean `run`?' }, {}],
  });
  const missing = await server.send('/runs', { batch: 'none.batch.yaml' });
  expect(missing.status).toBe(404);
});

test('an owner that leaves takes its run with it; a watcher does not', async () => {
  const server = await serveFolder({ 'count.batch.yaml': COUNT.replace('40', '400') });
  const id = await server.run('count.batch.yaml');
  const watcher = new AbortController();
  const owner = new AbortController();
  await server.ask(`/runs/${id}/events`, { signal: watcher.signal });
  await server.ask(`/runs/${id}/events?own=1`, { signal: owner.signal });
  watcher.abort();
  expect((await server.state(id)).state).toBe('running');
  owner.abort();
  await eventually(async () => (await server.state(id)).state).toBe('cancelled');
});

test('an owner that comes back in time keeps its run', async () => {
  const server = await serveFolder({ 'count.batch.yaml': COUNT.replace('40', '160') });
  const id = await server.run('count.batch.yaml');
  for (let times = 0; times < 3; times += 1) {
    const owner = new AbortController();
    await server.ask(`/runs/${id}/events?own=1`, { signal: owner.signal });
    owner.abort();
  }
  const end = await readEvents(await server.ask(`/runs/${id}/events?own=1`));
  expect(end.at(-1)?.data).toMatchObject({ type: 'finish', state: 'done' });
});

test('runs go on when their server ends, and another server has them', async () => {
  const first = await serveFolder({ 'count.batch.yaml': COUNT });
  const id = await first.run('count.batch.yaml');
  const { pid } = (await first.state(id)).run;
  await first.stop();
  const second = await serve(first.folder);
  expect((await second.state(id)).run.pid).toBe(pid);
  await eventually(async () => (await second.state(id)).state).toBe('done');
});

test.each([
  [['--host', '0.0.0.0'], '--cert'],
  [['--no-auth', '--host', '0.0.0.0'], '--no-auth is for this machine alone'],
  [
    ['--no-auth', '--behind-proxy', 'https://sluice.example'],
    '--no-auth is for this machine alone',
  ],
  [['--allow-run'], '--allow-run belongs to --no-auth'],
  [['--cert', 'a.pem'], 'belong together'],
  [['--cert', 'a.pem', '--key', 'b.pem'], 'a.pem cannot be read'],
  [['--port', '99999'], 'from 0 to 65535'],
  [['--behind-proxy', 'sluice.example'], 'a scheme and a host'],
  [['--workspace', 'nowhere'], 'There is no folder nowhere'],
])('%j is refused', async (flags, message) => {
  const { folder } = await serveFolder({});
  const { code, err } = await sluice(folder, ['serve', '--port', '0', ...flags]);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

test('a port that is taken is said', async () => {
  const { folder, port } = await serveFolder({});
  const { code, err } = await sluice(folder, ['serve', '--port', String(port)]);
  expect([code, err]).toEqual([2, expect.stringContaining(`Port ${port} is taken`)]);
});

test('its own token is one that a person gave, and no program of a run has it', async () => {
  const token = 'a-token-of-the-persons-own';
  const server = await serveFolder(
    { 'env.batch.yaml': 'inputs: [a]\nsteps:\n  - run: [sh, -c, "env"]\noutput: out/env.txt\n' },
    [],
    { SLUICE_SERVER_TOKEN: token },
  );
  expect(server.token).toBe(token);
  const id = await server.run('env.batch.yaml');
  await eventually(async () => (await server.state(id)).state).toBe('done');
  const env = await (await server.ask(`/runs/${id}/results/out/env.txt`)).text();
  expect(env).toContain('PATH=');
  expect(env).not.toContain(token);
  // Nor is it in any file, or in what others see of the process.
  const found = await execa('grep', ['-r', token, server.folder], { reject: false });
  expect(found.stdout).toBe('');
  expect(readFileSync(`/proc/${server.pid}/cmdline`, 'utf8')).not.toContain(token);
});
