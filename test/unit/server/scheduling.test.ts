import { execa } from 'execa';
import { expect, test } from 'vitest';
import { needsPackages } from '../../support/debian.ts';
import { readEvents, serveFolder } from '../../support/serve.ts';

needsPackages('curl');

/** As clients that exist already say it. */
const LINE = `curl -N -X POST http://localhost:5001/stream_scheduling -H "Content-Type: application/json" -d '{"algorithm": "ACO", "tasks": [{"id": "t1", "length": 10}], "parameters": {"n_iterations": 50}}'`;

test('the line of curl that clients use shows each iteration, and what was found', async () => {
  const server = await serveFolder({}, ['--no-auth']);
  const { stdout } = await execa('sh', ['-c', LINE.replace('5001', String(server.port))]);
  const frames = stdout
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)) as Record<string, unknown>);
  expect(frames[0]).toMatchObject({ type: 'start', run: expect.any(String) });
  const iterations = frames.filter(({ type }) => type === 'iteration');
  expect(iterations.map(({ iteration }) => iteration)).toEqual(
    Array.from({ length: 50 }, (_, n) => n + 1),
  );
  expect(iterations.every(({ makespan }) => makespan === 10)).toBe(true);
  expect(stdout).toMatch(/^data: \{"type":"iteration","iteration":1,"makespan":10[,}]/m);
  expect(frames.at(-1)).toMatchObject({
    type: 'complete',
    makespan: 10,
    lower_bound: 10,
    gap: 0,
    iterations: 50,
    assignment: { t1: expect.stringMatching(/^m[1-4]$/) },
    schedule: [{ task: 't1', start: 0, end: 10 }],
  });
}, 90_000);

const TASKS = Array.from({ length: 200 }, (_, index) => ({
  id: `t${index}`,
  length: 10 + ((index * 37) % 91),
}));

test('an iteration is there while the search goes on, which ends at once with its best', async () => {
  const server = await serveFolder({}, ['--no-auth']);
  const answer = await server.send('/api/stream_scheduling', {
    algorithm: 'aco',
    tasks: TASKS,
    machines: [{ id: 'fast', speed: 3 }, { id: 'slow' }],
    parameters: { time_limit: 600, unknown: true, seed: 3 },
  });
  const run = answer.headers.get('location')?.slice(6) ?? '';
  let asked: Promise<Response> | undefined;
  const messages = await readEvents(answer, ({ data }) => {
    if (String(data.type) === 'iteration') asked ??= server.send(`/runs/${run}/finish`, {});
    return false;
  });
  expect(await (await asked)?.json()).toEqual({ asked: 1 });
  const data = messages.map((message) => message.data as Record<string, unknown>);
  const last = data.at(-1) as { makespan: number; schedule: { machine: string; end: number }[] };
  expect(last).toMatchObject({ type: 'complete' });
  expect(last.schedule).toHaveLength(TASKS.length);
  expect(Math.max(...last.schedule.map(({ end }) => end))).toBeCloseTo(last.makespan);
  expect(new Set(last.schedule.map(({ machine }) => machine))).toEqual(new Set(['fast', 'slow']));
  const results = data.filter(({ type }) => type === 'result');
  expect(results.map(({ mime }) => mime)).toEqual(
    expect.arrayContaining(['application/json', 'text/csv']),
  );
  const csv = results.find(({ mime }) => mime === 'text/csv');
  expect(await (await server.ask(String(csv?.['url']))).text()).toMatch(
    /^task,machine,start,end\n/,
  );
}, 90_000);

test('what cannot be searched is said: at once where it is seen, by the step where it is not', async () => {
  const server = await serveFolder({}, ['--no-auth']);
  const send = (body: unknown): Promise<Response> => server.send('/stream_scheduling', body);
  const task = { id: 't1', length: 1 };
  for (const body of [
    { algorithm: 'MAGIC', tasks: [task] },
    { algorithm: 'ACO', tasks: [] },
    { algorithm: 'ACO' },
    { tasks: [task], parameters: { n_iterations: 'many' } },
    { tasks: [task], parameters: { n_ants: 1e9 } },
  ]) {
    expect([body, (await send(body)).status]).toEqual([body, 400]);
  }
  const circle = [
    { ...task, after: 't2' },
    { id: 't2', length: 1, after: 't1' },
  ];
  const messages = await readEvents(await send({ algorithm: 'HEFT', tasks: circle }));
  expect(messages.at(-1)?.data).toMatchObject({
    type: 'error',
    state: 'failed',
    message: expect.stringMatching(/t1|t2/),
  });
}, 90_000);
