import type { Locator } from 'playwright-core';
import type { Workbench } from '../../scripts/vscode/workbench.mjs';
import { eventually } from './eventually.ts';

/** What a person does in the explorer. Its rows move when files appear: a click that missed is repeated. */

/** The row of a file or a folder, by its name. */
function explorerRow(window: Workbench, name: string): Locator {
  return window.page
    .locator('.explorer-folders-view .monaco-list-row')
    .filter({ has: window.page.getByText(name, { exact: true }) })
    .first();
}

export async function openFolder(window: Workbench, name: string): Promise<void> {
  const row = explorerRow(window, name);
  const isOpen = async (): Promise<boolean> => (await row.getAttribute('aria-expanded')) === 'true';
  await eventually(async () => {
    if (!(await isOpen())) await row.click();
    return isOpen();
  }).toBe(true);
}

/** Selects files or folders, and chooses from the menu of the last one: an entry, or one of a submenu. */
export async function chooseInExplorer(
  window: Workbench,
  names: readonly string[],
  path: readonly string[],
): Promise<void> {
  const rows = names.map((name) => explorerRow(window, name));
  await eventually(async () => {
    for (const [index, row] of rows.entries()) {
      await row.click(index === 0 ? {} : { modifiers: ['Control'] });
    }
    return Promise.all(rows.map((row) => row.getAttribute('aria-selected')));
  }).toEqual(names.map(() => 'true'));
  await rows.at(-1)?.click({ button: 'right' });
  const menu = window.page.locator('.monaco-menu');
  const entryOf = (label: string): Locator =>
    menu.locator('.action-item').filter({ has: window.page.getByText(label, { exact: true }) });
  // A submenu opens below the pointer.
  for (const label of path.slice(0, -1)) await entryOf(label).last().hover();
  const chosen = entryOf(path.at(-1) ?? '').last();
  await chosen.waitFor();
  // An entry that has just appeared takes no click.
  await eventually(async () => {
    if (await chosen.isVisible()) await chosen.click({ timeout: 1000 }).catch(() => undefined);
    return menu.count();
  }).toBe(0);
}
