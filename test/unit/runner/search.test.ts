import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { type RunHandle, startRun } from '../../../src/runner/client.ts';
import { eventually } from '../../support/eventually.ts';
import { makeWorkspace, ofType, sluice } from '../../support/sluice.ts';
import { ends, listing, textOf, workspaceWith } from '../cli/folder.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const TASKS = JSON.stringify({
  tasks: [5, 8, 3, 9, 4, 7, 6].map((length, index) => ({ id: `t${index}`, length })),
  machines: [{ speed: 1 }, { speed: 2 }],
});

function example(...names: string[]): string {
  const folder = makeWorkspace({});
  for (const name of names) {
    const from = join(ROOT, 'examples/schedule', name);
    cpSync(from, join(folder, name), { recursive: true });
  }
  return folder;
}

function schedule(options: object, more: object = {}): object {
  return {
    inputs: [TASKS],
    steps: [{ uses: 'schedule', with: options }],
    output: 'out/found.csv',
    ...more,
  };
}

/** Starts a run and keeps its events. */
async function start(folder: string): Promise<{ run: RunHandle; events: RunEvent[] }> {
  const run = await startRun({ batchFile: join(folder, 'a.batch.yaml'), workspace: folder });
  const events: RunEvent[] = [];
  run.onChange((fresh) => events.push(...fresh));
  return { run, events };
}

async function ended(run: RunHandle): Promise<void> {
  await eventually(() => run.state.ended).toBeDefined();
  run.dispose();
}

test('a schedule: its iterations, its files', async () => {
  const folder = workspaceWith(schedule({ algorithm: 'ACO', n_iterations: 50 }));
  const { events, code } = await sluice(folder, ['run', 'a.batch.yaml', '--json']);
  expect(code).toBe(0);
  const iterations = ofType(events, 'iteration');
  const numbers = new Set(iterations.map(({ iteration }) => iteration));
  expect([...numbers]).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  expect(iterations.at(-1)).toMatchObject({ item: 1, step: 0, best: 14, bound: 14, series: 'ACO' });
  const [last] = ofType(events, 'schedule').slice(-1);
  const { assignment = [], end = [] } = last?.schedule ?? {};
  expect(assignment).toHaveLength(7);
  expect(Math.max(...end)).toBe(14);
  expect(listing(folder).filter((name) => name.startsWith('out/'))).toEqual([
    'out/found.csv',
    'out/found.curve.csv',
    'out/found.json',
    'out/found.md',
  ]);
  const rows = textOf(folder, 'out/found.csv').trim().split('\n');
  expect(rows[0]).toBe('task,machine,start,end');
  expect(rows).toHaveLength(8);
  expect(JSON.parse(textOf(folder, 'out/found.json'))).toMatchObject({
    algorithm: 'ACO',
    seed: 1,
    makespan: 14,
    bound: 14,
    gap: 0,
    iterations: 50,
  });
  expect(textOf(folder, 'out/found.curve.csv').trim().split('\n').length).toBeGreaterThanOrEqual(
    51,
  );
  expect(textOf(folder, 'out/found.md')).toContain('| Makespan | 14 |');
});

test('the same seed gives the same file', async () => {
  const made = async (): Promise<string> => {
    const folder = workspaceWith(schedule({ n_iterations: 40, seed: 3, starts: 2 }));
    await sluice(folder, ['run', 'a.batch.yaml']);
    return textOf(folder, 'out/found.csv');
  };
  expect(await made()).toBe(await made());
});

test('what is wrong in a file is told at its line and column', async () => {
  const batch = schedule({}, { inputs: { files: 'tasks.yaml' } });
  const folder = workspaceWith(batch, { 'tasks.yaml': 'tasks:\n  - { id: a, length: -1 }\n' });
  const { err, code } = await sluice(folder, ['run', 'a.batch.yaml']);
  expect(code).toBe(1);
  expect(err).toContain('tasks.yaml:2:22: `length` must be at least 0');
});

test('what is wrong in a text says where in it', async () => {
  const folder = workspaceWith(schedule({}, { inputs: ['{"tasks": 3}'] }));
  const { events } = await sluice(folder, ['run', 'a.batch.yaml', '--json']);
  expect(ends(events)[0]).toContain('line 1, column 11 of the input: `tasks` must be a list');
});

test('a search that is asked to finish keeps the best that it has told', async () => {
  const folder = workspaceWith(
    schedule({ time_limit: 1000 }, { inputs: { files: 'u_i_lolo.0' } }),
    { 'u_i_lolo.0': readFileSync(join(ROOT, 'examples/schedule/hcsp/u_i_lolo.0')) },
  );
  const { run, events } = await start(folder);
  await eventually(() => run.state.items[0]?.curve?.last.iteration ?? 0).toBeGreaterThan(3);
  expect(run.state.items[0]?.canFinish).toBe(true);
  expect(await run.request('finish', { items: [2] })).toBe(0);
  expect(await run.request('finish', {})).toBe(1);
  await ended(run);
  expect(ends(events)).toEqual(['done']);
  const told = Math.min(...ofType(events, 'iteration').map(({ best }) => best));
  const { makespan } = JSON.parse(textOf(folder, 'out/found.json')) as { makespan: number };
  expect(makespan).toBeLessThanOrEqual(told * (1 + 1e-9));
});

test('sluice finish, and when there is nothing to finish', async () => {
  const wait = `const { createInterface } = require('node:readline');
    createInterface({ input: process.stdin }).on('line', (line) => {
      const message = JSON.parse(line);
      if (message.type === 'hello') console.log(JSON.stringify({ type: 'ready' }));
    });`;
  const folder = workspaceWith(
    {
      inputs: ['a'],
      steps: [{ run: [process.execPath, 'wait.cjs'], warm: true }],
    },
    { 'wait.cjs': wait },
  );
  const { run } = await start(folder);
  await eventually(() => run.state.items[0]?.state).toBe('running');
  const refused = await sluice(folder, ['finish']);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('can be finished early');
  await run.request('cancel', {});
  await ended(run);
  const over = await sluice(folder, ['finish']);
  expect(over.err).toContain('is over');
});

test('an optimiser in Python: its curve, and its best when it is asked for it', async () => {
  const folder = example('halves.py');
  // Multiples of three with an odd sum never come as near as 1: only what is asked for ends the search.
  const lengths = Array.from({ length: 10_002 }, (_, index) => index * index * 3);
  const batch = {
    inputs: [JSON.stringify(lengths)],
    steps: [{ run: ['python3', 'halves.py'], warm: true, with: { seed: 4 } }],
    output: 'out/halves.txt',
  };
  writeFileSync(join(folder, 'a.batch.yaml'), JSON.stringify(batch));
  const { run, events } = await start(folder);
  await eventually(() => run.state.items[0]?.curve?.last.iteration ?? 0).toBeGreaterThan(2);
  const finished = await sluice(folder, ['finish']);
  expect(finished.code).toBe(0);
  await ended(run);
  expect(ends(events)).toEqual(['done']);
  const last = run.state.items[0]?.curve?.last;
  expect(last?.seconds).toBeGreaterThan(0);
  expect(last?.bound).toBe(lengths.reduce((sum, one) => sum + one, 0) % 2);
  expect(textOf(folder, 'out/halves.txt')).toContain(`${last?.best} apart`);
});

test('docs/step-protocol.md shows the optimiser as it is', () => {
  const page = readFileSync(join(ROOT, 'docs/step-protocol.md'), 'utf8');
  const program = readFileSync(join(ROOT, 'examples/schedule/halves.py'), 'utf8');
  expect(page).toContain(`\`\`\`python\n${program}\`\`\`\n`);
});

test('rows that work on one file, with numbers out of the rows', async () => {
  const folder = workspaceWith(
    {
      inputs: { rows: 'runs.csv', file: '{row.problem}' },
      steps: [
        {
          uses: 'schedule',
          with: { algorithm: '{row.algorithm}', seed: '{row.seed}', n_iterations: 5 },
        },
      ],
      output: 'out/{row.algorithm}-{row.seed}.json',
    },
    {
      'tasks.json': TASKS,
      'runs.csv':
        'name,problem,algorithm,seed\nfirst,tasks.json,SA,1\nsecond,tasks.json,MIN_MIN,2\nthird,tasks.json,TABOO,3\n',
    },
  );
  const { events } = await sluice(folder, ['run', 'a.batch.yaml', '--json']);
  expect(ofType(events, 'items')[0]?.items.map(({ title }) => title)).toEqual([
    'first',
    'second',
    'third',
  ]);
  expect(ends(events).slice(0, 2)).toEqual(['done', 'done']);
  expect(ends(events)[2]).toMatch(/`algorithm` must be one of/);
  expect(JSON.parse(textOf(folder, 'out/MIN_MIN-2.json'))).toMatchObject({ seed: 2 });
  expect(ofType(events, 'end')[2]?.failure?.where).toMatchObject({ file: 'runs.csv', line: 4 });
});

test('a row whose file is not there is told at its line', async () => {
  const folder = workspaceWith(
    schedule({}, { inputs: { rows: 'runs.csv', file: '{row.problem}' } }),
    { 'runs.csv': 'problem\nnone.yaml\n' },
  );
  const { err, code } = await sluice(folder, ['run', 'a.batch.yaml']);
  expect(code).toBe(2);
  expect(err).toContain('runs.csv:2:1: No such file: none.yaml.');
});

test.for(['night', 'film', 'halves'])('the example %s', async (name) => {
  const folder = example(`${name}.batch.yaml`, `${name}.${name === 'halves' ? 'py' : 'yaml'}`);
  const { code, events } = await sluice(folder, ['run', `${name}.batch.yaml`, '--json']);
  expect(code).toBe(0);
  expect(ofType(events, 'iteration').length).toBeGreaterThan(0);
});

test('what is no schedule is a line of the log', async () => {
  const say = (message: object): string =>
    `console.log(${JSON.stringify(JSON.stringify(message))});`;
  const wrong = {
    machines: ['m'],
    tasks: ['a', 'b'],
    assignment: [0, 7],
    start: [0, 0],
    end: [1, 1],
  };
  const step = `const { createInterface } = require('node:readline');
    createInterface({ input: process.stdin }).on('line', (line) => {
      const message = JSON.parse(line);
      if (message.type === 'hello') { ${say({ type: 'ready' })} return; }
      ${say({ type: 'schedule', id: '1', schedule: wrong })}
      ${say({ type: 'iteration', id: '1', iteration: 0, best: 1 })}
      ${say({ type: 'iteration', id: '1', iteration: 3, best: 'x' })}
      ${say({ type: 'done', id: '1', text: 'x' })}
    });`;
  const folder = workspaceWith(
    {
      inputs: ['a'],
      steps: [{ run: [process.execPath, 'step.cjs'], warm: true }],
      output: 'out/x.txt',
    },
    { 'step.cjs': step },
  );
  const { events } = await sluice(folder, ['run', 'a.batch.yaml', '--json']);
  expect(ends(events)).toEqual(['done']);
  expect([...ofType(events, 'schedule'), ...ofType(events, 'iteration')]).toEqual([]);
  expect(ofType(events, 'log').flatMap(({ lines }) => lines)).toHaveLength(3);
});
