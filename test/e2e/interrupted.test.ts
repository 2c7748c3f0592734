import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../../src/runner/liveness.ts';
import { eventually } from '../support/eventually.ts';
import { eventsOf, pidsOf, runsOf } from '../support/run-files.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { ofType } from '../support/sluice.ts';
import { panelOf, runBatchFile } from '../support/window.ts';

const FILES = {
  'count.py': readFileSync(fileOf('test/programs/count.py'), 'utf8'),
  'count.batch.yaml': `
name: Count
inputs: [one, two, three]
steps: [{ run: [python3, count.py, "{input}", "20", "0.1"] }]
output: out/{slug}.txt
concurrency: 1
`,
};

test('a run whose runner is killed goes on from the panel', async () => {
  const { folder, window } = await openScene(FILES);
  await runBatchFile(window, 'count.batch.yaml');
  const panel = await panelOf(window);
  await eventually(() => panel.items('done').count()).toBe(1);
  await panel.item(2).locator('.last-line').waitFor();
  await eventually(() => pidsOf(folder).length).toBeGreaterThan(1);
  const [runner = 0] = ofType(eventsOf(folder), 'run').map((event) => event.run.pid);
  const programs = pidsOf(folder);
  process.kill(runner, 'SIGKILL');

  await panel.run('Count').getByText('interrupted').first().waitFor();
  await panel.run('Count').getByRole('button', { name: 'Go on with this run' }).click();
  await eventually(() => runsOf(folder).length).toBe(2);
  await eventually(() => panel.items('skipped').count()).toBeGreaterThan(0);
  // What the killed runner left behind is ended before its item is tried again.
  expect(programs.filter(isAlive)).toEqual([]);
  await window.statusBar(/Sluice 3\/3$/).waitFor();
  expect(readFileSync(join(folder, 'out/two.txt'), 'utf8').trim().split('\n')).toHaveLength(20);
});

test('an item that failed is tried again from the panel, after the run is over', async () => {
  const { folder, window } = await openScene({
    'needs.batch.yaml': `
name: Needs
inputs: [a, b]
steps: [{ run: [cat, "{input}.txt"] }]
output: out/{slug}.txt
`,
    'a.txt': 'A',
  });
  await runBatchFile(window, 'needs.batch.yaml');
  const panel = await panelOf(window);
  await panel.item(2).locator('.bad').waitFor();
  await window.statusBar('Sluice 2/2').waitFor();
  await window.command('Sluice: Show Panel');
  await eventually(() => readFileSync(join(folder, 'out/a.txt'), 'utf8')).toBe('A');

  writeFileSync(join(folder, 'b.txt'), 'B');
  await panel.item(2).getByRole('button', { name: 'Retry item' }).click();
  await eventually(() => panel.run('Needs').locator('.sub').first().textContent()).toContain(
    '2 of 2',
  );
  expect(readFileSync(join(folder, 'out/b.txt'), 'utf8')).toBe('B');
});
