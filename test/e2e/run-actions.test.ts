import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Workbench } from '../../scripts/vscode/workbench.mjs';
import { eventually } from '../support/eventually.ts';
import { eventsOf, runsOf } from '../support/run-files.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { ofType } from '../support/sluice.ts';
import { panelOf, pick, runBatchFile, runLogLines } from '../support/window.ts';

const NAMES = ['one', 'bad', 'three', 'four', 'five'];
const FILES = {
  'gated.py': readFileSync(fileOf('test/programs/gated.py'), 'utf8'),
  'names.txt': `${NAMES.join('\n')}\n`,
  'work.batch.yaml': `
name: Work
inputs: { lines: names.txt }
steps: [{ run: [python3, gated.py, "{input}", "{output}"] }]
output: out/{index}-{slug}.txt
concurrency: 1
retries: 0
`,
};

test('each button and menu of the panel does what it says', async () => {
  const { folder, window } = await openScene(FILES);
  const { page } = window;
  const go = (name: string): void => writeFileSync(join(folder, name), '');
  const result = (name: string): string => join(folder, 'out', name);
  await runBatchFile(window, 'work.batch.yaml');
  const panel = await panelOf(window);
  const run = panel.run('Work');
  const state = (item: number) => panel.item(item, run).getAttribute('data-state');
  await panel.item(1, run).locator('.last-line').filter({ hasText: 'one 3' }).waitFor();

  // The queue: held, put in another order, one item taken out of it, let go.
  await run.getByRole('button', { name: 'Pause run' }).click();
  await eventually(() => ofType(eventsOf(folder), 'queue').at(-1)?.state).toBe('paused');
  await panel.choose(panel.item(5, run), 'Move up in the queue');
  await panel.choose(panel.item(2, run), 'Move down in the queue');
  await panel.choose(panel.item(4, run), 'Cancel item');
  await eventually(() => state(4)).toBe('cancelled');
  await run.getByRole('button', { name: 'Resume run' }).click();
  await eventually(() => ofType(eventsOf(folder), 'queue').at(-1)?.state).toBe('running');

  // It is widened while it goes on: in the panel, by the command, and made narrow again.
  const running = () => panel.items('running').count();
  const widths = () => ofType(eventsOf(folder), 'queue').map(({ concurrency }) => concurrency);
  await run.getByRole('button', { name: 'Items at once: 1…' }).click();
  await panel.frame.getByRole('menuitemradio', { name: '3 at once' }).click();
  await eventually(widths).toContain(3);
  await eventually(running).toBe(3);
  await window.command('Sluice: Change Concurrency…');
  await page.locator('.quick-input-widget input').fill('2');
  await page.keyboard.press('Enter');
  await eventually(() => widths().at(-1)).toBe(2);
  await panel.choose(run, 'Items at once: 2…');
  await panel.frame.getByRole('menuitemradio', { name: '1 at once' }).click();
  await eventually(() => widths().at(-1)).toBe(1);
  // What had begun goes on.
  expect(await running()).toBe(3);
  go('go');
  await eventually(() => ofType(eventsOf(folder), 'finish')[0]?.state).toBe('failed');
  expect(ofType(eventsOf(folder), 'start').map(({ item }) => item)).toEqual([1, 3, 2, 5]);
  expect(existsSync(result('4-four.txt'))).toBe(false);

  // What failed is tried again in a new run, which makes what is left and keeps what is made.
  const kept = statSync(result('1-one.txt')).mtimeMs;
  go('mended');
  await panel.item(2, run).getByRole('button', { name: 'Retry item' }).click();
  await eventually(() => runsOf(folder).length).toBe(2);
  await eventually(() => ofType(eventsOf(folder), 'finish')[0]?.state).toBe('done');
  expect(readFileSync(result('2-bad.txt'), 'utf8')).toBe('made by bad');
  expect(readFileSync(result('4-four.txt'), 'utf8')).toBe('made by four');
  expect(statSync(result('1-one.txt')).mtimeMs).toBe(kept);

  // Where things are: a result, the input at its line, the output of an item at its first line.
  await panel.item(2, run).getByRole('button', { name: 'Open result' }).click();
  await page.getByRole('tab', { name: '2-bad.txt' }).waitFor();
  await panel.item(4, run).locator('.title').click();
  await eventually(() => run.getByLabel('Contents of 4-four.txt').textContent()).toBe(
    'made by four',
  );
  await panel.choose(panel.item(4, run), 'Open input');
  await page.getByRole('tab', { name: 'names.txt' }).waitFor();
  await window.statusBar('Ln 4, Col 1').waitFor();
  await panel.choose(panel.item(4, run), 'Show output in the log');
  await page.getByRole('tab', { name: 'Work.log' }).waitFor();
  const line = runLogLines(window, 'Work').indexOf('[4/5] four') + 1;
  expect(line).toBeGreaterThan(1);
  await window.statusBar(`Ln ${line}, Col 1`).waitFor();
  await page.locator('.view-line').filter({ hasText: '[4/5] python3: four 3' }).first().waitFor();
  await panel.choose(run, 'Open batch file');
  await page.getByRole('tab', { name: 'work.batch.yaml' }).waitFor();

  await panel.choose(run, 'Open log');
  await page.locator('.part.panel').getByText('Work: 2 of 5 done, 3 already made').waitFor();
  await panel.choose(run, 'Copy command line');
  await window.statusBar('Command line copied').waitFor();
  await panel.choose(run, 'Open results');
  await page.locator('.explorer-folders-view').getByText('1-one.txt').waitFor();

  // All of it once more, anew.
  await window.command('Sluice: Show Panel');
  const again = await panelOf(window);
  await again.choose(again.run('Work'), 'Run again');
  await pick(window, 'Make everything anew');
  await eventually(() => runsOf(folder).length).toBe(3);
  await eventually(() => ofType(eventsOf(folder), 'finish')[0]?.state).toBe('done');
  expect(ofType(eventsOf(folder), 'end').map((end) => end.state)).toEqual(NAMES.map(() => 'done'));
  expect(statSync(result('1-one.txt')).mtimeMs).toBeGreaterThan(kept);
  expect(await clipboardOf(window)).toBe(
    `sluice run ${folder}/work.batch.yaml --workspace ${folder}`,
  );
});

/** What a person would paste. */
async function clipboardOf(window: Workbench): Promise<string> {
  const { page } = window;
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input.input');
  await input.fill('');
  await input.press('Control+V');
  const text = await input.inputValue();
  await page.keyboard.press('Escape');
  return text;
}
