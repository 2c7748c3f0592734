import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive } from '../../src/runner/liveness.ts';
import { eventually } from '../support/eventually.ts';
import { openScene, type Scene } from '../support/scene.ts';
import { outputsOf, panelOf } from '../support/window.ts';

const FILES = {
  'count.batch.yaml': `name: Count
inputs: [one, two]
steps:
  - run: [sh, -c, "for n in 1 2 3; do echo $n; sleep 0.2; done"]
`,
};

test('a server is started, opened in a browser, used, and stopped by clicking', async () => {
  const { window, folder } = await openScene(FILES);
  await window.command('Sluice: Start Server');
  const notice = window.page
    .locator('.notification-toast')
    .filter({ hasText: 'Sluice serves this folder' });
  await notice.getByRole('button', { name: 'Copy Link' }).click();
  await window.statusBar('Link copied').waitFor();
  const link = await clipboardOf(window);
  // VS Code in a browser gives it an address of its own, which its proxy would lead here.
  expect(link).toMatch(/\/\?link=[\w-]{43}$/);

  const item = window.statusBar('localhost:');
  const origin = `http://${(await item.textContent())?.trim()}`;

  // What a person sees who opens it.
  const page = await window.browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(`${origin}/${new URL(link).search}`);
  await page.selectOption('#batch', 'count.batch.yaml');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.locator('.run[data-state=done]').waitFor();
  // The same run is in the window's panel.
  const panel = await panelOf(window);
  await eventually(() => panel.items('done').count()).toBe(2);

  await item.click();
  await window.page
    .locator('.quick-input-widget .monaco-list-row')
    .filter({ hasText: 'Copy Token' })
    .click();
  await window.statusBar('Token copied').waitFor();
  const token = await clipboardOf(window);
  const runs = await fetch(`${origin}/runs`, { headers: { authorization: `Bearer ${token}` } });
  expect(await runs.json()).toMatchObject([{ name: 'Count', state: 'done' }]);
  // The token is in no file of the folder or of the window, and in no log.
  for (const place of [folder, window.server.userDataDir])
    expect(filesWith(token, place)).toEqual([]);
  expect(outputsOf(window).join()).not.toContain(token);

  await window.command('Sluice: Stop Server');
  await eventually(() => window.statusBar('localhost:').count()).toBe(0);
  await expect(fetch(`${origin}/runs`)).rejects.toThrow();
});

test('a server ends with its window, also when that is killed, and its runs go on', async () => {
  const { window, folder } = await openScene({
    'wait.batch.yaml':
      'inputs: [one]\nsteps:\n  - run: [sh, -c, "while [ ! -e go ]; do sleep 0.1; done"]\n',
  });
  await window.command('Sluice: Start Server');
  const item = window.statusBar('localhost:');
  await item.waitFor();
  const origin = `http://${(await item.textContent())?.trim()}`;
  const server = serverOf(window);
  await item.click();
  await window.page
    .locator('.quick-input-widget .monaco-list-row')
    .filter({ hasText: 'Copy Token' })
    .click();
  await window.statusBar('Token copied').waitFor();
  const token = await clipboardOf(window);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ batch: 'wait.batch.yaml' });
  const { id } = (await (
    await fetch(`${origin}/runs`, { method: 'POST', headers, body })
  ).json()) as { id: string };
  const state = (await (await fetch(`${origin}/runs/${id}`, { headers })).json()) as {
    run: { pid: number };
  };

  for (const host of window.server.extensionHosts()) process.kill(host, 'SIGKILL');
  await eventually(() => isAlive(server)).toBe(false);
  expect(isAlive(state.run.pid)).toBe(true);
  expect(statSync(join(folder, '.sluice/sockets', `${id}.json`)).isFile()).toBe(true);
});

/** The process of the server, which has nothing secret in its arguments. */
function serverOf({ server }: Scene['window']): number {
  const found = server.processes().filter((pid) => commandOf(pid).includes('--controlled'));
  expect(found).toHaveLength(1);
  return found[0] ?? 0;
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** What the window has copied, pasted into a field of it. */
async function clipboardOf({ page }: Scene['window']): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  return page.evaluate(() => navigator.clipboard.readText());
}

function filesWith(text: string, folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .filter((path) => readFileSync(path).includes(text));
}
