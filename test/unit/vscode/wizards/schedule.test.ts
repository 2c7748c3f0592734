import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planBatch } from '../../../../src/batch/expand.ts';
import { looksLikeProblem } from '../../../../src/engines/scheduling/looks-like.ts';
import type { AskedFiles } from '../../../../src/vscode/wizards/asked-files.ts';
import { writeComparison } from '../../../../src/vscode/wizards/compare-algorithms.ts';
import { filesFor } from '../../../../src/vscode/wizards/input-files.ts';
import { writeOptimising } from '../../../../src/vscode/wizards/optimise-schedule.ts';
import { FakeVscode } from '../../../support/fake-vscode.ts';
import { makeWorkspace } from '../../../support/sluice.ts';

const { t } = new FakeVscode().module.l10n;
const TASKS = 'tasks: [{ id: a, length: 1 }]\n';

async function filesIn(...names: string[]): Promise<AskedFiles> {
  const folder = makeWorkspace(Object.fromEntries(names.map((name) => [name, TASKS])));
  return { folder, patterns: names, inputs: await filesFor(names, folder) };
}

test.for([
  ['tasks.yaml', TASKS, true],
  ['tasks.json', '{ "tasks": [] }', true],
  ['tasks.json', '{\n  "machines": 2,\n  "tasks": []\n}', true],
  ['package.json', '{ "name": "tasks" }', false],
  ['notes.yaml', 'remember: tasks\n', false],
  ['a.batch.yaml', TASKS, false],
  ['tasks.csv', 'id,length\na,1\n', true],
  ['people.csv', 'name,age\nAda,36\n', false],
  ['u_c_hihi.0', '512 16\n1\n', true],
  ['notes.txt', '512 things\n', false],
] as const)('%s with %j: tasks are in it: %s', ([name, text, is]) => {
  expect(looksLikeProblem(text, name)).toBe(is);
});

test('a batch that optimises uses every core', async () => {
  const files = await filesIn('night.yaml');
  const choice = { name: 'Night', files, algorithm: 'TABU', seconds: 7 } as const;
  const path = await writeOptimising(choice, t);
  const { items, batch } = await planBatch(path, files.folder);
  expect(items.map(({ output }) => output)).toEqual(['out/night/night.csv']);
  expect(batch.steps[0]?.with).toEqual({
    algorithm: 'TABU',
    time_limit: 7,
    starts: availableParallelism(),
  });
});

test('a rule has no time and no starts', async () => {
  const files = await filesIn('night.yaml');
  const choice = { name: 'Night', files, algorithm: 'HEFT', seconds: 7 } as const;
  const { batch } = await planBatch(await writeOptimising(choice, t), files.folder);
  expect(batch.steps[0]?.with).toEqual({ algorithm: 'HEFT' });
});

test('a comparison has an item for each algorithm and seed, and a rule once', async () => {
  const files = await filesIn('night.yaml');
  const algorithms = ['SA', 'MIN_MIN'] as const;
  const choice = { name: 'My contest', files, algorithms, seeds: 3, seconds: 2 };
  const { items, batch } = await planBatch(await writeComparison(choice, t), files.folder);
  expect(items.map(({ title, input, output }) => [title, input, output])).toEqual([
    ['SA 1', 'night.yaml', 'out/my-contest/SA-1.csv'],
    ['SA 2', 'night.yaml', 'out/my-contest/SA-2.csv'],
    ['SA 3', 'night.yaml', 'out/my-contest/SA-3.csv'],
    ['MIN_MIN', 'night.yaml', 'out/my-contest/MIN_MIN-1.csv'],
  ]);
  expect(batch.concurrency).toBe(availableParallelism());
  expect(readFileSync(join(files.folder, 'my-contest.csv'), 'utf8')).toMatch(
    /^name,algorithm,seed\n/,
  );
});
