import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openScene } from '../support/scene.ts';
import { panelOf, pick, runBatchFile } from '../support/window.ts';

test('nothing runs in a workspace that is not trusted, and it is said why', async () => {
  const { folder, window } = await openScene(
    {
      'touch.batch.yaml': 'inputs: [one]\nsteps: [{ run: [touch, started] }]\n',
      'wrong.batch.yaml': 'inputs: [one]\nsteps:\n  - rum: [touch, started]\n',
    },
    { trust: false, settings: { 'security.workspace.trust.startupPrompt': 'never' } },
  );
  const panel = await panelOf(window);
  await panel.frame.getByText('This window is in Restricted Mode.').waitFor();

  await runBatchFile(window, 'touch.batch.yaml');
  const notice = window.notification('nothing runs before you trust this workspace');
  await notice.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
  expect(existsSync(join(folder, '.sluice'))).toBe(false);
  expect(existsSync(join(folder, 'started'))).toBe(false);

  // Batch files are checked all the same.
  await window.command('Go to File...');
  await window.page.locator('.quick-input-widget input').fill('wrong.batch.yaml');
  await pick(window, 'wrong.batch.yaml');
  await window.page.locator('.monaco-editor .squiggly-error').first().waitFor();

  // The way out: trust, and the run starts.
  await notice.getByRole('button', { name: 'Manage Workspace Trust' }).click();
  await window.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
  await panel.frame.getByText('Start a batch').waitFor();
});
