import { describe, expect, test } from 'vitest';
import { LessonScene } from '../../support/panel-lesson.ts';
import type { PanelPage } from '../../support/panel-page.ts';
import {
  biology,
  entitiesJson,
  files,
  interviews,
  recording,
  searching,
  separated,
  snapshot,
  spoken,
  stems,
  transcriptJson,
  understandRecording,
} from '../../support/panel-scenes.ts';
import { wav } from '../../support/panel-sound.ts';
import { axeViolations, panelTests, sendContent } from '../../support/panel-test.ts';
import type { ThemeName } from '../../support/panel-theme.ts';

const withPanel = panelTests();
const THEMES: readonly ThemeName[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];

/** Every state of the panel, one after another; `found` looks at each. */
async function states(panel: PanelPage, look: (state: string) => Promise<void>): Promise<void> {
  const { page } = panel;
  await panel.send(snapshot([]), {
    type: 'engines',
    engines: [{ need: 'voice', name: 'Kokoro', ready: true }],
  });
  await look('empty');
  const run = biology();
  await panel.send(snapshot([run.state, interviews(), stems()], { now: run.now }));
  await look('runs');
  await page.locator('[data-item="9"]').focus();
  await page.keyboard.press('Shift+F10');
  await panel.send();
  await look('menu');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Filter' }).click();
  await panel.send();
  await look('menu of the filter');
  await page.getByRole('menuitemradio', { name: 'Failed' }).click();
  await panel.send();
  await look('filter');
  await page.keyboard.press('Control+f');
  await page.keyboard.type('mito');
  await panel.send();
  await look('search');
  await page.keyboard.type(' zebra');
  await panel.send();
  await look('nothing found');
  await page.keyboard.press('Escape');
  const made = files();
  await panel.send(snapshot([made.state], { now: made.now }));
  await page.locator('[data-item="2"] .title').click();
  await panel.send();
  await sendContent(panel, { run: 'files', item: 2, result: 0 }, 'line\n'.repeat(100));
  await page.locator('[data-item="3"] .title').click();
  await panel.send();
  await look('preview');
  const searches = searching();
  await panel.send(snapshot([searches.state], { now: searches.now }));
  await page.getByRole('button', { name: 'Show the machines as a table' }).click();
  await panel.send();
  await look('searches');
  const songs = separated();
  await panel.send(snapshot([songs.state], { now: songs.now }));
  await page.getByRole('button', { name: 'Solo vocals' }).click();
  await page.getByRole('button', { name: 'Mute drums' }).click();
  await page.getByRole('slider', { name: 'Volume of bass' }).fill('0.5');
  await panel.send();
  await look('mixer');
  const sound = spoken();
  await panel.send(snapshot([sound.state], { now: sound.now }));
  await page.locator('[data-item="2"]').getByRole('button', { name: 'Play result' }).click();
  await panel.send();
  await look('player, reading');
  await sendContent(panel, { run: 'spoken', item: 2, result: 0 }, wav(5));
  await page.locator('.player').getByRole('button', { name: 'Pause' }).click();
  await panel.send();
  await look('player');
  await page.getByRole('button', { name: 'Close player' }).click();
  const lesson = new LessonScene(panel, 2);
  await lesson.show();
  await lesson.speak();
  await lesson.speak({ gap: true });
  await lesson.speak({ parts: 2 });
  await lesson.write('It is simple! A leaf catches');
  await page.locator('[data-item="1"]').getByRole('button', { name: 'Listen' }).click();
  await page.getByRole('button', { name: 'Next sentence' }).click();
  await panel.send();
  await look('lesson');
  await page.getByRole('button', { name: 'Close player' }).click();
  const talk = recording();
  understandRecording(talk);
  await panel.send(snapshot([talk.state], { now: talk.now }));
  await page.getByRole('button', { name: 'Play recording' }).click();
  await sendContent(panel, { run: 'talk', item: 1, input: true }, wav(12));
  await sendContent(panel, { run: 'talk', item: 1, result: 0 }, transcriptJson());
  await sendContent(panel, { run: 'talk', item: 1, result: 1 }, entitiesJson());
  await page.getByText('Paris').click();
  await panel.send();
  await look('recording');
}

describe('everybody can use it', () => {
  test.each(THEMES)('axe finds nothing in %s', async (theme) => {
    await withPanel({ theme }, async (panel) => {
      const seen: string[] = [];
      await states(panel, async (state) => {
        seen.push(state);
        expect([state, await axeViolations(panel)]).toEqual([state, []]);
      });
      expect(seen.length).toBe(14);
    });
  });

  test('nothing turns when motion is to be reduced', async () => {
    await withPanel({ reducedMotion: true }, async (panel) => {
      const run = biology();
      await panel.send(snapshot([run.state], { now: run.now }));
      const moving = await panel.page.evaluate(() => document.getAnimations().length);
      expect(moving).toBe(0);
    });
  });

  test.each([240, 300, 600, 1200])('nothing is wider than %d px', async (width) => {
    await withPanel({ width, language: 'fr' }, async (panel) => {
      const wider = (): Promise<boolean> =>
        panel.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      await panel.send(snapshot([]));
      expect(await wider()).toBe(false);
      const made = files();
      await panel.send(snapshot([made.state, interviews(), stems()], { now: made.now }));
      await panel.page.locator('[data-item="3"] .title').click();
      await panel.send();
      expect(await wider()).toBe(false);
      const lesson = new LessonScene(panel, 2);
      await lesson.show();
      await lesson.speak({ parts: 3 });
      await panel.page.getByRole('button', { name: 'Écouter' }).click();
      await panel.send();
      expect(await wider()).toBe(false);
    });
  });
});
