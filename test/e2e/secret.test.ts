import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { filesWith } from '../support/files-with.ts';
import { openScene } from '../support/scene.ts';
import { outputsOf, panelOf, runBatchFile } from '../support/window.ts';
import { fakeEndpoint } from '../unit/text/fake-endpoint.ts';

const KEY = 'sk-e2e-0123456789abcdef0123456789';

test('the API key reaches the endpoint, and neither a file nor a program of the user', async () => {
  const endpoint = await fakeEndpoint();
  onTestFinished(() => endpoint.close());
  const { folder, window } = await openScene(
    {
      'key.batch.yaml': `
name: Key
inputs: [one]
steps:
  - uses: write
    with: { engine: openai, model: any, words: 5 }
  - run: [env]
    name: env
output: out/{slug}.txt
`,
    },
    { env: { OPENAI_BASE_URL: endpoint.baseUrl } },
  );
  await window.command('Sluice: Set OpenAI API Key');
  const input = window.page.locator('.quick-input-widget input[type="password"]');
  await input.fill(KEY);
  await input.press('Enter');
  await window.statusBar('the key is kept').waitFor();

  await runBatchFile(window, 'key.batch.yaml');
  const panel = await panelOf(window);
  await eventually(() => panel.items('done').count()).toBe(1);
  expect(endpoint.asked[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(readFileSync(join(folder, 'out/one.txt'), 'utf8')).toContain('PATH=');
  expect(filesWith(KEY, folder)).toEqual([]);
  expect(filesWith(KEY, window.server.userDataDir)).toEqual([]);
  expect(outputsOf(window).join()).not.toContain(KEY);
});
