import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { cuttingProxy } from '../../support/cutting-proxy.ts';
import { eventually } from '../../support/eventually.ts';
import { findProgram } from '../../support/find-program.ts';
import { recordMeeting } from '../../support/meeting.ts';
import { axeViolations } from '../../support/panel-test.ts';
import { type ServedFolder, serve, serveFolder } from '../../support/serve.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: await findProgram('chromium', 'chromium-browser', 'google-chrome'),
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
}, 60_000);
afterAll(() => browser.close());

interface Opened {
  readonly page: Page;
  /** What the content security policy refused, and what broke. */
  readonly problems: string[];
}

async function open(
  address: string,
  options: { dark?: boolean; width?: number; locale?: string } = {},
): Promise<Opened> {
  const page = await browser.newPage({
    colorScheme: options.dark === true ? 'dark' : 'light',
    viewport: { width: options.width ?? 900, height: 700 },
    locale: options.locale ?? 'en-GB',
  });
  onTestFinished(() => page.close());
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) problems.push(message.text());
  });
  await page.goto(address);
  return { page, problems };
}

const SLOW = {
  'slow.batch.yaml':
    'name: Slow\ninputs: [one, two]\nsteps:\n  - run: [sh, -c, "while [ ! -e go ]; do echo waiting; sleep 0.1; done"]\n',
};

test('prompts are entered, heard and stopped in a browser', async () => {
  const server = await serveFolder(SLOW, [], { SLUICE_VOICE_ENGINE: 'flite' });
  const { page, problems } = await open(server.link);
  await page.getByText('Nothing has run yet').waitFor();
  expect(new URL(page.url()).search).toBe('');
  await page
    .getByRole('textbox', { name: 'Prompts' })
    .fill('The tide comes in.\n# left out\n\nThe tide goes out.');
  await page.getByRole('combobox', { name: 'What is made' }).selectOption('Speak as it is');
  await page.getByRole('combobox', { name: 'Voice' }).selectOption('slt');
  await page.getByRole('button', { name: 'Generate 2' }).click();
  const done = page.locator('sluice-item[data-state=done]');
  await eventually(() => done.count()).toBe(2);
  expect(await page.getByRole('textbox', { name: 'Prompts' }).inputValue()).toBe('');
  // It plays, and goes on.
  await done.first().getByRole('button', { name: /^Play/ }).click();
  await page.locator('.player').waitFor();
  await eventually(() => page.locator('.player').textContent()).toContain('0:01');

  await page.getByLabel('Or run a batch file').selectOption('slow.batch.yaml');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const slow = page.locator('.run', { hasText: 'Slow' });
  await page.locator('sluice-item[data-state=running]').getByText('waiting').waitFor();
  await slow.getByRole('button', { name: 'Cancel run' }).click();
  await eventually(() => slow.getAttribute('data-state')).toBe('cancelled');

  // What only VS Code can do is not offered; the log is.
  await slow.click({ button: 'right' });
  const entries = page.getByRole('menuitem');
  for (const name of ['Open log', 'Run again']) await entries.filter({ hasText: name }).waitFor();
  for (const name of ['Open batch file', 'Copy command line', 'Open results']) {
    expect(await entries.filter({ hasText: name }).count()).toBe(0);
  }
  const [log] = await Promise.all([
    page.context().waitForEvent('page'),
    entries.filter({ hasText: 'Open log' }).click(),
  ]);
  await eventually(() => log.textContent('body')).toContain('waiting');
  await log.close();

  // A result opens in a tab of its own, in which nothing of it runs.
  const tide = page.locator('.run', { hasText: 'The tide comes in.' });
  if ((await tide.getAttribute('aria-expanded')) === 'false') await tide.locator('.head').click();
  const name = page.locator('sluice-item[data-state=done]').first();
  await name.locator('.row').click();
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    name.locator('.result .link').click(),
  ]);
  await tab.waitForLoadState();
  expect(tab.url()).toMatch(/\/runs\/[\w-]+\/results\/out\/.*\.mp3$/);
  expect(problems).toEqual([]);
}, 90_000);

test('what the server refuses is said, and what was entered stays', async () => {
  const server = await serveFolder({ 'bad.batch.yaml': 'inputs: [a]\nsteps: [{ rum: [a] }]\n' });
  const { page } = await open(server.link);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('alert').getByText('rum').waitFor();
  await page.getByRole('textbox', { name: 'Prompts' }).fill('a'.repeat(30_000));
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByRole('alert').getByText('body').waitFor();
  expect((await page.getByRole('textbox', { name: 'Prompts' }).inputValue()).length).toBe(30_000);
});

test('the page says that the line is broken, and has all of it when it is back', async () => {
  const server = await serveFolder(SLOW);
  const proxy = await cuttingProxy(server.port);
  const { page } = await open(server.link.replace(String(server.port), String(proxy.port)));
  const id = await server.run('slow.batch.yaml');
  await page.locator('sluice-item[data-state=running]').waitFor();
  proxy.refuse(true);
  proxy.cut();
  await page.getByText('The connection is lost').waitFor();
  await writeFile(join(server.folder, 'go'), '');
  await eventually(async () => (await server.state(id)).state).toBe('done');
  proxy.refuse(false);
  await eventually(() => page.locator('.run').getAttribute('data-state')).toBe('done');
  expect(await page.getByText('The connection is lost').count()).toBe(0);
});

test('when the server was started anew the page asks to sign in, by its token', async () => {
  const first = await serveFolder({});
  const { page, problems } = await open(first.link, { locale: 'fr-FR' });
  await page.getByText('Rien n’a encore tourné').waitFor();
  await first.stop();
  const second = await serve(first.folder, ['--port', String(first.port)]);
  await page.getByRole('heading', { name: 'Se connecter à Sluice' }).waitFor();
  await page.getByLabel('Jeton').fill('wrong');
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('alert').getByText('Ce n’est pas le jeton').waitFor();
  await page.getByLabel('Jeton').fill(second.token);
  await page.getByLabel('Jeton').press('Enter');
  await page.locator('sluice-page').waitFor();
  expect(problems).toEqual([]);
});

test('the page works under a path that a proxy gives it', async () => {
  const server = await serveFolder(SLOW);
  const origin = await underPath(server, '/proxy/7717');
  const { page, problems } = await open(`${origin}/proxy/7717/${new URL(server.link).search}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.locator('sluice-item[data-state=running]').getByText('waiting').waitFor();
  expect(page.url()).toBe(`${origin}/proxy/7717/`);
  await page.locator('.run').getByRole('button', { name: 'Cancel run' }).click();
  await eventually(() => page.locator('.run').getAttribute('data-state')).toBe('cancelled');
  expect(problems).toEqual([]);
});

test.each([
  [900, true],
  [900, false],
  [320, false],
])(
  '%d px wide, dark: %j: nothing is cut off, and all of it can be read and reached',
  async (width, dark) => {
    const server = await serveFolder(SLOW);
    const id = await server.run('slow.batch.yaml');
    const { page } = await open(server.link, { dark, width });
    await page.locator('sluice-item[data-state=running]').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
    expect(await axeViolations({ page })).toEqual([]);
    await writeFile(join(server.folder, 'go'), '');
    await eventually(async () => (await server.state(id)).state).toBe('done');
    const signIn = await browser.newPage({ colorScheme: dark ? 'dark' : 'light' });
    onTestFinished(() => signIn.close());
    await signIn.goto(server.origin);
    expect(await axeViolations({ page: signIn })).toEqual([]);
  },
);

/** A proxy that puts the server under a path, and tells it nothing of that. */
async function underPath(server: ServedFolder, path: string): Promise<string> {
  const proxy = createServer((incoming, outgoing) => {
    const { url = '', method, headers } = incoming;
    if (!url.startsWith(`${path}/`)) {
      outgoing.writeHead(404).end();
      return;
    }
    const options = { port: server.port, path: url.slice(path.length), method, headers };
    const asked = ask(options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    asked.on('error', () => outgoing.destroy());
    incoming.pipe(asked);
  });
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return `http://localhost:${(proxy.address() as AddressInfo).port}`;
}

test('a recording of the workspace plays in a browser, and its words lead to their place', {
  timeout: 180_000,
}, async () => {
  const { path } = await recordMeeting('flite', 2);
  const server = await serveFolder({
    'talk.wav': readFileSync(path),
    'talk.batch.yaml':
      'inputs: { files: talk.wav }\nsteps:\n  - uses: transcribe\n    with: { language: en }\noutput: out/transcript.json\n',
  });
  const { page, problems } = await open(server.link);
  await server.run('talk.batch.yaml');
  const play = page.getByRole('button', { name: 'Play recording' });
  await eventually(() => play.count(), 120_000).toBe(1);
  await play.click();
  const player = page.getByRole('region', { name: 'Player' });
  const second = async (): Promise<number> =>
    Number(await player.getByRole('slider').getAttribute('aria-valuenow'));
  await eventually(second, 30_000).toBeGreaterThan(0);
  await player.getByRole('button', { name: 'Pause', exact: true }).click();
  await player.locator('.said .word').last().click();
  await eventually(second).toBeGreaterThan(4);
  await eventually(() => player.locator('.said .word.spoken').count()).toBe(1);
  expect(problems).toEqual([]);
});
