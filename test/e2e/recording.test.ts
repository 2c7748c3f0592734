import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { chooseInExplorer } from '../support/explorer.ts';
import { recordMeeting } from '../support/meeting.ts';
import { openScene } from '../support/scene.ts';
import { answer, panelOf, pick } from '../support/window.ts';
import { wordErrorRate } from '../support/word-errors.ts';

test('a recording of the explorer becomes a transcript, names, labels and a report', async () => {
  const { path, text } = await recordMeeting('flite', 6);
  const { folder, window } = await openScene({ 'notes.txt': 'no recording' });
  writeFileSync(join(folder, 'talk.wav'), readFileSync(path));
  await window.command('View: Show Explorer');
  await chooseInExplorer(window, ['talk.wav'], ['Sluice', 'Process Recording…']);
  await pick(window, 'English');
  await pick(window, 'No translation');
  // Everything that may be found is chosen already.
  await window.page.keyboard.press('Enter');
  await answer(window, 'such as: sales, support, praise', 'construction, cooking, construction');
  await answer(window, 'Name of the batch', 'Talk');
  const panel = await panelOf(window);
  await eventually(() => panel.run('Talk').count(), 60_000).toBe(1);
  const results = join(folder, 'out/talk/talk');
  await eventually(() => existsSync(join(results, 'report.md')), 120_000).toBe(true);
  const heard = readFileSync(join(results, 'transcript.txt'), 'utf8');
  expect(wordErrorRate(text, heard)).toBeLessThan(0.2);
  const labels = JSON.parse(readFileSync(join(results, 'labels.json'), 'utf8')) as {
    labels: { label: string }[];
  };
  expect(labels.labels.map(({ label }) => label)).toEqual(['construction', 'cooking']);
  for (const name of ['entities.json', 'summary.md', 'insights.json', 'transcript.vtt']) {
    expect(existsSync(join(results, name)), name).toBe(true);
  }
  expect(existsSync(join(results, 'translation.json'))).toBe(false);
  expect(readFileSync(join(results, 'report.md'), 'utf8')).toContain('../../../talk.wav#t=');
  expect(readFileSync(join(folder, 'talk.batch.yaml'), 'utf8')).toContain('language: en');
});
