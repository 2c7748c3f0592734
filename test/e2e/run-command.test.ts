import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Workbench } from '../../scripts/vscode/workbench.mjs';
import { eventually } from '../support/eventually.ts';
import { chooseInExplorer } from '../support/explorer.ts';
import { openScene } from '../support/scene.ts';
import { sluice } from '../support/sluice.ts';
import { answer, panelOf, pick } from '../support/window.ts';

const quickInput = (window: Workbench): Locator =>
  window.page.locator('.quick-input-widget input.input');

/** The rows that show what a value comes to, each in one line. */
function preview(window: Workbench): Promise<string[]> {
  return window.page
    .locator('.quick-input-widget .monaco-list-row')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
}

async function type(window: Workbench, text: string): Promise<void> {
  await quickInput(window).fill('');
  await quickInput(window).pressSequentially(text);
}

test('a command is typed, seen before it runs, run, saved and begun anew', async () => {
  const { folder, window } = await openScene({
    'docs/one.txt': 'one two three\n',
    'docs/two.txt': 'four five\n',
    'docs/note.md': 'no text file\n',
  });
  const result = (path: string): string | undefined => {
    const file = join(folder, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };

  // On a folder: which of its files, with their number.
  await chooseInExplorer(window, ['docs'], ['Sluice', 'Run a Command over Files…']);
  await eventually(() => quickInput(window).inputValue()).toBe('docs/**/*');
  await eventually(() => preview(window)).toContainEqual(expect.stringContaining('3 files'));
  await type(window, 'docs/*.txt');
  await eventually(() => preview(window)).toContainEqual(expect.stringContaining('2 files'));
  await quickInput(window).press('Enter');

  // The command, as it will be run for the first files.
  await eventually(() => preview(window)).toContainEqual(expect.stringContaining('{input.stem}'));
  await type(window, 'wc "-w {input}');
  await eventually(() => preview(window)).toContainEqual(
    expect.stringContaining('A quote is opened and not closed.'),
  );
  await quickInput(window).press('Enter');
  await type(window, 'wc -w {input}');
  await eventually(() => preview(window)).toContainEqual(
    expect.stringContaining(`wc -w ${join(folder, 'docs/one.txt')}`),
  );
  expect(await preview(window)).toHaveLength(2);
  await quickInput(window).press('Enter');

  // What it prints is kept.
  await pick(window, 'Keep what it prints');
  await eventually(() => quickInput(window).inputValue()).toBe('out/wc/{input.stem}.txt');
  await eventually(() => preview(window)).toContainEqual(
    expect.stringContaining('→ out/wc/two.txt'),
  );
  await quickInput(window).press('Enter');
  await pick(window, 'It can be run again from the panel.');
  await eventually(() => result('out/wc/one.txt')).toMatch(/^ *3 /);
  await eventually(() => result('out/wc/two.txt')).toMatch(/^ *2 /);
  expect(readdirSync(folder).filter((name) => name.endsWith('.yaml'))).toEqual([]);
  const panel = await panelOf(window);
  await panel.run('wc over docs/*.txt').waitFor();

  // From the palette: a pattern that is offered, the command that was typed last, and a file to keep.
  await window.command('Sluice: Run a Command over Files…');
  await pick(window, '**/*.md');
  await eventually(() => quickInput(window).inputValue()).toBe('**/*.md');
  await quickInput(window).press('Enter');
  await eventually(() => quickInput(window).inputValue()).toBe('wc -w {input}');
  await type(window, 'cp {input} {output}');
  await quickInput(window).press('Enter');
  await eventually(() => quickInput(window).inputValue()).toBe('out/cp/{input.name}');
  await quickInput(window).press('Enter');
  await pick(window, 'Save as Batch File and Run');
  await answer(window, 'Name of the batch', 'Copies');
  await eventually(() => result('out/cp/note.md')).toBe('no text file\n');
  await window.page.getByRole('tab', { name: 'copies.batch.yaml' }).waitFor();
  expect(result('copies.batch.yaml')).toContain('run:\n      - cp\n      - "{input}"\n');
});

test('a batch is begun from a template, where it is wanted, and run', async () => {
  const { folder, window } = await openScene({ 'work/readme.md': 'Here.\n' });

  await chooseInExplorer(window, ['work'], ['Sluice', 'New Batch…']);
  await pick(window, 'Any Command over Files');
  await answer(window, 'Name of the batch', 'Words');
  await window.page.getByRole('tab', { name: 'words.batch.yaml' }).waitFor();
  // What is to be edited is selected.
  await window.page.getByRole('button', { name: /\(\d+ selected\)/ }).waitFor();
  await window.page.keyboard.type('cat, "{input}"');
  await window.page.keyboard.press('Control+s');
  const batch = join(folder, 'work/words.batch.yaml');
  await eventually(() => readFileSync(batch, 'utf8')).toContain('  - run: [cat, "{input}"]\n');
  await window.page.locator('.editor-actions').getByLabel('Run Batch File').click();
  const made = join(folder, 'work/out/words/one.txt');
  await eventually(() => existsSync(made) && readFileSync(made, 'utf8')).toBe('one two three\n');

  // Where VS Code's own new files begin.
  await window.command('Create: New File...');
  await pick(window, 'New Batch…');
  await pick(window, 'Minimal');
  await answer(window, 'Name of the batch', 'Least');
  await window.page.getByRole('tab', { name: 'least.batch.yaml' }).waitFor();
  await window.command('Sluice: Run Batch File');
  const panel = await panelOf(window);
  await panel.run('Least').waitFor();
  await eventually(() => panel.items('done').count()).toBeGreaterThanOrEqual(3);
});

test('the example is heard at once, and old runs are found again', async () => {
  const { folder, window } = await openScene({
    'old.batch.yaml':
      'name: The $(trash) old one\ninputs: [a, b]\nsteps: [{ run: [echo, "{input}"] }]\n',
    'new.batch.yaml': 'inputs: [a]\nsteps: [{ run: [echo] }]\n',
  });

  // One button, no question.
  const panel = await panelOf(window);
  await panel.frame.locator('[data-command="runExample"]').click();
  const sounds = (): string[] => {
    const out = join(folder, 'sluice-example/out');
    return existsSync(out) ? readdirSync(out).filter((name) => name.endsWith('.mp3')) : [];
  };
  await eventually(() => sounds().length, 120_000).toBe(3);
  for (const name of sounds()) {
    const sound = readFileSync(join(folder, 'sluice-example/out', name));
    expect(sound.subarray(0, 3).toString()).toBe('ID3');
    expect(sound.length).toBeGreaterThan(4000);
  }
  await eventually(() => panel.items('done').count()).toBe(3);
  // Again: what is made is kept.
  await window.statusBar(/Sluice 3\/3$/).waitFor();
  await window.command('Sluice: Run the Example');
  await eventually(() => panel.items('skipped').count(), 60_000).toBe(3);

  // More runs than the window follows when it opens.
  for (const name of ['old', ...Array.from({ length: 20 }, () => 'new')]) {
    expect((await sluice(folder, ['run', `${name}.batch.yaml`])).code).toBe(0);
  }
  await window.reload();
  const again = await panelOf(window);
  await eventually(() => again.frame.locator('sluice-run').count()).toBe(20);
  await eventually(() => again.run('old one').count()).toBe(0);
  await window.command('Sluice: Reopen Run…');
  const input = quickInput(window);
  await input.fill('old one');
  // What runs are called makes no pictures.
  const row = window.page.locator('.quick-input-widget .monaco-list-row').first();
  await eventually(() => row.textContent()).toMatch(/The \$.?\(trash\) old one/);
  expect(await row.locator('.codicon-trash').count()).toBe(0);
  await pick(window, 'old one');
  await again.run('old one').waitFor();
  await eventually(() => again.item(2, again.run('old one')).isVisible()).toBe(true);

  // Its log, without a way over the panel.
  await window.command('Sluice: Reopen Run…');
  await input.fill('old one');
  await row.hover();
  await row.getByLabel('Open Log').click();
  const output = window.page.locator('.part.panel .view-lines');
  await eventually(() => output.textContent()).toContain('[2/2]');
});
