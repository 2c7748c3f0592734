import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkbench } from '../vscode/workbench.mjs';

const WINDOWS = 5;
/** The list of extensions has those in its page that are in sight: this is high enough for all. */
const viewport = { width: 1000, height: 3000 };

/**
 * How long the extension takes to activate in a window that has just been opened, as VS Code itself measures it: its
 * code is loaded, and `activate` answers.
 *
 * @param {string} vsix
 * @returns {Promise<number[]>} ms, one for each of several windows
 */
export async function measureActivation(vsix) {
  const workspace = mkdtempSync(join(tmpdir(), 'sluice-activation-'));
  try {
    const window = await openWorkbench({ workspace, vsix: [vsix], viewport });
    try {
      const times = [await activationTime(window)];
      while (times.length < WINDOWS) {
        const next = await window.openWindow();
        times.push(await activationTime(next));
        await next.page.close();
      }
      return times;
    } finally {
      await window.close();
    }
  } finally {
    rmSync(workspace, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** @param {import('../vscode/drive.mjs').Window} window */
async function activationTime({ command, page }) {
  // A command that the extension is loaded for; nothing has loaded it before.
  await command('Sluice: Show Output');
  await command('Developer: Show Running Extensions');
  const row = page.locator('.runtime-extensions-editor .extension').filter({ hasText: 'Sluice' });
  const text = (await row.locator('.activation-time').textContent()) ?? '';
  const ms = /(\d+)\s?ms/.exec(text)?.[1];
  if (ms === undefined) throw new Error(`VS Code says no time of activation: ${text}`);
  return Number(ms);
}
