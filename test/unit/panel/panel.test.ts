import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PanelBrowser, type PanelPage } from '../../support/panel-page.ts';
import { biology, interviews, large, snapshot, stems } from '../../support/panel-scenes.ts';

let browser: PanelBrowser;
let axe: string;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  browser = await PanelBrowser.start();
}, 60_000);

afterAll(async () => {
  await browser?.close();
});

async function withPanel(
  options: Parameters<PanelBrowser['open']>[0],
  use: (panel: PanelPage) => Promise<void>,
): Promise<void> {
  const panel = await browser.open(options);
  try {
    await use(panel);
    expect(await panel.violations()).toEqual([]);
  } finally {
    await panel.page.close();
  }
}

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
      expect(await page.locator('.sub').first().textContent()).toMatch(/4 of 10\s+57%\s+1 failed/);
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
      expect(await said.textContent()).toBe('');
      const failure = { message: 'The voice is gone.' };
      const end = run.add({ type: 'end', item: 6, state: 'failed', failure });
      await panel.send({ type: 'events', runs: [{ run: 'biology', events: [end] }] });
      expect(await said.textContent()).toBe(
        'Item 6, DNA in one minute, failed: The voice is gone.',
      );
    });
  });

  test('text is text, whatever it looks like', async () => {
    await withPanel({}, async (panel) => {
      const run = biology();
      const evil = '<img src=x onerror="window.hit = 1"><b>bold</b>';
      run.add({ type: 'text', item: 6, step: 1, text: evil });
      await panel.send(snapshot([run.state], { now: run.now }));
      expect(await panel.page.locator('[data-item="6"]').textContent()).toContain('<b>bold</b>');
      expect(await panel.page.locator('img').count()).toBe(0);
    });
  });

  test('ten thousand items are rendered only where they are seen', async () => {
    await withPanel({}, async (panel) => {
      const run = large(10_000, 420);
      await panel.send(snapshot([run.state], { now: run.now }));
      expect(await panel.page.locator('sluice-item').count()).toBeLessThanOrEqual(150);
      await panel.page.keyboard.press('Tab');
      await panel.page.keyboard.press('End');
      const last = panel.page.locator('[data-item="10000"]');
      await expect.poll(() => last.evaluate((row) => row === document.activeElement)).toBe(true);
      expect(await panel.page.locator('sluice-item').count()).toBeLessThanOrEqual(200);
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
        { type: 'openResult', run: 'biology', item: 2, result: 0 },
        { type: 'cancel', run: 'biology', item: 8 },
      ]);
    });
  });

  test('the keyboard goes everywhere', async () => {
    await withPanel({}, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state, interviews()], { now: run.now }));
      const { page } = panel;
      const focused = async (): Promise<string> => {
        await panel.send();
        return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
      };
      await page.keyboard.press('Tab');
      expect(await focused()).toMatch(/^Biology/);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      expect(await focused()).toBe('2, Photosynthesis, step by step, done');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Play result');
      await page.keyboard.press('Escape');
      expect(await focused()).toBe('2, Photosynthesis, step by step, done');
      await page.keyboard.press('Escape');
      expect(await focused()).toMatch(/^Biology/);
      await page.keyboard.press('ArrowLeft');
      expect(await page.locator('sluice-item').count()).toBe(0);
      await page.keyboard.press('End');
      expect(await focused()).toMatch(/^Interviews/);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      expect(await focused()).toBe('1, interview-1.wav, done');
      expect(await panel.posted()).toEqual([
        { type: 'openResult', run: 'biology', item: 2, result: 0 },
      ]);
      expect(await panel.memory()).toEqual({
        expanded: { biology: false, interviews: true },
        scroll: 0,
      });
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
    [{}, 'Generate audio from prompts', 'generateAudio'],
    [{}, 'Run a batch file', 'runBatch'],
    [{}, 'Check setup', 'checkSetup'],
    [{ trusted: false }, 'Manage workspace trust', 'trust'],
    [{ folder: false }, 'Open a folder', 'openFolder'],
  ] as const)('%o offers "%s"', async (more, name, command) => {
    await withPanel({}, async (panel) => {
      await panel.send(snapshot([], more));
      await panel.page.getByRole('button', { name }).click();
      expect(await panel.posted()).toEqual([{ type: 'command', command }]);
    });
  });
});

describe('everybody can use it', () => {
  test.each(['dark', 'light', 'high-contrast'] as const)(
    'axe finds nothing in %s',
    async (theme) => {
      await withPanel({ theme }, async (panel) => {
        const run = biology();
        for (const runs of [[run.state, interviews(), stems()], []]) {
          await panel.send(snapshot(runs, { now: run.now }));
          await panel.page.evaluate(axe);
          const found = await panel.page.evaluate(async () => {
            const { violations } = await (
              window as unknown as {
                axe: {
                  run(options: unknown): Promise<{
                    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
                  }>;
                };
              }
            ).axe.run({
              rules: {
                'page-has-heading-one': { enabled: false },
                // A row's name leaves out its live text: a screen reader would say every word of it.
                'label-content-name-mismatch': { enabled: false },
              },
            });
            return violations.flatMap(({ id, nodes }) =>
              nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
            );
          });
          expect(found).toEqual([]);
        }
      });
    },
  );

  test('nothing turns when motion is to be reduced', async () => {
    await withPanel({ reducedMotion: true }, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state], { now: run.now }));
      const moving = await panel.page.evaluate(() => document.getAnimations().length);
      expect(moving).toBe(0);
    });
  });
});
