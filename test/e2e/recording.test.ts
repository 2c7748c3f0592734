import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Transcript } from '../../src/engines/transcription/transcript.ts';
import { eventually } from '../support/eventually.ts';
import { chooseInExplorer } from '../support/explorer.ts';
import { recordMeeting } from '../support/meeting.ts';
import { openScene } from '../support/scene.ts';
import { answer, panelOf, pick } from '../support/window.ts';
import { wordErrorRate } from '../support/word-errors.ts';

test('a recording of the explorer becomes a transcript that plays, names, labels and a report', async () => {
  const { path, text } = await recordMeeting('flite', 6);
  const { folder, window } = await openScene({
    'notes.txt': 'no recording',
    'talk.wav': readFileSync(path),
  });
  await window.command('View: Show Explorer');
  await chooseInExplorer(window, ['talk.wav'], ['Sluice', 'Process Recording…']);
  await pick(window, 'English');
  await pick(window, 'No translation');
  // Everything that may be found is chosen already.
  const question = 'What should be found in it?';
  await window.page.locator(`.quick-input-widget input[placeholder="${question}"]`).waitFor();
  await window.page.keyboard.press('Enter');
  await answer(window, 'such as: sales, support, praise', 'construction, cooking, construction');
  await answer(window, 'Name of the batch', 'Talk');
  const panel = await panelOf(window);
  await eventually(() => panel.run('Talk').count(), 60_000).toBe(1);
  const results = join(folder, 'out/talk/talk');

  // It plays as soon as its words are there; what they name is marked when that is known.
  const play = panel.frame.getByRole('button', { name: 'Play recording' });
  await eventually(() => play.count(), 120_000).toBe(1);
  await play.click();
  const player = panel.frame.getByRole('region', { name: 'Player' });
  const slider = player.getByRole('slider');
  const second = async (): Promise<number> => Number(await slider.getAttribute('aria-valuenow'));
  await eventually(second, 60_000).toBeGreaterThan(0);
  await eventually(() => player.locator('.said .word.spoken').count(), 60_000).toBe(1);
  await player.getByRole('button', { name: 'Pause', exact: true }).click();
  await eventually(() => existsSync(join(results, 'report.md')), 120_000).toBe(true);
  await eventually(() => player.locator('.said mark').count(), 60_000).toBeGreaterThan(0);
  const transcript: Transcript = JSON.parse(readFileSync(join(results, 'transcript.json'), 'utf8'));
  const { words = [] } = transcript.segments.at(-1) ?? {};
  const said = player.locator('.said .line').last().locator('.word');
  expect(await said.allTextContents()).toEqual(words.map(({ text: word }) => word));
  await said.last().click();
  await eventually(second).toBe(Math.round(words.at(-1)?.start ?? 0));
  await eventually(() => player.locator('.said .word.spoken').textContent()).toBe(
    words.at(-1)?.text,
  );

  // The report is a page to be read.
  await player.getByRole('button', { name: 'Close player' }).click();
  await panel.run('Talk').locator('sluice-item .title').click();
  await panel.frame.getByRole('button', { name: 'Open report.md' }).click();
  const heading = async (): Promise<string[]> =>
    (
      await Promise.all(
        window.page.frames().map((frame) =>
          frame
            .locator('h2')
            .allTextContents()
            .catch(() => []),
        ),
      )
    ).flat();
  await eventually(heading, 60_000).toContain('Transcript');

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

  // In another language nothing is asked for that only English can have.
  await window.command('View: Show Explorer');
  await chooseInExplorer(window, ['talk.wav'], ['Sluice', 'Process Recording…']);
  await pick(window, 'French');
  await pick(window, 'No translation');
  const found = window.page.locator(`.quick-input-widget input[placeholder="${question}"]`);
  await found.waitFor();
  const offered = window.page.locator('.quick-input-widget .monaco-list-row');
  await eventually(() => offered.count()).toBe(2);
  await window.page.keyboard.press('Enter');
  await answer(window, 'Name of the batch', 'Propos');
  const batch = join(folder, 'propos.batch.yaml');
  await eventually(() => existsSync(batch), 20_000).toBe(true);
  expect(readFileSync(batch, 'utf8')).toContain('language: fr');
  expect(readFileSync(batch, 'utf8')).not.toMatch(/entities|classify/);
});
