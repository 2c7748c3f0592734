import { retry } from './retry.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * @param {Page} page
 * @param {string} title whole, as the palette shows it
 */
export async function pickCommand(page, title) {
  const exactly = new RegExp(`^${literally(title)}$`);
  await retry(
    `the command "${title}"`,
    async () => (await tryCommand(page, exactly, title)) || undefined,
  );
}

/**
 * @param {Page} page
 * @param {RegExp} shown
 * @param {string} typed
 * @returns {Promise<boolean>} whether the palette had it
 */
export async function tryCommand(page, shown, typed) {
  const widget = page.locator('.quick-input-widget');
  const row = widget
    .locator('.quick-input-list .monaco-list-row')
    .filter({ has: page.locator('.label-name', { hasText: shown }) })
    .first();
  await page.keyboard.press('F1');
  await widget.locator('input.input').fill(`>${typed}`, { timeout: 2000 });
  const found = await row.waitFor({ timeout: 1500 }).then(
    () => true,
    () => false,
  );
  if (found) await row.click({ timeout: 2000 });
  else await page.keyboard.press('Escape');
  return found;
}

/**
 * Text as a part of a regular expression.
 *
 * @param {string} text
 */
export function literally(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
