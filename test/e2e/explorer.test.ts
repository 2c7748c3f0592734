import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { chooseInExplorer, openFolder } from '../support/explorer.ts';
import { openScene } from '../support/scene.ts';
import { answer, panelOf, pick } from '../support/window.ts';

const shout = (word: string): string =>
  `name: ${word}\ninputs: [${word}]\nsteps: [{ run: [printf, "%s", "{input}!"] }]\noutput: out/{slug}.txt\n`;

function isSound(path: string): void {
  expect(existsSync(path), path).toBe(true);
  expect(readFileSync(path).length).toBeGreaterThan(4000);
}

test('files of the explorer are spoken, read aloud and run', async () => {
  const { folder, window } = await openScene({
    'prompts.txt': '# Two of them.\nThe tide is coming in.\nThe train is late.\n',
    'docs/bread.md': '# Bread\n\nFlour, water and **salt**.\n',
    'docs/harbour.md': '# The harbour\n\nShips are safe here.\n',
    'docs/picture.png': 'no document',
    'one.batch.yaml': shout('first'),
    'two.batch.yaml': shout('second'),
  });

  // Prompts: what they are is not asked for again.
  await chooseInExplorer(window, ['prompts.txt'], ['Sluice', 'Generate Audio from Prompts…']);
  await pick(window, 'Speak the lines as they are');
  await pick(window, 'Slt');
  await pick(window, 'MP3');
  await answer(window, 'Name of the batch', 'Tide');
  const panel = await panelOf(window);
  await eventually(() => panel.run('Tide').count(), 60_000).toBe(1);
  const sounds = ['001-the-tide-is-coming-in', '002-the-train-is-late'];
  for (const name of sounds) {
    const path = join(folder, 'out/tide', `${name}.mp3`);
    await eventually(() => existsSync(path), 60_000).toBe(true);
    isSound(path);
  }
  expect(readFileSync(join(folder, 'tide.batch.yaml'), 'utf8')).toContain('lines: prompts.txt');

  // Two Markdown files, and a file that is no document.
  await window.command('View: Show Explorer');
  await openFolder(window, 'docs');
  const documents = ['bread.md', 'picture.png', 'harbour.md'];
  await chooseInExplorer(window, documents, ['Sluice', 'Speak Documents…']);
  await pick(window, 'Slt');
  await pick(window, 'MP3');
  await answer(window, 'Name of the batch', 'Reading');
  for (const name of ['bread', 'harbour']) {
    const path = join(folder, 'out/reading', `${name}.mp3`);
    await eventually(() => existsSync(path), 60_000).toBe(true);
    isSound(path);
  }
  expect(existsSync(join(folder, 'out/reading/picture.mp3'))).toBe(false);

  // Several batch files: a run of each.
  await window.command('View: Show Explorer');
  await chooseInExplorer(window, ['one.batch.yaml', 'two.batch.yaml'], ['Run Batch File']);
  for (const word of ['first', 'second']) {
    const path = join(folder, `out/${word}.txt`);
    await eventually(() => existsSync(path) && readFileSync(path, 'utf8')).toBe(`${word}!`);
  }
});
