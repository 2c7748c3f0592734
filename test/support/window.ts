import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import type { Workbench } from '../../scripts/vscode/workbench.mjs';

/** What a person does in a window of VS Code with the extension, and what they read there. */

/** Runs a batch file of the workspace, picked in the palette by its path. */
export async function runBatchFile(window: Workbench, file: string): Promise<void> {
  await window.command('Sluice: Run Batch File');
  await pick(window, file);
}

/** Chooses an entry of the list that asks. */
export async function pick(window: Workbench, text: string): Promise<void> {
  await quickRow(window, text).click();
}

/** Answers the question for a line of text that shows this placeholder. */
export async function answer(window: Workbench, placeholder: string, text: string): Promise<void> {
  const input = window.page.locator(`.quick-input-widget input[placeholder="${placeholder}"]`);
  await input.fill(text);
  await input.press('Enter');
}

function quickRow(window: Workbench, text: string): Locator {
  return window.page
    .locator('.quick-input-widget .monaco-list-row')
    .filter({ hasText: text })
    .first();
}

/** The panel's runs and items, as they stand in its page. */
export class PanelPart {
  readonly frame: Frame;

  constructor(frame: Frame) {
    this.frame = frame;
  }

  run(name: string): Locator {
    return this.frame
      .locator('sluice-run')
      .filter({ has: this.frame.locator('.head .name', { hasText: name }) })
      .first();
  }

  /** An item of a run, of the newest one when none is named. */
  item(number: number, run = this.frame.locator('sluice-run').first()): Locator {
    return run.locator(`sluice-item[data-item="${number}"]`);
  }

  items(state: string): Locator {
    return this.frame.locator(`sluice-item[data-state="${state}"]`);
  }

  /** Chooses an entry of the menu of a run or an item. */
  async choose(of: Locator, entry: string): Promise<void> {
    const row = of.locator('.head, .row').first();
    await row.hover();
    await row.getByRole('button', { name: 'More actions' }).click();
    await this.frame.getByRole('menuitem', { name: entry, exact: true }).click();
  }
}

export async function panelOf(window: Workbench): Promise<PanelPart> {
  return new PanelPart(await window.panelFrame('Sluice'));
}

/** Every panel that the person sees in a window: in side bars and as a tab of the editor. */
export async function panelsOf(window: Workbench): Promise<PanelPart[]> {
  const panels: PanelPart[] = [];
  for (const frame of window.page.frames()) {
    // A frame may go while it is looked at.
    const shown = await frame
      .locator('sluice-panel main')
      .isVisible()
      .catch(() => false);
    if (shown) panels.push(new PanelPart(frame));
  }
  return panels;
}

/** The title of the view container in the side bar. */
export function sideBarTitle(window: Workbench): Promise<string | null> {
  return window.page.locator('.part.sidebar .title-label').textContent();
}

/** All that the extension wrote: its own log and the output channels of runs, of every window that was opened. */
export function outputsOf(window: Workbench): string[] {
  return logsOf(window, /\/Sluice\.log$|\/\d+-Sluice [^/]*\.log$/);
}

/**
 * All that stands in the output channel of runs of this name, of each window that was opened, the newest last.
 * The view itself has only the lines that are visible in its page; VS Code keeps the others in a file.
 */
export function runLogsOf(window: Workbench, name: string): string[] {
  return logsOf(window, /\/\d+-Sluice [^/]*\.log$/, `-Sluice ${name}`);
}

/** The lines of the newest output channel of a run of this name. */
export function runLogLines(window: Workbench, name: string): string[] {
  return (runLogsOf(window, name).at(-1) ?? '').split('\n');
}

function logsOf(window: Workbench, named: RegExp, part = ''): string[] {
  const logs = join(window.server.userDataDir, 'logs');
  return readdirSync(logs, { recursive: true, encoding: 'utf8' })
    .filter((path) => named.test(path) && path.includes(part))
    .sort()
    .map((path) => readFileSync(join(logs, path), 'utf8'));
}
