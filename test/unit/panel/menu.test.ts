import { describe, expect, test } from 'vitest';
import { placeMenu } from '../../../src/panel/menu.ts';
import type { PanelPage } from '../../support/panel-page.ts';
import { biology, files, interviews, snapshot } from '../../support/panel-scenes.ts';
import { panelTests } from '../../support/panel-test.ts';

const VIEW = { width: 300, height: 600 };
const MENU = { width: 160, height: 200 };

test.each([
  [
    'below, at the left edge',
    { left: 20, right: 40, top: 100, bottom: 120 },
    { left: 20, top: 120 },
  ],
  [
    'to the left where it is narrow',
    { left: 270, right: 290, top: 100, bottom: 120 },
    { left: 130, top: 120 },
  ],
  ['above where it is low', { left: 20, right: 40, top: 500, bottom: 520 }, { left: 20, top: 300 }],
  ['within what is visible', { left: 150, right: 155, top: 100, bottom: 590 }, { left: 4, top: 4 }],
])('a menu goes %s', (_, beside, placed) => {
  expect(placeMenu(beside, MENU, VIEW)).toEqual(placed);
});

const withPanel = panelTests();

async function entries(panel: PanelPage): Promise<string[]> {
  const all = await panel.page.getByRole('menuitem').allTextContents();
  return all.map((label) => label.trim());
}

async function focused(panel: PanelPage): Promise<string> {
  await panel.send();
  return panel.page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.ariaLabel ?? activeElement?.textContent?.trim() ?? '';
  });
}

describe('the menu of a run', () => {
  test('has what can be asked of it', async () => {
    await withPanel({}, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state, interviews()], { now: run.now }));
      const { page } = panel;
      const head = page.locator('.run[data-run="biology"] .head');
      const open = async (): Promise<void> => {
        await head.hover();
        await head.getByRole('button', { name: 'More actions' }).click();
        await panel.send();
      };
      await open();
      const all = await entries(panel);
      expect(all).toEqual([
        'Pause run',
        'Cancel run',
        'Retry failed items',
        'Run again',
        'Open results',
        'Open log',
        'Copy command line',
        'Open batch file',
      ]);
      await page.keyboard.press('Escape');
      for (const name of all) {
        await open();
        await page.getByRole('menuitem', { name }).click();
      }
      expect((await panel.posted()).map(({ type }) => type)).toEqual([
        'pause',
        'cancel',
        'retry',
        'runAgain',
        'openResults',
        'openLog',
        'copyCommandLine',
        'openBatch',
      ]);
      await page.locator('.run[data-run="interviews"]').click({ button: 'right' });
      await panel.send();
      expect((await entries(panel))[0]).toBe('Run again');
    });
  });
});

describe('the menu of an item', () => {
  test('has what can be asked of it in its state', async () => {
    await withPanel({}, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state, files().state], { now: run.now }));
      const of = async (item: number, id = 'biology'): Promise<string[]> => {
        const row = panel.page.locator(`[data-run="${id}"][data-item="${item}"] .title`);
        await row.click({ button: 'right' });
        await panel.send();
        const found = await entries(panel);
        await panel.page.keyboard.press('Escape');
        await panel.send();
        return found;
      };
      const input = ['Open input'];
      const files_ = [...input, 'Show output in the log'];
      expect(await of(1)).toEqual(['Play result', 'Open result', ...files_]);
      expect(await of(4)).toEqual(['Retry item', ...files_]);
      expect(await of(6)).toEqual(['Cancel item', ...files_]);
      expect(await of(8)).toEqual(['Cancel item', 'Move down in the queue', ...input]);
      expect(await of(9)).toEqual([
        'Cancel item',
        'Move up in the queue',
        'Move down in the queue',
        ...input,
      ]);
      expect(await of(10)).toEqual(['Cancel item', 'Move up in the queue', ...input]);
      expect(await of(3, 'files')).toEqual([
        'Play vocals.wav',
        'Open vocals.wav',
        'Play drums.wav',
        'Open drums.wav',
        'Play bass.wav',
        'Open bass.wav',
        'Open notes.md',
        ...files_,
      ]);
      expect(await panel.posted()).toEqual([]);
    });
  });

  test('opens each of the results', async () => {
    await withPanel({}, async (panel) => {
      await panel.send(snapshot([files().state]));
      for (const name of ['Open drums.wav', 'Open notes.md', 'Show output in the log']) {
        await panel.page.locator('[data-item="3"]').click({ button: 'right' });
        await panel.page.getByRole('menuitem', { name }).click();
      }
      const at = { run: 'files', item: 3 };
      expect(await panel.posted()).toEqual([
        { type: 'openResult', ...at, result: 1 },
        { type: 'openResult', ...at, result: 3 },
        { type: 'revealOutput', ...at },
      ]);
    });
  });
});

describe('any menu', () => {
  test.each(['Shift+F10', 'ContextMenu'])('is opened with %s and used with keys', async (key) => {
    await withPanel({}, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state], { now: run.now }));
      const { page } = panel;
      await page.locator('[data-item="9"]').focus();
      await page.keyboard.press(key);
      expect(await focused(panel)).toBe('Cancel item');
      await page.keyboard.press('ArrowDown');
      expect(await focused(panel)).toBe('Move up in the queue');
      await page.keyboard.press('End');
      expect(await focused(panel)).toBe('Open input');
      await page.keyboard.press('ArrowDown');
      expect(await focused(panel)).toBe('Cancel item');
      await page.keyboard.press('ArrowUp');
      expect(await focused(panel)).toBe('Open input');
      await page.keyboard.press('m');
      expect(await focused(panel)).toBe('Move up in the queue');
      await page.keyboard.press('m');
      expect(await focused(panel)).toBe('Move down in the queue');
      await page.keyboard.press('Escape');
      expect(await focused(panel)).toMatch(/^9, Viruses/);
      expect(await page.getByRole('menu').count()).toBe(0);
      await page.keyboard.press(key);
      await panel.send();
      await page.keyboard.press('Enter');
      expect(await focused(panel)).toMatch(/^9, Viruses/);
      expect(await panel.posted()).toEqual([{ type: 'cancel', run: 'biology', item: 9 }]);
    });
  });

  test('closes when something else is pressed', async () => {
    await withPanel({}, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state], { now: run.now }));
      const { page } = panel;
      await page.locator('[data-item="2"]').click({ button: 'right' });
      await panel.send();
      const menu = page.getByRole('menu', { name: 'Actions: Photosynthesis, step by step' });
      expect(await menu.count()).toBe(1);
      await page.locator('[data-item="9"] .title').click();
      await panel.send();
      expect(await menu.count()).toBe(0);
      await page.locator('[data-item="2"]').click({ button: 'right' });
      await panel.send();
      await page.mouse.move(100, 600);
      await page.mouse.wheel(0, 50);
      await expect.poll(() => menu.count()).toBe(0);
    });
  });

  test('stays within what is visible', async () => {
    await withPanel({ width: 240, height: 220 }, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state], { now: run.now }));
      await panel.page.locator('.run').click({ button: 'right', position: { x: 230, y: 20 } });
      await panel.send();
      const box = await panel.page.getByRole('menu').boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect(box?.y).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(240);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(220);
    });
  });
});
