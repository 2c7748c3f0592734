import { setTimeout as delay } from 'node:timers/promises';

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

const patience = 30_000;

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
    notification: (text) => page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }),
    screenshot: async (file) => void (await page.screenshot({ path: file })),
    reload: async () => {
      await page.reload();
      await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: patience });
    },
  };
}

/**
 * Again and again until it gives something: a workbench that starts has neither its commands nor its views at once.
 *
 * @template T
 * @param {string} what
 * @param {() => Promise<T | undefined>} attempt
 * @returns {Promise<T>}
 */
async function retry(what, attempt) {
  let reason;
  for (const end = Date.now() + patience; Date.now() < end; await delay(200)) {
    try {
      const found = await attempt();
      if (found !== undefined) return found;
    } catch (error) {
      reason = error;
    }
  }
  throw new Error(`not found in ${patience / 1000} s: ${what}`, { cause: reason });
}

/**
 * @param {Page} page
 * @param {string} title
 */
async function pickCommand(page, title) {
  const exactly = new RegExp(`^${escape(title)}$`);
  await retry(`the command "${title}"`, async () => (await tryCommand(page, exactly, title)) || undefined);
}

/**
 * @param {Page} page
 * @param {RegExp} shown
 * @param {string} typed
 * @returns {Promise<boolean>} whether the palette had it
 */
async function tryCommand(page, shown, typed) {
  const widget = page.locator('.quick-input-widget');
  const row = widget.locator('.quick-input-list .monaco-list-row').filter({ has: page.locator('.label-name', { hasText: shown }) }).first();
  await page.keyboard.press('F1');
  await widget.locator('input.input').fill(`>${typed}`, { timeout: 2000 });
  const found = await row.waitFor({ timeout: 1500 }).then(() => true, () => false);
  if (found) await row.click({ timeout: 2000 });
  else await page.keyboard.press('Escape');
  return found;
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
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
          pane.querySelector('.pane-header .title')?.textContent === view || pane.querySelector(icon) !== null;
        return panes.find(isIt)?.querySelector('.pane-body')?.computedStyleMap().get('anchor-name')?.toString();
      },
      { view, icon },
    );
    if (!anchor) {
      // Its container is closed.
      await tryCommand(page, new RegExp(`: Focus on ${escape(view)} View$`), `Focus on ${view} View`);
      return undefined;
    }
    const outer = page.locator(`.webview-overlay-content[style*="position-anchor: ${anchor}"] iframe.webview`);
    const outerFrame = await (await outer.elementHandle({ timeout: 1000 }))?.contentFrame();
    const inner = await outerFrame?.waitForSelector('#active-frame', { state: 'attached', timeout: 1000 });
    const frame = await inner?.contentFrame();
    await frame?.waitForLoadState('domcontentloaded');
    return frame ?? undefined;
  });
}
