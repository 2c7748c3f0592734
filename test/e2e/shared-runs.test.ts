import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../../src/runner/liveness.ts';
import { eventually } from '../support/eventually.ts';
import { logLinesOf, pidsOf } from '../support/run-files.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { startSluice } from '../support/sluice.ts';
import { panelOf, runBatchFile } from '../support/window.ts';

const count = readFileSync(fileOf('test/programs/count.py'), 'utf8');
const LONG = `
name: From a terminal
inputs: [one, two, three]
steps: [{ run: [python3, count.py, "{input}", "2000", "0.05"] }]
concurrency: 2
`;
const SHORT = `
name: Seven
inputs: [a, b, c, d, e, f, g]
steps: [{ run: [python3, count.py, "{input}", "10", "0.08"] }]
concurrency: 1
`;

test('two windows on one folder show the same numbers', async () => {
  const { window } = await openScene({ 'seven.batch.yaml': SHORT, 'count.py': count });
  const other = await window.openWindow();
  await other.command('Sluice: Show Panel');
  const panels = [await panelOf(window), await panelOf(other)];
  await runBatchFile(window, 'seven.batch.yaml');
  const numbers = (): Promise<(string | null)[]> =>
    Promise.all(
      panels.map((panel) => panel.run('Seven').locator('.sub span').first().textContent()),
    );
  for (const done of [2, 4, 6, 7]) {
    await eventually(numbers).toEqual([`${done} of 7`, `${done} of 7`]);
  }
  for (const each of [window, other]) await each.statusBar('Sluice 7/7').waitFor();
});

test('a run of a terminal is seen in the window, and cancelled there', async () => {
  const { folder, window } = await openScene({ 'long.batch.yaml': LONG, 'count.py': count });
  const panel = await panelOf(window);
  const terminal = startSluice(folder, ['run', 'long.batch.yaml']);
  const run = panel.run('From a terminal');
  await panel.item(2, run).locator('.last-line').filter({ hasText: 'two' }).waitFor();
  await eventually(() => logLinesOf(folder).length).toBeGreaterThan(10);
  const programs = pidsOf(folder);
  expect(programs.map(isAlive)).toEqual([true, true]);

  await run.getByRole('button', { name: 'Cancel run' }).click();
  const { exitCode } = await terminal;
  expect(exitCode).toBe(130);
  expect(programs.filter(isAlive)).toEqual([]);
  await run.getByText('cancelled').first().waitFor();
});

test('a terminal of the window knows the window’s folder, wherever in it it stands', async () => {
  const { folder, window } = await openScene({ 'seven.batch.yaml': SHORT, 'count.py': count });
  await panelOf(window);
  await window.command('Terminal: Create New Terminal');
  const { page } = window;
  await page
    .locator('.terminal-wrapper.active .xterm-helper-textarea')
    .waitFor({ state: 'attached' });
  const seen = join(folder, 'seen.txt');
  await eventually(async () => {
    // A shell that has just begun may miss what is typed.
    await page.keyboard.type(`printf %s "$SLUICE_WORKSPACE" > '${seen}'`);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(1000);
    return existsSync(seen) ? readFileSync(seen, 'utf8') : '';
  }).toBe(folder);
});
