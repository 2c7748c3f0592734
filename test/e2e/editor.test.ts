import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Workbench } from '../../scripts/vscode/workbench.mjs';
import { eventually } from '../support/eventually.ts';
import { eventsOf, runsOf } from '../support/run-files.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { ofType } from '../support/sluice.ts';
import { pick } from '../support/window.ts';

const SHOUT = `
import sys
text = sys.argv[1]
if text == "bad":
    sys.exit("this word is bad")
print(text.upper())
`;

const WORDS = `inputs: { lines: words.txt }
steps: [{ run: [python3, shout.py, "{input}"] }]
output: out/{index}-{slug}.txt
`;

async function openFile(window: Workbench, name: string): Promise<void> {
  await window.command('Go to File...');
  await window.page.locator('.quick-input-widget input').fill(name);
  await pick(window, name);
  await window.page.getByRole('tab', { name }).waitFor();
  await window.page.locator('.editor-group-container.active .view-lines').first().click();
}

/** The text of a line of the active editor, from 1. */
function line(window: Workbench, text: string): Locator {
  return window.page.locator('.editor-group-container.active .view-line').filter({ hasText: text });
}

function lens(window: Workbench, text: string): Locator {
  return window.page
    .locator('.editor-group-container.active .codelens-decoration a')
    .filter({ hasText: text });
}

/** What the Problems panel lists. */
async function problems(window: Workbench): Promise<string[]> {
  const rows = window.page.locator(
    '.markers-panel .monaco-list-row .marker-details, .markers-panel .monaco-list-row .marker-message-details-container',
  );
  return (await rows.allTextContents()).map((text) => text.replaceAll('\u00a0', ' '));
}

/** A person's keys come one after another; the list of what may follow is there before the next. */
const TYPING = { delay: 100 };

test('what a batch file says is checked, put right, completed and explained as it is typed', async () => {
  const { folder, window } = await openScene({
    'a.batch.yaml':
      'inputs: [one, two]\nretris: 1\nsteps: [{ run: [echo, "{input}"] }]\noutput: out/{slug}.txt\n',
  });
  const { page } = window;
  const text = (): string => readFileSync(join(folder, 'a.batch.yaml'), 'utf8');
  await openFile(window, 'a.batch.yaml');
  await page.locator('.squiggly-error').first().waitFor();
  await window.command('Problems: Focus on Problems View');
  await eventually(() => problems(window)).toEqual([
    expect.stringContaining('Unknown key `retris`. Did you mean `retries`?'),
  ]);

  // Put right by the quick fix.
  await line(window, 'retris').click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget').getByText('Change to retries').click();
  await line(window, 'retries: 1').waitFor();
  await eventually(() => problems(window)).toEqual([]);

  // Completed: a key, and a placeholder where one is begun.
  await line(window, 'output').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('conc', TYPING);
  const suggestion = page.locator('.suggest-widget .monaco-list-row');
  await suggestion.filter({ hasText: 'concurrency' }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.type('2');
  await page.keyboard.press('Control+s');
  await eventually(text).toContain('\nretries: 1\n');
  await eventually(text).toMatch(/\nconcurrency: 2$/);
  await line(window, 'output').click();
  await page.keyboard.press('End');
  await page.keyboard.type('-{ind', TYPING);
  await suggestion.filter({ hasText: '{index}' }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+s');
  await eventually(text).toContain('output: out/{slug}.txt-{index}\n');

  // Explained.
  await line(window, 'retries').getByText('retries').hover();
  await page.locator('.monaco-hover').getByText('More attempts at an item that failed.').waitFor();

  // Run from its first line.
  await page.keyboard.press('Escape');
  await lens(window, 'Run').first().click();
  const results = ['out/one.txt-1', 'out/two.txt-2'];
  await eventually(() => results.every((path) => existsSync(join(folder, path)))).toBe(true);
  expect(readFileSync(join(folder, 'out/one.txt-1'), 'utf8')).toBe('one\n');
});

test('a prompt that fails stands in the Problems panel until it is put right and run alone', async () => {
  const { folder, window } = await openScene({
    'words.batch.yaml': WORDS,
    'words.txt': '# Words\ngood\nbad\n',
    'shout.py': SHOUT,
  });
  const { page } = window;
  await openFile(window, 'words.txt');
  await lens(window, 'Run 2 prompts').click();
  await eventually(() => existsSync(join(folder, 'out/1-good.txt'))).toBe(true);
  await openFile(window, 'words.txt');
  await page.locator('.squiggly-error').first().waitFor();
  await window.command('Problems: Focus on Problems View');
  await eventually(() => problems(window)).toEqual([expect.stringContaining('this word is bad')]);
  expect((await problems(window))[0]).toContain('[Ln 3, Col 1]');

  // What is in the editor is what is run: the file is saved first, and the one item is made.
  await line(window, 'bad').click();
  await page.keyboard.press('End');
  await page.keyboard.type('ge');
  await eventually(() => lens(window, 'Run this item').count()).toBe(2);
  await lens(window, 'Run this item').nth(1).click();
  await eventually(() => existsSync(join(folder, 'out/2-badge.txt'))).toBe(true);
  expect(readFileSync(join(folder, 'words.txt'), 'utf8')).toBe('# Words\ngood\nbadge\n');
  expect(ofType(eventsOf(folder), 'run')[0]?.run.only).toEqual([2]);
  await eventually(() => problems(window)).toEqual([]);

  // An item that is made is made anew when it is asked for.
  const before = runsOf(folder).length;
  await lens(window, 'Run this item').first().click();
  await eventually(() => runsOf(folder).length).toBe(before + 1);
  await eventually(() => ofType(eventsOf(folder), 'end').map(({ state }) => state)).toEqual([
    'done',
  ]);
});

test('tasks run batches, and what failed is matched', async () => {
  const cli = [process.execPath, fileOf('dist/sluice.js')];
  const { folder, window } = await openScene({
    'words.batch.yaml': WORDS,
    'words.txt': 'good\nbad\n',
    'shout.py': SHOUT,
    '.vscode/tasks.json': JSON.stringify({
      version: '2.0.0',
      tasks: [
        { label: 'the good word', type: 'sluice', batch: 'words.batch.yaml', items: [1] },
        {
          label: 'all words in a shell',
          type: 'process',
          command: cli[0],
          args: [cli[1], 'run', 'words.batch.yaml'],
          problemMatcher: '$sluice',
        },
      ],
    }),
  });
  const run = async (label: string): Promise<void> => {
    await window.command('Tasks: Run Task');
    // The list grows while tasks are found.
    await window.page.locator('.quick-input-widget input').fill(label);
    await pick(window, label);
  };
  await run('the good word');
  await eventually(() => existsSync(join(folder, 'out/1-good.txt')), 60_000).toBe(true);
  const terminal = window.page.locator('.part.panel .xterm-screen');
  await terminal.waitFor();
  expect(ofType(eventsOf(folder), 'run')[0]?.run.only).toEqual([1]);
  await eventually(() => ofType(eventsOf(folder), 'finish').length).toBe(1);

  await run('all words in a shell');
  await eventually(() => runsOf(folder).length, 60_000).toBe(2);
  await eventually(() => ofType(eventsOf(folder), 'finish').length).toBe(1);
  await window.command('Problems: Focus on Problems View');
  // The window sees the run, too: what both find is there once.
  await eventually(() => problems(window)).toEqual([expect.stringContaining('[Ln 2, Col 1]')]);
  await openFile(window, 'words.txt');
  await window.page.locator('.squiggly-error').first().waitFor();
});
