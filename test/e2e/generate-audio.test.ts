import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { openScene } from '../support/scene.ts';
import { answer, panelOf, pick, runBatchFile } from '../support/window.ts';

test('prompts are typed, spoken, and kept as a batch that can be run again', async () => {
  const { folder, window } = await openScene({ 'notes.txt': 'Not a prompt of these.\n' });

  await window.command('Sluice: Generate Audio from Prompts…');
  await pick(window, 'Type prompts…');
  await answer(window, 'Prompt 1', 'The tide comes in twice a day.');
  await answer(window, 'Prompt 2', 'Why is the sea salty?');
  await answer(window, 'Prompt 3', '');
  await pick(window, 'Speak the lines as they are');
  // A small voice, which needs no model.
  await pick(window, 'Slt');
  await pick(window, 'MP3');
  await answer(window, 'Name of the batch', 'The sea');

  const panel = await panelOf(window);
  await panel.run('The sea').waitFor();
  await eventually(() => panel.items('done').count(), 60_000).toBe(2);
  for (const name of ['001-the-tide-comes-in-twice-a-day', '002-why-is-the-sea-salty']) {
    const path = join(folder, 'out/the-sea', `${name}.mp3`);
    expect(existsSync(path), path).toBe(true);
    expect(readFileSync(path).length).toBeGreaterThan(4000);
  }
  expect(readFileSync(join(folder, 'the-sea.txt'), 'utf8')).toBe(
    'The tide comes in twice a day.\nWhy is the sea salty?\n',
  );
  // The batch file is in the editor.
  await window.page.getByRole('tab', { name: 'the-sea.batch.yaml' }).waitFor();

  // Again: what is made is kept.
  await window.command('View: Close All Editors');
  await runBatchFile(window, 'the-sea.batch.yaml');
  await eventually(() => panel.items('skipped').count(), 60_000).toBe(2);
});
