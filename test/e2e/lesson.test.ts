import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { openScene } from '../support/scene.ts';
import { type PanelPart, panelOf, pick, sideBarTitle } from '../support/window.ts';

const TOPIC = 'Why the sea is salty';
/** Both models are loaded, and share the cores with the workbench. */
const PATIENCE = 240_000;

const player = ({ frame }: PanelPart) => frame.getByRole('region', { name: 'Player' });

/** Where the sound card is in the lesson, in seconds. */
async function second(panel: PanelPart): Promise<number> {
  const slider = player(panel).getByRole('slider');
  return (await slider.count()) === 0 ? -1 : Number(await slider.getAttribute('aria-valuenow'));
}

test('a topic is typed, and its lesson is heard before it is written', {
  timeout: 600_000,
}, async () => {
  // The small voice leaves the cores to the model that writes.
  const settings = { 'sluice.voice.engine': 'flite' };
  const { folder, window } = await openScene({}, { settings });
  const { page } = window;
  const made = (ending: string): string =>
    join(folder, 'lessons', `why-the-sea-is-salty.${ending}`);

  // From the palette and the empty panel; then by keyboard: the topic, and what stands first.
  const topic = page.locator('.quick-input-widget input[placeholder^="Topic"]');
  await window.command('Sluice: Start Lesson…');
  await topic.waitFor();
  await page.keyboard.press('Escape');
  await topic.waitFor({ state: 'hidden' });
  await (await panelOf(window)).frame.getByRole('button', { name: 'Start a lesson' }).click();
  await topic.waitFor();
  await page.keyboard.type(TOPIC);
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget input[placeholder="Whom is it for?"]').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget input[placeholder="Which language?"]').waitFor();
  await page.keyboard.press('Enter');
  await pick(window, '1 minute');

  // The player comes by itself, with the text from its first word on, and plays what there is.
  const panel = await panelOf(window);
  await eventually(() => player(panel).locator('.said').textContent(), PATIENCE).toContain(TOPIC);
  await eventually(() => second(panel), PATIENCE).toBeGreaterThan(0);
  expect(existsSync(made('md'))).toBe(false);
  expect(await panel.item(1).getAttribute('data-state')).toBe('running');
  expect(await player(panel).locator('.said .now').textContent()).not.toBe('');

  // Hidden and shown again, it goes on where it was.
  const heard = await second(panel);
  await window.command('View: Show Explorer');
  await eventually(() => sideBarTitle(window)).toMatch(/Explorer/i);
  await window.command('Sluice: Show Panel');
  // Its page is another one by then.
  await eventually(async () => second(await panelOf(window)), PATIENCE).toBeGreaterThanOrEqual(
    heard,
  );
  const again = await panelOf(window);
  const pause = player(again).getByRole('button', { name: 'Pause', exact: true });
  await eventually(() => pause.count(), PATIENCE).toBe(1);
  const before = await second(again);
  await eventually(() => second(again), PATIENCE).toBeGreaterThan(before);

  // Sentence by sentence, and paused.
  await player(again).getByRole('slider').press('Home');
  await player(again).getByRole('button', { name: 'Next sentence' }).click();
  await eventually(() => second(again)).toBeGreaterThan(0);
  await player(again).getByRole('slider').press('Space');
  await player(again).getByRole('button', { name: 'Play', exact: true }).waitFor();

  // All of it is written, and the player goes on with the file.
  await eventually(() => again.items('done').count(), PATIENCE).toBe(1);
  const text = readFileSync(made('md'), 'utf8');
  expect(text).toContain(`# ${TOPIC}`);
  for (const part of ['Objective', 'Explanation', 'Example', 'Recap', 'Question']) {
    expect(text).toContain(`## ${part}`);
  }
  expect(readFileSync(made('mp3')).length).toBeGreaterThan(50_000);
  expect(readFileSync(made('vtt'), 'utf8')).toMatch(/^WEBVTT\n/);
  const { chunks, seconds } = JSON.parse(readFileSync(made('json'), 'utf8'));
  expect(chunks.map((chunk: { text: string }) => chunk.text).join('')).toBe(text);
  await eventually(() => player(again).locator('.length').textContent()).not.toContain('…');
  await player(again).getByRole('slider').press('End');
  // A file of MP3 has whole frames.
  await eventually(() => second(again)).toBeGreaterThanOrEqual(Math.floor(seconds));
  await player(again).getByRole('button', { name: 'Play again' }).click();
  await eventually(() => player(again).locator('.said .now').textContent()).toContain(TOPIC);
  expect(readFileSync(made('batch.yaml'), 'utf8')).toContain('form: lesson');
});
