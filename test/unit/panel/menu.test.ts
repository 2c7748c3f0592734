import { describe, expect, test } from 'vitest';
import { placeMenu } from '../../../src/panel/menu.ts';
import type { PanelPage } from '../../support/panel-page.ts';
import { biology, files, interviews, large, snapshot } from '../../support/panel-scenes.ts';
import { panelTests } from '../../support/panel-test.ts';
import { RunFixture } from '../../support/run-fixture.ts';

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
        'Items at once: 2…',
        'Retry failed items',
        'Run again',
        'Open results',
        'Open log',
        'Copy command line',
        'Open batch file',
      ]);
      await page.keyboard.press('Escape');
      for (const name of all.filter((entry) => !entry.startsWith('Items at once'))) {
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

describe('how many items are under way at once', () => {
  test('is shown, and is changed from there and from the menu of the run', async () => {
    await withPanel({ width: 420 }, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state, interviews()], { now: run.now }));
      const { page } = panel;
      const fact = page.getByRole('button', { name: 'Items at once: 2…' });
      // A run that is over has none.
      expect(await fact.count()).toBe(1);
      await fact.click();
      await panel.send();
      const choices = page.getByRole('menuitemradio');
      const offered = (await choices.allTextContents()).map((choice) => choice.trim());
      expect(offered).toEqual([1, 2, 3, 4, 6, 8].map((count) => `${count} at once`));
      expect(await focused(panel)).toBe('2 at once');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      expect(await panel.posted()).toEqual([
        { type: 'concurrency', run: 'biology', concurrency: 3 },
      ]);
      const widened = run.add({ type: 'queue', state: 'running', concurrency: 3 });
      await panel.send({ type: 'events', runs: [{ run: 'biology', events: [widened] }] });
      expect(await page.getByRole('status').textContent()).toBe('3 items at once.');
      await page.locator('.run[data-run="biology"]').focus();
      await page.keyboard.press('Shift+F10');
      await page.getByRole('menuitem', { name: 'Items at once: 3…' }).click();
      await panel.send();
      await page.getByRole('menuitemradio', { name: '1 at once' }).click();
      expect((await panel.posted()).at(-1)).toEqual({
        type: 'concurrency',
        run: 'biology',
        concurrency: 1,
      });
    });
  });

  test('cannot be changed once a run is being cancelled, and is nothing to a run of one item', async () => {
    await withPanel({}, async (panel) => {
      const run = biology();
      run.add({ type: 'queue', state: 'cancelling', concurrency: 2 });
      const single = new RunFixture('single', 'Single', ['one'], run.now);
      single.begin(1, 0, 0.5, 'text');
      await panel.send(snapshot([run.state, single.state], { now: run.now }));
      expect(await panel.page.getByRole('button', { name: /Items at once/ }).count()).toBe(0);
    });
  });
});

test('an item that waits for memory says so', async () => {
  await withPanel({}, async (panel) => {
    const run = biology();
    run.add({ type: 'waits', item: 8, waits: { for: 'memory', needs: 6e9, free: 4.1e9 } });
    await panel.send(snapshot([run.state], { now: run.now }));
    const item = panel.page.locator('[data-item="8"]');
    expect((await item.locator('.right').textContent())?.trim()).toBe('waits for memory');
    expect(await item.locator('.detail').textContent()).toBe(
      'Needs 6 GB of memory; 4.1 GB are free.',
    );
    expect(await item.getAttribute('aria-label')).toContain('waits for memory');
  });
});

test('an item far from the ends of the queue can be moved to them', async () => {
  await withPanel({}, async (panel) => {
    const run = large(9, 1);
    await panel.send(snapshot([run.state], { now: run.now }));
    const { page } = panel;
    for (const [entry, to] of [
      ['Move to the front of the queue', 'first'],
      ['Move to the end of the queue', 'last'],
    ] as const) {
      await page.locator('[data-item="5"] .title').click({ button: 'right' });
      await page.getByRole('menuitem', { name: entry }).click();
      expect((await panel.posted()).at(-1)).toEqual({ type: 'move', run: 'large', item: 5, to });
    }
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
      expect(await of(8)).toEqual([
        'Cancel item',
        'Move down in the queue',
        'Move to the end of the queue',
        ...input,
      ]);
      expect(await of(9)).toEqual([
        'Cancel item',
        'Move up in the queue',
        'Move down in the queue',
        ...input,
      ]);
      expect(await of(10)).toEqual([
        'Cancel item',
        'Move to the front of the queue',
        'Move up in the queue',
        ...input,
      ]);
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
