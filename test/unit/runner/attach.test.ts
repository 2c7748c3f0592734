import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../../src/cli/exit.ts';
import { EVENTS_VERSION, type RunEvent } from '../../../src/protocol/events.ts';
import type { RunnerNotice } from '../../../src/protocol/rpc.ts';
import { applyEvents, EMPTY_STATE } from '../../../src/protocol/state.ts';
import type { RunnerInfo } from '../../../src/runner/address.ts';
import { attach, type RunHandle, startRun, watchRuns } from '../../../src/runner/client.ts';
import { isAlive } from '../../../src/runner/liveness.ts';
import { Subscriber } from '../../../src/runner/subscriber.ts';
import { makeWorkspace, startSluice } from '../../support/sluice.ts';

const SLOW = `
inputs: [a, b, c, d, e, f]
steps:
  - run: [sh, -c, "for i in 1 2 3 4 5; do echo $0 $i; sleep 0.05; done", "{input}"]
concurrency: 2
`;

async function start(batch: string): Promise<{ folder: string; run: RunHandle; info: RunnerInfo }> {
  const folder = makeWorkspace({ 'b.batch.yaml': batch });
  const run = await startRun({ batchFile: join(folder, 'b.batch.yaml'), workspace: folder });
  onTestFinished(async () => {
    if (run.live) await run.request('cancel', {}).catch(() => {});
    run.dispose();
  });
  const path = join(folder, `.sluice/sockets/${run.id}.json`);
  return { folder, run, info: JSON.parse(readFileSync(path, 'utf8')) as RunnerInfo };
}

function collect(run: RunHandle): RunEvent[] {
  const events: RunEvent[] = [];
  run.onChange((fresh) => {
    events.push(...fresh);
  });
  return events;
}

const over = (run: RunHandle): Promise<void> =>
  expect.poll(() => !run.live, { timeout: 20_000 }).toBe(true) as Promise<void>;

test('clients that come at any time see every event once, in order, and the same state', async () => {
  const { folder, run, info } = await start(SLOW);
  const all = [collect(run)];
  const handles = [run];
  for (const delay of [30, 120, 250]) {
    await new Promise((resolve) => setTimeout(resolve, delay));
    const late = await attach(info, folder, 0);
    handles.push(late);
    all.push(collect(late));
  }
  for (const handle of handles) await over(handle);
  for (const events of all) {
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)).toMatchObject({ type: 'finish', state: 'done' });
    expect(applyEvents(EMPTY_STATE, events)).toEqual(run.state);
  }
});

test('a client that comes back gets what it missed; one that knows nothing, a snapshot', async () => {
  const { folder, run, info } = await start(SLOW);
  const first = await attach(info, folder, 0);
  const seen = collect(first);
  await expect.poll(() => seen.length).toBeGreaterThan(10);
  first.dispose();
  const last = seen.at(-1)?.seq ?? 0;
  const again = await attach(info, folder, last);
  const missed = collect(again);
  const fresh = await attach(info, folder);
  expect(fresh.state.items).toHaveLength(6);
  await over(run);
  await over(again);
  expect(missed[0]?.seq).toBe(last + 1);
  expect([...seen, ...missed].map((event) => event.seq)).toEqual(
    Array.from({ length: run.state.seq }, (_, index) => index + 1),
  );
  await over(fresh);
  expect(fresh.state).toEqual(run.state);
});

test('nobody gets anything without the token, and nothing before `attach`', async () => {
  const { folder, run, info } = await start(SLOW);
  await expect(attach({ ...info, token: 'x'.repeat(32) }, folder, 0)).rejects.toThrow(
    /wrong token/,
  );
  const socket = connect(info.address);
  const body = '{"jsonrpc":"2.0","id":1,"method":"cancel","params":{}}';
  socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  const answer = await new Promise<string>((resolve) => {
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk.toString();
      if (said.endsWith('}')) resolve(said);
    });
  });
  socket.destroy();
  expect(answer).toContain('attach first');
  expect(run.state.state).toBe('running');
});

test('a runner lives through rubbish on its socket', async () => {
  const { run, info } = await start(SLOW);
  for (const rubbish of [
    '\0\xff\n\n',
    'Content-Length: -5\r\n\r\n',
    'Content-Length: 9\r\n\r\nnot json!',
  ]) {
    const socket = connect(info.address);
    socket.on('error', () => {});
    socket.write(rubbish);
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
  }
  await over(run);
  expect(run.state.state).toBe('done');
});

test('a client ends when its runner is killed in the middle of a message', async () => {
  const folder = makeWorkspace({});
  const address = join(folder, 'runner.sock');
  const info: RunnerInfo = {
    id: 'killed',
    pid: process.pid,
    address,
    token: 'x',
    batch: 'b.batch.yaml',
    name: 'b',
    started: 0,
  };
  mkdirSync(join(folder, '.sluice/sockets'), { recursive: true });
  writeFileSync(join(folder, '.sluice/sockets/killed.json'), JSON.stringify(info));
  const run = { ...EMPTY_STATE.run, id: info.id };
  const event: RunEvent = { seq: 1, time: 0, type: 'run', version: EVENTS_VERSION, run };
  let runner: Socket | undefined;
  const server = createServer((socket) => {
    runner = socket;
    let asked = '';
    socket.on('data', (chunk) => {
      asked += chunk.toString();
      if (!asked.endsWith('}}')) return;
      const { id } = JSON.parse(asked.slice(asked.indexOf('{'))) as { id: number };
      const body = JSON.stringify({ jsonrpc: '2.0', id, result: { events: [event] } });
      // The head of the next message leaves in a write of its own: here it is the last.
      socket.write(`Content-Length: ${body.length}\r\n\r\n${body}Content-Length: 100\r\n\r\n`);
    });
  }).listen(address);
  onTestFinished(() => void server.close());
  const client = startSluice(folder, ['attach', '--json']);
  onTestFinished(() => void client.kill('SIGKILL'));
  client.stdout?.once('data', () => runner?.destroy());
  expect((await client).exitCode).toBe(EXIT.interrupted);
});

test('a client that does not read never slows the run', async () => {
  const { run, info } = await start(`
inputs: [a]
steps:
  - run: [node, -e, "const line = 'x'.repeat(90) + '\\\\n'; for (let i = 0; i < 500000; i++) process.stdout.write(line)"]
`);
  const deaf = connect(info.address);
  onTestFinished(() => void deaf.destroy());
  deaf.pause();
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'attach',
    params: { token: info.token },
  });
  deaf.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  await over(run);
  expect(run.state.counts.done).toBe(1);
});

test('a client that is too slow gets a snapshot instead of what it missed', async () => {
  const notices: RunnerNotice[] = [];
  let release = (): void => {};
  const state = { ...EMPTY_STATE, seq: 1000 };
  const subscriber = new Subscriber(
    (notice) => {
      notices.push(notice);
      return new Promise((resolve) => {
        release = resolve;
      });
    },
    () => state,
  );
  const flood = (seq: number): RunEvent => ({
    seq,
    time: 0,
    type: 'log',
    item: 1,
    step: 0,
    stream: 'out',
    lines: ['x'.repeat(1_000_000)],
  });
  for (let seq = 1; seq <= 100; seq += 1) subscriber.push([flood(seq)]);
  release();
  await expect.poll(() => notices.length).toBe(2);
  expect(notices[0]?.events).toHaveLength(1);
  expect(notices[1]).toEqual({ snapshot: state, events: [] });
  subscriber.push([flood(1001)]);
  release();
  await expect.poll(() => notices.length).toBe(3);
  expect(notices[2]?.events.map((event) => event.seq)).toEqual([1001]);
});

test('pause holds the queue, resume goes on, move and concurrency reorder it', async () => {
  const { run } = await start(`
inputs: [a, b, c, d, e]
steps:
  - run: [sh, -c, "sleep 0.15; echo $0", "{input}"]
`);
  const events = collect(run);
  await run.request('pause', {});
  await expect.poll(() => run.state.state).toBe('paused');
  await expect.poll(() => run.state.counts.running).toBe(0);
  const held = run.state.counts.queued;
  expect(held).toBeGreaterThanOrEqual(3);
  await run.request('move', { item: 5, to: 'first' });
  await run.request('move', { item: 2, to: 'last' });
  await expect.poll(() => run.state.queue.at(-1)).toBe(2);
  await run.request('move', { item: 3, to: 'first' });
  await run.request('move', { item: 3, to: 'up' });
  await run.request('move', { item: 3, to: 'down' });
  await run.request('move', { item: 2, to: 'up' });
  await run.request('move', { item: 2, to: 'down' });
  await run.request('move', { item: 2, to: 'down' });
  await expect.poll(() => run.state.queue.slice(0, 2)).toEqual([5, 3]);
  expect(run.state.queue.at(-1)).toBe(2);
  await run.request('concurrency', { concurrency: 1 });
  await run.request('resume', {});
  await over(run);
  const queued = events.filter((event) => event.type === 'queued');
  expect(queued.map(({ items, before }) => [items[0], before])).not.toContainEqual([3, 3]);
  expect(queued).toHaveLength(6);
  const order = events.filter((event) => event.type === 'start').map((event) => event.item);
  expect(order.indexOf(5)).toBeLessThan(order.indexOf(3));
  expect(order.at(-1)).toBe(2);
  expect(run.state.counts.done).toBe(5);
});

test('one item is cancelled and the others go on; a failed one is tried again while the run goes on', async () => {
  const { folder, run } = await start(`
inputs: [a, b, c]
steps:
  - run: [sh, -c, "test $0 != b || test -e ok || exit 3; test $0 = b || sleep 1.5", "{input}"]
concurrency: 3
`);
  await expect.poll(() => run.state.counts.failed).toBe(1);
  await run.request('cancel', { items: [1] });
  expect(run.state.items[0]?.state).toBe('cancelled');
  writeFileSync(join(folder, 'ok'), '');
  await run.request('retry', {});
  await over(run);
  expect(run.state.counts).toMatchObject({ done: 2, cancelled: 1, failed: 0 });
});

test('a list of runs finds new ones by itself, and knows one whose runner was killed', async () => {
  const folder = makeWorkspace({ 'b.batch.yaml': SLOW });
  const list = await watchRuns(folder);
  onTestFinished(() => list.dispose());
  expect(list.runs).toEqual([]);
  const run = await startRun({ batchFile: join(folder, 'b.batch.yaml'), workspace: folder });
  await expect.poll(() => list.runs.map((one) => one.id)).toEqual([run.id]);
  const [listed] = list.runs;
  await expect.poll(() => listed?.state.counts.done).toBeGreaterThan(1);
  const { pid } = run.state.run;
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => listed?.state.state).toBe('interrupted');
  expect(isAlive(pid)).toBe(false);
  expect(listed?.live).toBe(false);
  await expect(listed?.request('cancel', {})).rejects.toThrow(/is over/);
  const fresh = await watchRuns(folder);
  onTestFinished(() => fresh.dispose());
  expect(fresh.runs[0]?.state.state).toBe('interrupted');
});
