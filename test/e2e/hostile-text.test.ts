import type { ConsoleMessage } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Workbench } from '../../scripts/vscode/workbench.mjs';
import { eventually } from '../support/eventually.ts';
import { openScene } from '../support/scene.ts';
import { outputLines, panelOf, pick, runBatchFile } from '../support/window.ts';

const IMAGE = '<img src=x onerror="window.hacked=1">';
const SCRIPT = '<script>window.hacked=1</script>';
const LINK = '[open](command:workbench.action.toggleZenMode)';
const ESCAPES = '\x1b[31mred\x1b]8;;command:workbench.action.toggleZenMode\x07link\x1b]8;;\x07';
const FAILS =
  'import sys, time\nprint(open("said.txt").read(), flush=True)\ntime.sleep(2.5)\nsys.exit(open("said.txt").read())\n';

test('what files, prompts and programs say is text, and nothing but text', async () => {
  const said = [IMAGE, SCRIPT, LINK, ESCAPES].join(' ');
  const { window } = await openScene({
    [`in/${IMAGE}.md`]: '',
    'said.txt': said,
    'fails.py': FAILS,
    'prompts.batch.yaml': JSON.stringify({
      name: `Run ${IMAGE} ${LINK} $(trash)`,
      inputs: [`${IMAGE} ${SCRIPT}`, LINK],
      concurrency: 2,
      steps: [{ run: ['python3', 'fails.py'], name: `step ${IMAGE}` }],
    }),
    'files.batch.yaml': JSON.stringify({
      name: 'Files',
      inputs: { files: 'in/*' },
      steps: [{ run: ['python3', 'fails.py', '{input}'] }],
    }),
  });
  const refused = listenForViolations(window);
  const panel = await panelOf(window);

  await runBatchFile(window, 'prompts.batch.yaml');
  const [first, second] = [panel.item(1), panel.item(2)];
  await eventually(() => first.locator('.title').textContent()).toBe(`${IMAGE} ${SCRIPT}`);
  expect(await second.locator('.title').textContent()).toBe(LINK);
  await eventually(() => first.locator('.last-line').textContent()).toContain(`${IMAGE} ${SCRIPT}`);
  await eventually(() => first.locator('.bad').textContent()).toContain(IMAGE);
  expect(await panel.run('Run').locator('.name').textContent()).toContain(`${IMAGE} ${LINK}`);

  await runBatchFile(window, 'files.batch.yaml');
  await eventually(() => panel.run('Files').locator('.title').textContent()).toBe(`in/${IMAGE}.md`);
  await eventually(() => panel.run('Files').locator('.detail .bad').count()).toBe(1);

  await window.command('Sluice: Show Output');
  await eventually(() => outputLines(window).join('\n')).toContain(`step ${IMAGE}: ${IMAGE}`);
  await window.statusBar('Sluice').hover();
  await window.page.locator('.monaco-hover').first().waitFor();

  // Nothing of it became an element, a link or a program, anywhere in the window.
  for (const frame of window.page.frames()) {
    expect(await frame.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(await frame.locator('img[src="x"]').count()).toBe(0);
    expect(await frame.locator('a[href^="command:"], a[data-href^="command:"]').count()).toBe(0);
  }
  expect(refused).toEqual([]);
});

test('a message about a batch file has no links that run commands', async () => {
  const { window } = await openScene({
    [`${LINK}.batch.yaml`.replaceAll('/', '')]: `steps: [{ uses: "${LINK}" }]\n`,
  });
  await window.command('Sluice: Run Batch File');
  await pick(window, '.batch.yaml');
  const notice = window.notification('cannot run');
  await notice.waitFor();
  expect(await notice.textContent()).toContain('(command:workbench.action.toggleZenMode)');
  expect(await notice.locator('.notification-list-item-message a').count()).toBe(0);
});

/** What content security policies refuse, in the window and in the panel. */
function listenForViolations(window: Workbench): string[] {
  const refused: string[] = [];
  window.page.on('console', (message: ConsoleMessage) => {
    const text = message.text();
    if (/Content Security Policy/i.test(text)) refused.push(text);
  });
  return refused;
}
