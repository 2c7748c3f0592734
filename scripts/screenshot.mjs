// Makes docs/panel.png, the picture of the README: the panel while the examples are being made.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './setup.mjs';
import { openWorkbench } from './vscode/workbench.mjs';

const picture = process.argv[2] ?? join(root, 'docs/panel.png');
const width = 360;
const patience = { timeout: 120_000 };

const workspace = mkdtempSync(join(tmpdir(), 'sluice-picture-'));
cpSync(join(root, 'examples'), workspace, {
  recursive: true,
  filter: (path) => !/[\\/](\.sluice|out)$/.test(path),
});
const window = await openWorkbench({
  workspace,
  extensionPath: [root],
  viewport: { width: 1200, height: 720 },
  deviceScaleFactor: 2,
}).catch((error) => {
  rmSync(workspace, { recursive: true, force: true });
  throw error;
});
try {
  const panel = await window.panelFrame('Sluice');
  await widenSideBar();
  await run('read-aloud.batch.yaml');
  await panel.locator('[data-run][data-state="done"]').waitFor(patience);
  await run('biology.batch.yaml');
  await panel.waitForFunction(isWorthAPicture, undefined, { ...patience, polling: 100 });
  // Nothing under the pointer, nothing focused.
  await window.page.mouse.move(800, 300);
  const bar = await window.page.locator('.part.sidebar').boundingBox();
  const bottom = await panel.locator('sluice-run').last().boundingBox();
  if (bar === null || bottom === null) throw new Error('The panel is not shown.');
  // Without the side bar's own edge.
  const [x, y] = [bar.x + 1, bar.y + 1];
  const height = bottom.y + bottom.height - y + 8;
  await window.page.screenshot({ path: picture, clip: { x, y, width: bar.width - 2, height } });
} finally {
  await window.close();
  rmSync(workspace, { recursive: true, force: true });
}

/** @param {string} file */
async function run(file) {
  await window.command('Sluice: Run Batch File');
  await window.page
    .locator('.quick-input-widget .monaco-list-row')
    .filter({ hasText: file })
    .click();
}

async function widenSideBar() {
  const bar = await window.page.locator('.part.sidebar').boundingBox();
  if (bar === null) throw new Error('There is no side bar.');
  const { mouse } = window.page;
  await mouse.move(bar.x + bar.width, 400);
  await mouse.down();
  await mouse.move(bar.x + width, 400, { steps: 5 });
  await mouse.up();
}

/** Runs in the panel: something is done, something spoken, something being written, something queued. */
function isWorthAPicture() {
  const items = (/** @type {string} */ state) =>
    [...document.querySelectorAll(`sluice-item[data-state="${state}"]`)].map((item) => ({
      text: item.querySelector('.live')?.textContent?.trim() ?? '',
      step: item.querySelector('.right')?.textContent?.trim() ?? '',
      share: Number(item.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')),
    }));
  const running = items('running');
  const shown = (/** @type {string} */ step) =>
    running.some(
      ({ step: at, share, text }) =>
        at.startsWith(step) && share > 10 && share < 90 && text.length > 90,
    );
  const all = items('done').length > 0 && items('queued').length > 0;
  return all && shown('speak') && shown('write');
}
