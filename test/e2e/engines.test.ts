import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Workbench } from '../../scripts/vscode/workbench.mjs';
import { eventually } from '../support/eventually.ts';
import { filesWith } from '../support/files-with.ts';
import { recordMeeting } from '../support/meeting.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { sluice } from '../support/sluice.ts';
import { watchText } from '../support/watch-text.ts';
import { answer, outputsOf, panelOf, pick, runBatchFile } from '../support/window.ts';
import { fakeEndpoint, refuse, stream } from '../unit/text/fake-endpoint.ts';

const PROVIDER = { extensionPath: [fileOf(), fileOf('test/programs/lm-provider')] };

const batch = (name: string, options: string, inputs = 'bees'): string => `
name: ${name}
inputs: [${inputs}]
steps:
  - uses: write
    with: { words: 10${options} }
output: out/${name}-{slug}.txt
concurrency: 2
`;

/** The modal question whether Sluice may use a provider's models. */
async function consent(window: Workbench, button: 'Allow' | 'Cancel'): Promise<void> {
  const dialog = window.page.locator('.monaco-dialog-box', { hasText: 'wants to access' });
  await dialog.getByRole('button', { name: button }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('the language models of VS Code write, once they are allowed', async () => {
  const { folder, window } = await openScene(
    {
      'shy.batch.yaml': batch('shy', ', engine: vscode, model: sluice-tests/shy', 'bees, ants'),
      'full.batch.yaml': batch('full', ', engine: vscode, model: sluice-tests/full'),
      'auto.batch.yaml': batch('auto', ''),
      'outside.batch.yaml': batch('outside', ', engine: vscode, model: sluice-tests/parrot'),
      'reload.batch.yaml': batch('reload', ', engine: vscode, model: sluice-tests/parrot'),
    },
    PROVIDER,
  );
  const panel = await panelOf(window);

  // Refused: each item says so, and the person is asked once.
  await runBatchFile(window, 'shy.batch.yaml');
  await consent(window, 'Cancel');
  await eventually(() => panel.items('failed').count()).toBe(2);
  expect(await panel.item(1).textContent()).toContain('was not allowed');
  expect(await window.page.locator('.monaco-dialog-box').count()).toBe(0);

  // Retried and allowed: the text grows in the panel, and is on disk.
  await eventually(() => readdirSync(join(folder, '.sluice/sockets'))).toEqual([]);
  const live = await watchText(panel.frame, 'sluice-item[data-item="1"] .live');
  await panel.run('shy').getByRole('button', { name: 'Retry failed items' }).click();
  await consent(window, 'Allow');
  await eventually(() => panel.items('done').count(), 30_000).toBe(2);
  const texts = (await live()).map(({ text }) => text);
  expect(texts.length).toBeGreaterThan(4);
  for (const [index, text] of texts.entries()) expect(texts[index + 1] ?? text).toContain(text);
  const written = 'You asked about bees. I say it as slowly as I can. That is all about bees.';
  expect(readFileSync(join(folder, 'out/shy-bees.txt'), 'utf8')).toBe(written);

  // Out of quota.
  await runBatchFile(window, 'full.batch.yaml');
  await eventually(() => panel.run('full').locator('sluice-item').textContent()).toMatch(
    /takes no more requests: The quota of this month is used up/,
  );

  // As the default of batches that name no engine.
  await window.command('Sluice: Choose Engine…');
  await pick(window, 'Test shy');
  await window.statusBar('Text from now on: Test shy').waitFor();
  await runBatchFile(window, 'auto.batch.yaml');
  await eventually(() => existsSync(join(folder, 'out/auto-bees.txt')), 30_000).toBe(true);
  expect(readFileSync(join(folder, 'out/auto-bees.txt'), 'utf8')).toBe(written);

  // For a run of a terminal, too.
  const { code } = await sluice(folder, ['run', 'outside.batch.yaml']);
  expect(code).toBe(0);
  expect(readFileSync(join(folder, 'out/outside-bees.txt'), 'utf8')).toBe(written);

  // Reloaded in the middle of a text, the window writes it from its beginning when it is back.
  await runBatchFile(window, 'reload.batch.yaml');
  await panel.run('reload').locator('.live').getByText('You asked about').waitFor();
  await window.reload();
  await eventually(() => existsSync(join(folder, 'out/reload-bees.txt')), 60_000).toBe(true);
  expect(readFileSync(join(folder, 'out/reload-bees.txt'), 'utf8')).toBe(written);
});

const KEY = 'sk-engines-0123456789abcdef0123456789';

test('an endpoint with a key is chosen; the key is in no file', async () => {
  const endpoint = await fakeEndpoint();
  onTestFinished(() => endpoint.close());
  endpoint.answer = (response, { path, headers }) => {
    if (headers.authorization !== `Bearer ${KEY}`) return refuse(response, 401, { message: 'no' });
    if (!path.endsWith('/models')) return stream(response, ['Bees hum.']);
    const data = [{ id: 'embed-1' }, { id: 'chat-1' }];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
  };
  const { folder, window } = await openScene({ 'auto.batch.yaml': batch('auto', '') });
  await window.command('Sluice: Choose Engine…');
  await pick(window, 'An endpoint with the OpenAI API');
  await pick(window, 'Another address');
  await answer(window, 'http://localhost:11434/v1', endpoint.baseUrl);
  await enterKey(window, 'sk-wrong');
  await window.notification('refused the key').getByRole('button', { name: 'Enter Key…' }).click();
  await enterKey(window, KEY);
  await pick(window, 'chat-1');
  await window.statusBar('Text from now on: 127.0.0.1').waitFor();

  // The panel says so, and a batch that names no engine is written by it.
  const panel = await panelOf(window);
  await panel.frame
    .getByText(/127\.0\.0\.1:\d+, ready/)
    .first()
    .waitFor();
  await runBatchFile(window, 'auto.batch.yaml');
  await eventually(() => panel.items('done').count()).toBe(1);
  expect(readFileSync(join(folder, 'out/auto-bees.txt'), 'utf8')).toBe('Bees hum.');
  expect(endpoint.asked.at(-1)?.body['model']).toBe('chat-1');
  const { userDataDir } = window.server;
  for (const place of [folder, userDataDir, join(dirname(userDataDir), 'server')])
    expect(filesWith(KEY, place)).toEqual([]);
  expect(outputsOf(window).join()).not.toContain(KEY);
});

/** VS Code may still be setting up the field when it is there. */
async function enterKey(window: Workbench, key: string): Promise<void> {
  const field = window.page.locator('.quick-input-widget input[type="password"]');
  await field.waitFor();
  await eventually(async () => {
    await field.fill(key, { timeout: 1000 });
    await field.press('Enter', { timeout: 1000 });
    await field.waitFor({ state: 'hidden', timeout: 2000 });
    return true;
  }).toBe(true);
}

test('a voice is fetched with its progress; what was cancelled is kept', async () => {
  const models = mkdtempSync(join(tmpdir(), 'sluice-models-'));
  onTestFinished(() => rmSync(models, { recursive: true, force: true }));
  const settings = { 'sluice.models.folder': models };
  const { window } = await openScene({}, { settings });

  await window.command('Sluice: Choose Engine…');
  await pick(window, '322.6 MB');
  const fetching = window.notification(
    'Fetching TinyLlama 1.1B Chat, 2 bits (322.6 MB · Apache-2.0)',
  );
  await expect
    .poll(() => fetching.textContent(), { timeout: 60_000 })
    .toMatch(/[1-9][\d.]* [kM]B of 318\.6 MB/);
  await fetching.getByRole('button', { name: 'Cancel' }).click();
  await window.statusBar('what was fetched so far is kept').waitFor();
  expect(readdirSync(join(models, '.partial'))).not.toEqual([]);

  await window.command('Sluice: Choose Engine…');
  await pick(window, '21.5 MB');
  await window.notification('Fetching flite').waitFor();
  await pick(window, 'rms');
  await window.statusBar('Voice from now on: flite').waitFor();
  expect(existsSync(join(models, 'flite/flite.wasm'))).toBe(true);
  const panel = await panelOf(window);
  await panel.frame.getByText('flite, as WebAssembly, ready').first().waitFor();
  expect(await panel.frame.getByText('TinyLlama').count()).toBe(0);
});

test('a program that was chosen writes down recordings', async () => {
  const { folder, window } = await openScene({
    'listen.py': 'print("A program was here.")',
    'talk.batch.yaml':
      'inputs: { files: "*.wav" }\nsteps: [{ uses: transcribe }]\noutput: out/{slug}.txt\n',
  });
  const { path } = await recordMeeting('flite', 2);
  writeFileSync(join(folder, 'talk.wav'), readFileSync(path));
  await window.command('Sluice: Choose Engine…');
  await window.page
    .locator('.quick-input-widget input[placeholder^="What is to do the work"]')
    .fill('program of');
  await pick(window, 'A program of your own');
  const line = `python3 '${join(folder, 'listen.py')}' {input}`;
  await answer(window, 'whisper-cli -np -m model.bin -f {input}', line);
  await window.statusBar('Transcription from now on: python3').waitFor();
  const panel = await panelOf(window);
  await panel.frame.getByText('python3, ready').first().waitFor();
  await runBatchFile(window, 'talk.batch.yaml');
  await eventually(() => panel.items('done').count(), 60_000).toBe(1);
  expect(readFileSync(join(folder, 'out/talk.txt'), 'utf8')).toBe('A program was here.\n');
});
