import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConsoleMessage } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import type { Workbench } from '../../scripts/vscode/workbench.mjs';
import { eventually } from '../support/eventually.ts';
import { openScene } from '../support/scene.ts';
import { answer, outputsOf, panelOf, pick, runBatchFile } from '../support/window.ts';

const IMAGE = '<img src=x onerror="window.hacked=1">';
const SCRIPT = '<script>window.hacked=1</script>';
const LINK = '[open](command:workbench.action.toggleZenMode)';
const ESCAPES =
  '\x1b[31mred\x1b]8;;command:workbench.action.toggleZenMode\x07link\x1b]8;;\x07\x1b]0;named\x07\x1b[2J';
const FAILS =
  'import sys, time\nprint(open("said.txt").read(), flush=True)\ntime.sleep(2.5)\nsys.exit(open("said.txt").read())\n';

test('what files, prompts and programs say is text, and nothing but text', async () => {
  const said = [IMAGE, SCRIPT, LINK, ESCAPES].join(' ');
  const files = {
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
  };
  const { window } = await openScene(files, {
    settings: { 'sluice.notifications': 'always', 'terminal.integrated.gpuAcceleration': 'off' },
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

  // A notification, the log, the terminal, the tooltip of the status bar.
  const toast = window.notification(`Run ${IMAGE} ${LINK.replace('](', ']\u200b(')}`);
  await toast.waitFor();
  expect(await toast.locator('.notification-list-item-message a').count()).toBe(0);
  await window.command('Sluice: Show Output');
  await eventually(() => outputsOf(window).join('\n')).toContain(`step ${IMAGE}: ${IMAGE}`);
  expect(outputsOf(window).join('\n')).not.toContain('\x1b');
  await window.command('Sluice: Open Log in Terminal');
  await answer(window, 'Which run?', 'Files');
  const terminal = window.page.locator('.terminal-wrapper.active .xterm-rows');
  await eventually(() => terminal.textContent()).toContain('redlink');
  await window.page.getByText('Sluice: Files').first().waitFor();
  expect(await window.page.getByText('named', { exact: true }).count()).toBe(0);
  await window.statusBar('Sluice').hover();
  const links = window.page.locator('.monaco-hover a[data-href]');
  await links.first().waitFor();
  const targets = await links.evaluateAll((all) => all.map((a) => a.getAttribute('data-href')));
  for (const target of targets) expect(target).toMatch(/^command:sluice\.\w+\?%5B%22[\w-]+%22%5D$/);

  // Nothing of it became an element, a link or a program, anywhere in the window.
  for (const frame of window.page.frames()) {
    expect(await frame.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(await frame.locator('img[src="x"]').count()).toBe(0);
    const links = frame.locator('a[href^="command:workbench"], a[data-href^="command:workbench"]');
    expect(await links.count()).toBe(0);
  }
  expect(refused).toEqual([]);
});

test('the panel’s page refuses whatever is not its own', async () => {
  const { window } = await openScene({ 'a.batch.yaml': 'inputs: [a]\nsteps: [{ run: [echo] }]\n' });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { frame } = await panelOf(window);
  const refused = await frame.evaluate(breakOut, url);
  expect(new Set(refused)).toEqual(
    new Set([
      'base-uri',
      'connect-src',
      'font-src',
      'frame-src',
      'img-src',
      'media-src',
      'object-src',
      'script-src',
      'script-src-attr',
      'script-src-elem',
      'style-src-attr',
      'style-src-elem',
      'worker-src',
    ]),
  );
  expect(await frame.evaluate(() => 'hacked' in globalThis)).toBe(false);
  // Forms and links lead nowhere either; to try it costs the page.
  const said = listenForViolations(window);
  await frame.evaluate((address) => {
    const form = Object.assign(document.createElement('form'), { action: `${address}/form` });
    document.body.append(form);
    setTimeout(() => form.submit());
  }, url);
  await eventually(() => said.join()).toMatch(/form-action 'none'|frame-src 'self'/);
  const { page } = window;
  await page
    .locator('.activitybar')
    .getByRole('tab', { name: /^Explorer/ })
    .click();
  const fresh = await panelOf(window);
  await fresh.frame.evaluate(() => {
    const href = 'command:workbench.action.closeSidebar';
    const link = Object.assign(document.createElement('a'), { href, textContent: 'close' });
    document.body.append(link);
    setTimeout(() => link.click());
  });
  await eventually(
    () => fresh.frame.isDetached() || fresh.frame.url().startsWith('chrome-error'),
  ).toBe(true);
  expect(await page.locator('.part.sidebar').isVisible()).toBe(true);
  expect(asked).toEqual([]);
});

/** Tries, from within the page, to run code and to reach an address. Answers what the policy refused. */
async function breakOut(url: string): Promise<string[]> {
  const refused: string[] = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
    refused.push(effectiveDirective);
  });
  const add = (markup: string): void => {
    const element = document.createElement('div');
    element.innerHTML = markup;
    document.body.append(element);
  };
  const addScript = (source: { src?: string; text?: string }): void => {
    document.body.append(Object.assign(document.createElement('script'), source));
  };
  const hack = 'globalThis.hacked = 1';
  const tries: (() => unknown)[] = [
    () => add(`<img src="${url}/image" onerror="${hack}">`),
    () => add(`<button onclick="${hack}"></button>`),
    () => document.querySelector<HTMLElement>('[onclick]')?.click(),
    () => add('<p style="color: red">styled</p>'),
    () => add(`<style>p { background: url(${url}/style) }</style>`),
    () => add(`<style>@font-face { font-family: far; src: url(${url}/font) }</style>`),
    () => new FontFace('far', `url(${url}/font)`).load().catch(() => undefined),
    () => add(`<link rel="stylesheet" href="${url}/sheet">`),
    () => add(`<iframe src="${url}/frame"></iframe>`),
    () => add(`<object data="${url}/object"></object>`),
    () => add(`<audio src="${url}/sound"></audio>`),
    () => document.head.insertAdjacentHTML('beforeend', `<base href="${url}/">`),
    () => addScript({ text: hack }),
    () => addScript({ src: `${url}/script` }),
    () => fetch(`${url}/fetch`).catch(() => undefined),
    () => new WebSocket(url.replace('http', 'ws')),
    () => new EventSource(`${url}/events`),
    () => navigator.sendBeacon(`${url}/beacon`),
    () => new Worker(URL.createObjectURL(new Blob([hack]))),
    // biome-ignore lint/security/noGlobalEval: it is to be refused.
    () => setTimeout(() => globalThis.eval(hack), 0),
  ];
  for (const attempt of tries) {
    try {
      await attempt();
    } catch {
      // Refused at once.
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 2000));
  return refused;
}

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
