import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorkbench, type Workbench } from '../../scripts/vscode/workbench.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let window: Workbench;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-'));
  cpSync(join(ROOT, 'examples'), folder, {
    recursive: true,
    filter: (path) => !/[\\/](\.sluice|out)$/.test(path),
  });
  window = await openWorkbench({ workspace: folder, extensionPath: [ROOT] });
});

afterAll(async () => {
  await window?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a batch file is run from the palette; panel, status bar and files follow', async () => {
  const { page } = window;
  await window.command('Sluice: Run Batch File');
  const row = page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: 'read-aloud' });
  await row.click();
  const panel = await window.panelFrame('Sluice');
  const run = panel.locator('[data-run]').filter({ hasText: 'Read my documents' }).first();
  await run.waitFor();
  await window.statusBar(/\d\/2|2\/2/).waitFor();
  const items = panel.locator('[data-item][data-state="done"]');
  await expect.poll(() => items.count(), { timeout: 120_000 }).toBe(2);
  for (const name of ['bread', 'harbour']) {
    const path = join(folder, `documents-to-audio/out/${name}.mp3`);
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path).subarray(0, 3).toString()).toBe('ID3');
  }
});
