import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Workbench } from '../../scripts/vscode/workbench.mjs';
import { eventually } from '../support/eventually.ts';
import { eventsOf, runsOf } from '../support/run-files.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { ofType } from '../support/sluice.ts';
import {
  answer,
  panelOf,
  panelsOf,
  pick,
  runBatchFile,
  runLogLines,
  sideBarTitle,
} from '../support/window.ts';

const gated = readFileSync(fileOf('test/programs/gated.py'), 'utf8');
const batch = (name: string, ...inputs: readonly string[]): string => `
name: ${name}
inputs: [${inputs.join(', ')}]
steps: [{ run: [python3, gated.py, "{input}", "{output}"] }]
output: ${name}/{slug}.txt
concurrency: 1
retries: 0
`;

test('wherever the panel is, and however often it is hidden, moved or reloaded, it is right', async () => {
  const names = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'];
  const { folder, window } = await openScene({
    'gated.py': gated,
    'numbers.batch.yaml': batch('Numbers', ...names),
  });
  const go = (name: string): void => writeFileSync(join(folder, `go-${name}`), '');
  const other = await window.openWindow();
  await other.command('Sluice: Show Panel');
  await runBatchFile(window, 'numbers.batch.yaml');
  await panelOf(window);
  await window.command('Sluice: Open Panel in Editor');
  await expectMade(0, 2);
  go('n1');
  await expectMade(1, 2);

  // Hidden in the side bar, and shown again.
  await window.command('View: Show Explorer');
  await eventually(() => sideBarTitle(window)).toMatch(/Explorer/i);
  await expectMade(1, 1);
  go('n2');
  await expectMade(2, 1);
  await window.command('Sluice: Show Panel');
  // The tab is in sight: it is the panel that is shown. The status bar leads to the view.
  await window.command('Sluice: Focus on Sluice View');
  await expectMade(2, 2);

  // In the other side bar.
  await window.command('View: Move View');
  await pick(window, 'Sluice');
  await pick(window, 'Secondary Side Bar');
  await window.page
    .locator('.part.auxiliarybar .webview, .part.auxiliarybar .pane')
    .first()
    .waitFor();
  await expectMade(2, 2);
  go('n3');
  await expectMade(3, 2);

  // The window anew: the tab and the view are where they were.
  await window.reload();
  await expectMade(3, 2);
  go('n4');
  await expectMade(4, 2);
  await window.page.locator('.part.editor').getByRole('tab', { name: 'Sluice' }).waitFor();
  for (const name of ['n5', 'n6']) go(name);
  await expectMade(6, 2);
  for (const each of [window, other]) await each.statusBar('Sluice 6/6').waitFor();

  // Nothing was lost or doubled on the way, in the window that was reloaded and in the other one.
  const lines = names.flatMap((name, index) => [
    `[${index + 1}/6] ${name}`,
    ...[1, 2, 3].map((number) => `[${index + 1}/6] python3: ${name} ${number}`),
    `[${index + 1}/6] python3: Numbers/${name}.txt`,
    `[${index + 1}/6] done`,
  ]);
  await eventually(() => runLogLines(window, 'Numbers').filter((line) => /^\[/.test(line))).toEqual(
    lines,
  );

  async function expectMade(made: number, panels: number): Promise<void> {
    await eventually(() => numbersIn(window), 60_000).toEqual(Array(panels).fill(`${made} of 6`));
    await eventually(() => numbersIn(other)).toEqual([`${made} of 6`]);
  }
});

/** What each panel of a window says of its newest run. */
async function numbersIn(window: Workbench): Promise<(string | null)[]> {
  const panels = await panelsOf(window);
  return Promise.all(
    panels.map(({ frame }) =>
      frame
        .locator('sluice-run .sub span')
        .first()
        .textContent({ timeout: 1000 })
        .catch(() => null),
    ),
  );
}

test('commands ask which run is meant, and logs are read in a terminal', async () => {
  const { folder, window } = await openScene(
    {
      'gated.py': gated,
      'otters.batch.yaml': batch('Otters', 'a', 'bad'),
      'herons.batch.yaml': batch('Herons', 'b'),
    },
    // Text that can be read in the page.
    { settings: { 'terminal.integrated.gpuAcceleration': 'off' } },
  );
  const { page } = window;
  const go = (name: string): void => writeFileSync(join(folder, name), '');
  const statesOf = (name: string): Promise<string | null> =>
    panel.run(name).locator('[data-run]').first().getAttribute('data-state');
  await runBatchFile(window, 'otters.batch.yaml');
  const panel = await panelOf(window);
  await panel.run('Otters').waitFor();
  await runBatchFile(window, 'herons.batch.yaml');
  await panel.run('Herons').waitFor();

  await window.command('Sluice: Pause Run');
  await answer(window, 'Which run?', 'Herons');
  await eventually(() => statesOf('Herons')).toBe('paused');
  expect(await statesOf('Otters')).toBe('running');
  await window.command('Sluice: Resume Run');
  await eventually(() => statesOf('Herons')).toBe('running');

  // From the start, in the programs' own colours, and q closes it alone.
  await window.command('Sluice: Open Log in Terminal');
  await answer(window, 'Which run?', 'Otters');
  const rows = page.locator('.terminal-wrapper.active .xterm-rows');
  await eventually(() => rows.textContent()).toContain('[1/2] python3: a 3');
  const coloured = rows.locator('[class*="xterm-fg-2"]').filter({ hasText: 'a 2' });
  await coloured.waitFor();
  await page.keyboard.press('q');
  await page.locator('.terminal-wrapper.active').waitFor({ state: 'detached' });
  expect(await statesOf('Otters')).toBe('running');

  await window.command('Sluice: Cancel Run');
  await answer(window, 'Which run?', 'Herons');
  await eventually(() => statesOf('Herons')).toBe('cancelled');
  await window.command('Sluice: Open Log');
  await answer(window, 'Which run?', 'Herons');
  await page.locator('.part.panel').getByText('Herons: 0 of 1 done, 1 cancelled').waitFor();

  // Failures are seen in the status bar until the panel is looked at. Its tooltip leads on.
  await window.command('View: Show Explorer');
  go('go');
  const status = window.statusBar('Sluice 2/2');
  await status.waitFor();
  await eventually(() => status.getAttribute('class')).toContain('error-kind');
  await status.hover();
  const hover = page.locator('.monaco-hover');
  await hover.getByText('1 failed').waitFor();
  await hover.getByRole('link', { name: 'Otters' }).click();
  await eventually(() => sideBarTitle(window)).toMatch(/Sluice/i);
  await eventually(() => status.getAttribute('class')).not.toContain('error-kind');

  // Run again and retry, by their commands.
  const count = runsOf(folder).length;
  go('mended');
  await window.command('Sluice: Retry Failed Items');
  await answer(window, 'Which run?', 'Otters');
  await eventually(() => runsOf(folder).length).toBe(count + 1);
  await eventually(() => ofType(eventsOf(folder), 'finish')[0]?.state).toBe('done');
  await window.command('Sluice: Run Again');
  await answer(window, 'Which run?', 'Herons');
  await eventually(() => runsOf(folder).length).toBe(count + 2);
  await eventually(() => ofType(eventsOf(folder), 'finish')[0]?.state).toBe('done');
  expect(readFileSync(join(folder, 'Herons/b.txt'), 'utf8')).toBe('made by b');
  await window.command('Sluice: Copy Command Line');
  await answer(window, 'Which run?', 'Otters');
  await window.statusBar('Command line copied').waitFor();
  await window.command('Sluice: Show Output');
  await page.locator('.part.panel').getByText('Herons: 1 of 1 done').waitFor();
  await window.command('Sluice: Open Results');
  await answer(window, 'Which run?', 'Herons');
  await page.locator('.explorer-folders-view').getByText('b.txt').waitFor();
});

test('the end of a batch is told once, in one window, with what can be done', async () => {
  const { folder, window } = await openScene({
    'gated.py': gated,
    'long.batch.yaml': batch('Long', 'x', 'bad'),
  });
  const go = (name: string): void => writeFileSync(join(folder, name), '');
  const other = await window.openWindow();
  await other.command('Sluice: Show Panel');
  await runBatchFile(window, 'long.batch.yaml');
  await panelOf(window);
  await window.command('View: Show Explorer');
  go('go');
  const toast = window.notification('Long: 1 of 2 done, 1 failed');
  await toast.waitFor();
  expect(await window.page.locator('.notifications-toasts .notification-list-item').count()).toBe(
    1,
  );
  go('mended');
  await toast.getByRole('button', { name: 'Retry Failed' }).click();
  await eventually(() => runsOf(folder).length).toBe(2);
  await eventually(() => ofType(eventsOf(folder), 'finish')[0]?.state).toBe('done');
  expect(readFileSync(join(folder, 'Long/bad.txt'), 'utf8')).toBe('made by bad');
  await other.statusBar('Sluice 2/2').waitFor();
  expect(await other.page.locator('.notification-list-item').count()).toBe(0);
});
