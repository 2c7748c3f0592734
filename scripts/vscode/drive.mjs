import { literally, pickCommand, tryCommand } from './palette.mjs';
import { patience, retry } from './retry.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Frame} Frame */
/** @typedef {import('playwright-core').Locator} Locator */

/**
 * What a person does in a window, by what they see of it.
 *
 * @typedef {object} Window
 * @property {Page} page
 * @property {(title: string) => Promise<void>} command picks a command in the palette, by its whole title as shown there
 * @property {(view: string) => Promise<Frame>} panelFrame the document of a webview view, found by its title or id
 * @property {(text: string | RegExp) => Locator} statusBar the item of the status bar that shows this
 * @property {(text: string | RegExp) => Locator} notification
 * @property {(file: string) => Promise<void>} screenshot
 * @property {() => Promise<void>} reload
 */

/**
 * @param {Page} page
 * @returns {Window}
 */
export function drive(page) {
  return {
    page,
    command: (title) => pickCommand(page, title),
    panelFrame: (view) => panelFrame(page, view),
    statusBar: (text) => page.locator('.part.statusbar .statusbar-item').filter({ hasText: text }),
    notification: (text) =>
      page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }),
    screenshot: async (file) => void (await page.screenshot({ path: file })),
    reload: async () => {
      // As a person does it: VS Code keeps what its layout is before it goes.
      await Promise.all([
        page.waitForEvent('load', { timeout: 2 * patience }),
        pickCommand(page, 'Developer: Reload Window'),
      ]);
      await isShown(page);
    },
  };
}

/**
 * The workbench stands, in its own colours.
 *
 * @param {Page} page
 */
export async function isShown(page) {
  await page
    .locator('.monaco-workbench[class*="vscode-theme-"] .part.statusbar')
    .waitFor({ timeout: 2 * patience });
}

/**
 * A webview floats over the view it belongs to: the anchor in the styles of both is what ties the two.
 *
 * @param {Page} page
 * @param {string} view
 * @returns {Promise<Frame>}
 */
async function panelFrame(page, view) {
  const icon = `.icon.view-${view.replace(/[^\w-]/g, '-')}`;
  return await retry(`the webview view "${view}"`, async () => {
    const anchor = await page.locator('.pane').evaluateAll(
      (panes, { view, icon }) => {
        const isIt = (/** @type {Element} */ pane) =>
          pane.querySelector('.pane-header .title')?.textContent === view ||
          pane.querySelector(icon) !== null;
        return panes
          .find(isIt)
          ?.querySelector('.pane-body')
          ?.computedStyleMap()
          .get('anchor-name')
          ?.toString();
      },
      { view, icon },
    );
    const outer = page.locator(
      `.webview-overlay-content[style*="position-anchor: ${anchor}"] iframe.webview`,
    );
    if (!anchor || (await outer.count()) === 0) {
      // Its container is closed, or it is folded in it.
      const shown = new RegExp(`: Focus on ${literally(view)} View$`);
      await tryCommand(page, shown, `Focus on ${view} View`);
      return undefined;
    }
    const outerFrame = await (await outer.elementHandle({ timeout: 1000 }))?.contentFrame();
    const inner = await outerFrame?.waitForSelector('#active-frame', {
      state: 'attached',
      timeout: 1000,
    });
    const frame = await inner?.contentFrame();
    await frame?.waitForLoadState('domcontentloaded');
    return frame ?? undefined;
  });
}
