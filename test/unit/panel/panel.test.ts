import { describe, expect, test } from 'vitest';
import { biology, interviews, large, snapshot, spoken, stems } from '../../support/panel-scenes.ts';
import { panelTests } from '../../support/panel-test.ts';

const withPanel = panelTests();

describe('runs', () => {
  test('show what the reducer says, newest first, finished ones closed', async () => {
    await withPanel({}, async (panel) => {
      const run = biology();
      await panel.send(snapshot([stems(), interviews(), run.state], { now: run.now }));
      const { page } = panel;
      const names = await page.locator('.name').allTextContents();
      expect(names).toEqual([
        'Biology in ten minutes',
        'Interviews, March',
        'Stems of the demo tape',
      ]);
      const facts = page.locator('.facts').first();
      expect(await facts.locator('span').allTextContents()).toEqual([
        '4 of 10',
        '57%',
        '1 failed',
        '3.8/min',
      ]);
      expect(await page.locator('.end').first().textContent()).toBe('0:59 left');
      expect(await page.locator('.head .right').first().textContent()).toBe('1:20');
      expect(await page.locator('sluice-item').count()).toBe(10);
      const speaking = page.getByRole('treeitem', { name: '6, DNA in one minute, running' });
      expect(await speaking.locator('.right').textContent()).toBe('speak 43%');
      expect(await speaking.locator('.live').textContent()).toContain('only four letters');
      const failed = page.locator('[data-run="biology"][data-item="4"]');
      expect(await failed.getAttribute('data-state')).toBe('failed');
      expect(await failed.textContent()).toContain('Endpoint busy (429). Tried 3 times.');
      expect(await page.getByRole('treeitem', { name: /^Stems/ }).textContent()).toContain(
        '3 of 8, cancelled',
      );
    });
  });

  test('follow events, and tell a screen reader of failures and the end alone', async () => {
    await withPanel({}, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state], { now: run.now }));
      const said = panel.page.getByRole('status');
      const progress = run.add({
        type: 'progress',
        item: 6,
        step: 1,
        progress: { fraction: 0.8 },
      });
      await panel.send({ type: 'events', runs: [{ run: 'biology', events: [progress] }] });
      const row = panel.page.locator('[data-item="6"]');
      expect(await row.locator('.right').textContent()).toBe('speak 80%');
      const timed = run.add({
        type: 'progress',
        item: 6,
        step: 1,
        progress: { fraction: 0.81, eta: 75 },
      });
      await panel.send({ type: 'events', runs: [{ run: 'biology', events: [timed] }] });
      expect(await row.locator('.right').textContent()).toBe('speak 81% 1:15 left');
      expect(await said.textContent()).toBe('');
      const failure = { message: 'The voice is gone.' };
      const end = run.add({ type: 'end', item: 6, state: 'failed', failure });
      await panel.send({ type: 'events', runs: [{ run: 'biology', events: [end] }] });
      expect(await said.textContent()).toBe(
        'Item 6, DNA in one minute, failed: The voice is gone.',
      );
    });
  });

  test('the sentence that is spoken is marked in what was written', async () => {
    await withPanel({}, async (panel) => {
      const run = spoken();
      await panel.send(snapshot([run.state], { now: run.now }));
      const live = panel.page.locator('[data-item="3"] .live');
      expect((await live.locator('.now').textContent())?.trim()).toBe(
        'Each rung is a pair of letters, and there are only four letters.',
      );
      expect(await live.textContent()).toContain('Think of it as a ladder');
      expect(await panel.page.locator('[data-item="4"] .now').count()).toBe(0);
    });
  });

  test('ten thousand items are rendered only where they are seen', async () => {
    await withPanel({}, async (panel) => {
      const run = large(10_000, 420);
      await panel.send(snapshot([run.state], { now: run.now }));
      const items = panel.page.locator('sluice-item');
      expect(await items.count()).toBeLessThanOrEqual(100);
      expect(await panel.page.locator('.facts span').first().textContent()).toBe('420 of 10,000');
      await panel.page.getByRole('treeitem').first().focus();
      await panel.page.keyboard.press('End');
      const last = panel.page.locator('[data-item="10000"]');
      await expect.poll(() => last.evaluate((row) => row === document.activeElement)).toBe(true);
      expect(await items.count()).toBeLessThanOrEqual(150);
    });
  });

  test('what the host reveals is shown, whatever hides it', async () => {
    await withPanel({}, async (panel) => {
      const run = large(500, 420);
      await panel.send(snapshot([run.state, interviews()], { now: run.now }));
      const { page } = panel;
      await page.keyboard.press('Control+f');
      await page.keyboard.type('nothing is called so');
      await panel.send();
      expect(await page.getByRole('treeitem').count()).toBe(0);
      await panel.send({ type: 'reveal', run: 'large', item: 400 });
      await expect.poll(() => page.locator('[data-item="400"]').isVisible()).toBe(true);
      expect(await page.locator('[data-item="400"]').getAttribute('tabindex')).toBe('0');
      await expect
        .poll(() =>
          page.locator('[data-item="400"]').evaluate((row) => {
            const { top, bottom } = row.getBoundingClientRect();
            return top >= 0 && bottom <= window.innerHeight;
          }),
        )
        .toBe(true);
      // A run that is not there yet is revealed when it comes.
      await panel.send({ type: 'reveal', run: 'late' });
      await panel.send({
        type: 'run',
        state: { ...interviews(), run: { ...interviews().run, id: 'late' } },
      });
      const late = page.locator('.run[data-run="late"]');
      await expect.poll(() => late.getAttribute('tabindex')).toBe('0');
    });
  });
});

describe('what the person does', () => {
  test('buttons ask the host', async () => {
    await withPanel({}, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state], { now: run.now }));
      const { page } = panel;
      await page.getByRole('button', { name: 'Pause run' }).click();
      await page.getByRole('button', { name: 'Cancel run' }).click();
      await page.getByRole('button', { name: 'Retry item' }).click();
      await page.getByRole('button', { name: 'Open prompts.txt:4' }).click();
      await page.locator('[data-item="2"]').getByRole('button', { name: 'Play result' }).click();
      await page.locator('[data-item="8"]').hover();
      await page.locator('[data-item="8"]').getByRole('button', { name: 'Cancel item' }).click();
      expect(await panel.posted()).toEqual([
        { type: 'pause', run: 'biology' },
        { type: 'cancel', run: 'biology' },
        { type: 'retry', run: 'biology', item: 4 },
        { type: 'openSource', run: 'biology', item: 4 },
        { type: 'loadResult', run: 'biology', item: 2, result: 0 },
        { type: 'cancel', run: 'biology', item: 8 },
      ]);
    });
  });

  test('the keyboard goes everywhere', async () => {
    await withPanel({}, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state, interviews()], { now: run.now }));
      const { page } = panel;
      const press = async (...keys: readonly string[]): Promise<string> => {
        for (const key of keys) await page.keyboard.press(key);
        await panel.send();
        return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
      };
      // The field, its filter, then the tree.
      expect(await press('Tab', 'Tab', 'Tab')).toMatch(/^Biology/);
      expect(await press('ArrowDown', 'ArrowDown')).toBe('2, Photosynthesis, step by step, done');
      await press('ArrowRight');
      expect(await page.locator('[data-item="2"]').getAttribute('aria-expanded')).toBe('true');
      expect(await page.locator('[data-item="2"] .result').textContent()).toContain('2.mp3');
      await press('ArrowLeft');
      expect(await page.locator('[data-item="2"] .result').count()).toBe(0);
      expect(await press('Tab')).toBe('More actions');
      expect(await press('Tab')).toBe('Play result');
      expect(await press('Escape')).toBe('2, Photosynthesis, step by step, done');
      expect(await press('Escape')).toMatch(/^Biology/);
      await press('ArrowLeft');
      expect(await page.locator('sluice-item').count()).toBe(0);
      expect(await press('End')).toMatch(/^Interviews/);
      expect(await press('ArrowRight', 'ArrowRight')).toBe('1, interview-1.wav, done');
      expect(await press('ArrowUp', 'ArrowUp', 'ArrowRight')).toMatch(/^Biology/);
      const waiting = page.locator('[data-run="biology"][data-item="9"]');
      await waiting.focus();
      await press('Alt+ArrowUp', 'Alt+ArrowDown', 'Delete');
      await page.locator('[data-run="biology"][data-item="4"]').focus();
      // A failed item has nothing to cancel.
      await press('Delete', 'Enter');
      const at = { run: 'biology', item: 9 };
      expect(await panel.posted()).toEqual([
        { type: 'move', ...at, to: 'up' },
        { type: 'move', ...at, to: 'down' },
        { type: 'cancel', ...at },
        { type: 'openSource', run: 'biology', item: 4 },
      ]);
      expect(await panel.memory()).toEqual({
        expanded: { biology: true, interviews: true },
        open: { '2/biology': false },
        mixer: {},
        scroll: expect.any(Number),
      });
    });
  });

  test('an item that was moved in the queue shows its place, and it is said', async () => {
    await withPanel({}, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state], { now: run.now }));
      const right = panel.page.locator('[data-item="9"] .right');
      expect(await right.textContent()).toBe('queued');
      await panel.page.locator('[data-item="9"]').focus();
      await panel.page.keyboard.press('Alt+ArrowUp');
      const events = [run.add({ type: 'queued', items: [9], first: true })];
      await panel.send({ type: 'events', runs: [{ run: 'biology', events }] });
      expect(await right.textContent()).toBe('next');
      expect(await panel.page.locator('[data-item="8"] .right').textContent()).toBe('2nd');
      expect(await panel.page.getByRole('status').textContent()).toBe(
        'Viruses and cells: place 1 of 3 in the queue.',
      );
    });
  });

  test('what was open stays open when the panel comes back', async () => {
    const memory = { expanded: { interviews: true, biology: false }, scroll: 0 };
    await withPanel({ memory }, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state, interviews()], { now: run.now }));
      const items = panel.page.locator('sluice-item');
      expect(await items.count()).toBe(12);
      expect(await items.first().getAttribute('data-run')).toBe('interviews');
    });
  });
});

describe('without runs', () => {
  test.each([
    [{}, 'Run the example', 'runExample'],
    [{}, 'Generate audio from prompts', 'generateAudio'],
    [{}, 'Speak documents', 'speakDocuments'],
    [{}, 'Separate stems', 'separateStems'],
    [{}, 'Optimise a schedule', 'optimiseSchedule'],
    [{}, 'Run a command over files', 'runCommand'],
    [{}, 'Run a batch file', 'runBatch'],
    [{}, 'Write a new batch file', 'newBatch'],
    [{}, 'Voice: Kokoro, ready', 'chooseEngine'],
    [{}, 'Text: choose an engine', 'chooseEngine'],
    [{}, 'Check setup', 'checkSetup'],
    [{ trusted: false }, 'Manage workspace trust', 'trust'],
    [{ folder: false }, 'Open a folder', 'openFolder'],
  ] as const)('%o offers "%s"', async (more, name, command) => {
    await withPanel({}, async (panel) => {
      await panel.send(snapshot([], more), {
        type: 'engines',
        engines: [
          { need: 'voice', name: 'Kokoro', ready: true },
          { need: 'text', name: 'Qwen', ready: false },
        ],
      });
      await panel.page.getByRole('button', { name }).click();
      expect(await panel.posted()).toEqual([{ type: 'command', command }]);
    });
  });

  test('there is nothing to search', async () => {
    await withPanel({}, async (panel) => {
      await panel.send(snapshot([]));
      expect(await panel.page.getByRole('search').count()).toBe(0);
    });
  });
});
