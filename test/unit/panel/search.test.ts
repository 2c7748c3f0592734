import { describe, expect, test } from 'vitest';
import { fold, pieces, termsOf } from '../../../src/panel/fold.ts';
import type { PanelPage } from '../../support/panel-page.ts';
import { biology, interviews, large, snapshot, stems } from '../../support/panel-scenes.ts';
import { panelTests } from '../../support/panel-test.ts';

describe('words', () => {
  test('are searched without case and accents', () => {
    expect(fold('Élève Ñandú İSTANBUL')).toBe('eleve nandu istanbul');
    expect(termsOf('  Two   words ')).toEqual(['two', 'words']);
  });

  test.each([
    ['Les élèves', 'eleve', ['Les ', '[élève]', 's']],
    // Decomposed: the accents are characters of their own.
    ['Les e\u0301le\u0300ves', 'eleves', ['Les ', '[e\u0301le\u0300ves]']],
    ['aaa', 'aa', ['[aaa]']],
    ['one two one', 'one two', ['[one]', ' ', '[two]', ' ', '[one]']],
    ['😀 smile 😀', '😀', ['[😀]', ' smile ', '[😀]']],
    ['nothing', 'x', ['nothing']],
    ['all', '', ['all']],
    ['', 'x', []],
  ])('%j with %j is cut into %j', (text, query, cut) => {
    const found = pieces(text, termsOf(query));
    expect(found.map((piece) => (piece.found ? `[${piece.text}]` : piece.text))).toEqual(cut);
    expect(found.map((piece) => piece.text).join('')).toBe(text);
  });
});

const withPanel = panelTests();

async function threeRuns(panel: PanelPage): Promise<void> {
  const run = biology();
  await panel.send(snapshot([stems(), interviews(), run.state], { now: run.now }));
}

async function type(panel: PanelPage, text: string): Promise<void> {
  await panel.page.keyboard.press('Control+f');
  await panel.page.keyboard.press('Control+a');
  await panel.page.keyboard.type(text);
  await panel.send();
}

async function choose(panel: PanelPage, filter: string): Promise<void> {
  await panel.page.getByRole('button', { name: /^Filter/ }).click();
  await panel.page.getByRole('menuitemradio', { name: filter }).click();
  await panel.send();
}

async function rows(panel: PanelPage): Promise<string[]> {
  return panel.page
    .getByRole('treeitem')
    .evaluateAll((all) => all.map((row) => row.ariaLabel?.split(',')[0] ?? ''));
}

describe('the search', () => {
  test('finds items by title, opens their runs and marks what it found', async () => {
    await withPanel({}, async (panel) => {
      await threeRuns(panel);
      await type(panel, 'TRACK -3');
      expect(await rows(panel)).toEqual(['Stems of the demo tape', '3']);
      expect(await panel.page.locator('mark').allTextContents()).toEqual(['track-3']);
      const item = panel.page.getByRole('treeitem', { name: /^3,/ });
      expect(await item.getAttribute('aria-posinset')).toBe('1');
      expect(await item.getAttribute('aria-setsize')).toBe('1');
    });
  });

  test('finds runs by name and items by state', async () => {
    await withPanel({}, async (panel) => {
      await threeRuns(panel);
      await type(panel, 'interviews');
      // The run is found, not its items: it stays closed.
      expect(await rows(panel)).toEqual(['Interviews']);
      await type(panel, 'failed');
      expect(await rows(panel)).toEqual(['Biology in ten minutes', '4']);
    });
  });

  test('says calmly that nothing matches, and how to see everything again', async () => {
    await withPanel({}, async (panel) => {
      await threeRuns(panel);
      await type(panel, 'zebra');
      const nothing = panel.page.locator('.nothing');
      expect(await nothing.locator('p').textContent()).toBe('Nothing matches “zebra”.');
      await expect.poll(() => panel.page.getByRole('status').textContent()).toBe('0 runs, 0 items');
      await nothing.getByRole('button', { name: 'Show everything' }).click();
      await panel.send();
      expect((await rows(panel)).length).toBe(13);
    });
  });

  test('is reached and left with keys', async () => {
    await withPanel({}, async (panel) => {
      await threeRuns(panel);
      await type(panel, 'water');
      expect(await rows(panel)).toEqual(['Biology in ten minutes', '5']);
      await panel.page.keyboard.press('ArrowDown');
      await panel.send();
      expect(await panel.page.evaluate(() => document.activeElement?.ariaLabel)).toMatch(
        /^Biology/,
      );
      await panel.page.keyboard.press('End');
      await panel.send();
      expect(await panel.page.evaluate(() => document.activeElement?.ariaLabel)).toMatch(/^5,/);
      await panel.page.keyboard.press('Control+f');
      await panel.page.keyboard.press('Escape');
      await panel.send();
      expect((await rows(panel)).length).toBe(13);
      expect(await panel.page.getByRole('textbox').inputValue()).toBe('');
    });
  });

  test('follows what happens', async () => {
    await withPanel({}, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state], { now: run.now }));
      await choose(panel, 'Failed');
      expect(await rows(panel)).toEqual(['Biology in ten minutes', '4']);
      const failure = { message: 'No more.' };
      const events = [run.add({ type: 'end', item: 7, state: 'failed', failure })];
      await panel.send({ type: 'events', runs: [{ run: 'biology', events }] });
      expect(await rows(panel)).toEqual(['Biology in ten minutes', '4', '7']);
    });
  });
});

describe('the filter', () => {
  test.each([
    ['Running', ['Biology in ten minutes', '6', '7']],
    ['Failed', ['Biology in ten minutes', '4']],
    [
      'Done',
      ['Biology in ten minutes', '1', '2', '3', '5', 'Interviews', 'Stems of the demo tape'],
    ],
  ])('%s', async (filter, shown) => {
    await withPanel({}, async (panel) => {
      await threeRuns(panel);
      await choose(panel, filter);
      expect(await rows(panel)).toEqual(shown);
      expect(await panel.page.getByRole('button', { name: `Filter: ${filter}` }).count()).toBe(1);
      await choose(panel, 'All');
      expect((await rows(panel)).length).toBe(13);
    });
  });

  test('and the search together', async () => {
    await withPanel({}, async (panel) => {
      await threeRuns(panel);
      await choose(panel, 'Done');
      await type(panel, 'in');
      expect(await rows(panel)).toEqual([
        'Biology in ten minutes',
        '1',
        '2',
        '3',
        '5',
        'Interviews',
      ]);
      await panel.page.locator('[data-run="interviews"] .head').click();
      await panel.send();
      expect((await rows(panel)).length).toBe(18);
    });
  });

  test('says why nothing is shown', async () => {
    await withPanel({}, async (panel) => {
      await panel.send(snapshot([interviews()]));
      await choose(panel, 'Failed');
      expect(await panel.page.locator('.nothing p').textContent()).toBe('Nothing has failed.');
    });
  });

  test('of ten thousand items renders only what is seen', async () => {
    await withPanel({}, async (panel) => {
      const run = large(10_000, 9_000);
      await panel.send(snapshot([run.state], { now: run.now }));
      await type(panel, 'chapter 9');
      expect(await panel.page.locator('sluice-item').count()).toBeLessThanOrEqual(100);
      const [first] = await panel.page.locator('sluice-item .title').allTextContents();
      expect(first).toBe('Chapter 9');
    });
  });
});
