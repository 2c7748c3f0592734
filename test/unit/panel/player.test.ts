import { describe, expect, test } from 'vitest';
import { outline } from '../../../src/panel/peaks.ts';
import { sentenceAt, sentencesOf } from '../../../src/panel/sentences.ts';
import { eventually } from '../../support/eventually.ts';
import type { PanelPage } from '../../support/panel-page.ts';
import { interviews, SPOKEN, snapshot, spoken } from '../../support/panel-scenes.ts';
import { wav } from '../../support/panel-sound.ts';
import { panelTests, sendContent } from '../../support/panel-test.ts';

describe('the outline of a sound', () => {
  test('is the loudest of each part, as a share of the loudest of all', () => {
    const samples = Float32Array.of(0, 0.1, -0.5, 0.2, 0.25, 0, 0, 0);
    expect([...outline(samples, 4)]).toEqual([0.2, 1, 0.5, 0].map(Math.fround));
  });

  test('of less samples than parts, and of silence', () => {
    expect([...outline(Float32Array.of(0.5), 3)]).toEqual([1, 1, 1]);
    expect([...outline(new Float32Array(8), 2)]).toEqual([0, 0]);
  });
});

test('sentences are found by their place in the whole text', () => {
  const sentences = sentencesOf('One is here. Two is there! Three', 100);
  expect(sentences.map(({ begin }) => begin)).toEqual([100, 113, 127]);
  expect(sentences.map(({ text }) => text).join('')).toBe('One is here. Two is there! Three');
  expect([99, 100, 112, 113, 500].map((at) => sentenceAt(sentences, at))).toEqual([-1, 0, 0, 1, 2]);
});

const withPanel = panelTests();
const SECOND_ITEM = { run: 'spoken', item: 2, result: 0 };
const SECONDS = 26;

/** Plays the result of item 2. */
async function play(panel: PanelPage): Promise<void> {
  const run = spoken();
  await panel.send(snapshot([run.state, interviews()], { now: run.now }));
  const row = panel.page.locator('[data-run="spoken"][data-item="2"]');
  await row.getByRole('button', { name: 'Play result' }).click();
  await sendContent(panel, SECOND_ITEM, wav(SECONDS));
  await eventually(() => playing(panel)).toBe(true);
}

function playing(panel: PanelPage): Promise<boolean> {
  return panel.page
    .locator('.player')
    .getByRole('button', { name: 'Pause', exact: true })
    .isVisible();
}

async function position(panel: PanelPage): Promise<number> {
  return Number(await panel.page.getByRole('slider').getAttribute('aria-valuenow'));
}

describe('the player', () => {
  test('asks for the bytes once, plays them, and shows what is said', async () => {
    await withPanel({}, async (panel) => {
      await play(panel);
      const { page } = panel;
      expect(await panel.posted()).toEqual([{ type: 'loadResult', ...SECOND_ITEM }]);
      expect(await page.locator('.player .title').textContent()).toContain('DNA in one minute');
      expect(await page.locator('.player .length').textContent()).toBe('0:26');
      expect((await page.locator('.said').textContent())?.replace(/\s+/g, ' ').trim()).toBe(SPOKEN);
      const time = page.locator('.player .time');
      await eventually(() => time.textContent()).not.toBe('0:00');
      // The row's own button follows.
      const row = page.locator('[data-run="spoken"][data-item="2"]');
      await row.getByRole('button', { name: 'Pause' }).click();
      await eventually(() => playing(panel)).toBe(false);
      await row.getByRole('button', { name: 'Play result' }).click();
      await eventually(() => playing(panel)).toBe(true);
      expect((await panel.posted()).length).toBe(1);
    });
  });

  test('draws the outline of the sound', async () => {
    await withPanel({}, async (panel) => {
      await play(panel);
      const colours = (): Promise<number> =>
        panel.page.locator('sluice-wave .played').evaluate((canvas) => {
          if (!(canvas instanceof HTMLCanvasElement)) return 0;
          const pen = canvas.getContext('2d');
          // A line above the middle: where there are bars and gaps, not where a plain line would be.
          const { data } = pen?.getImageData(0, canvas.height / 3, canvas.width, 1) ?? { data: [] };
          return new Set(data.filter((_, index) => index % 4 === 3)).size;
        });
      await eventually(colours).toBeGreaterThan(1);
    });
  });

  test('goes where it is pressed, dragged, and with keys', async () => {
    await withPanel({}, async (panel) => {
      await play(panel);
      const { page } = panel;
      const wave = page.getByRole('slider', { name: 'Position' });
      const box = await wave.boundingBox();
      if (box === null) throw new Error('The wave is not visible.');
      await page.mouse.move(box.x + box.width / 2, box.y + 10);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.75, box.y + 10);
      await page.mouse.up();
      await eventually(() => position(panel)).toBeGreaterThanOrEqual(19);
      await wave.focus();
      await page.keyboard.press('Space');
      await eventually(() => playing(panel)).toBe(false);
      await page.keyboard.press('Home');
      await eventually(() => position(panel)).toBe(0);
      await page.keyboard.press('ArrowRight');
      await eventually(() => position(panel)).toBe(5);
      await page.keyboard.press('PageUp');
      await eventually(() => position(panel)).toBe(20);
      expect(await wave.getAttribute('aria-valuetext')).toBe('0:20 of 0:26');
      // The sentence follows the sound.
      expect((await page.locator('.said .now').textContent())?.trim()).toBe(
        'They pair in one way alone.',
      );
      await page.keyboard.press('End');
      await eventually(() => position(panel)).toBe(SECONDS);
      await page.keyboard.press('Escape');
      await panel.send();
      expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toMatch(/^2, DNA/);
    });
  });

  test('plays faster and slower', async () => {
    await withPanel({}, async (panel) => {
      await play(panel);
      const { page } = panel;
      await page.getByRole('button', { name: 'Speed 1.0×' }).click();
      await panel.send();
      const speeds = await page.getByRole('menuitemradio').allTextContents();
      expect(speeds.map((speed) => speed.trim())).toEqual([
        '0.75×',
        '1.0×',
        '1.25×',
        '1.5×',
        '1.75×',
        '2.0×',
      ]);
      await page.getByRole('menuitemradio', { name: '1.5×' }).click();
      await panel.send();
      expect(await page.getByRole('button', { name: 'Speed 1.5×' }).count()).toBe(1);
      expect((await panel.memory())?.player?.speed).toBe(1.5);
    });
  });

  test('goes to the results before and after', async () => {
    await withPanel({}, async (panel) => {
      await play(panel);
      const { page } = panel;
      const next = page.getByRole('button', { name: 'Next result' });
      expect(await next.isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Previous result' }).click();
      await panel.send();
      expect(await page.locator('.player .title').textContent()).toContain('What is a cell?');
      expect(await next.isDisabled()).toBe(false);
      expect((await panel.posted()).at(-1)).toEqual({
        type: 'loadResult',
        run: 'spoken',
        item: 1,
        result: 0,
      });
    });
  });

  test('closes, and with its item', async () => {
    await withPanel({}, async (panel) => {
      await play(panel);
      const { page } = panel;
      const player = page.getByRole('region', { name: 'Player' });
      await page.getByRole('button', { name: 'Close player' }).click();
      await panel.send();
      expect(await player.count()).toBe(0);
      expect((await panel.memory())?.player).toBeUndefined();
      const row = page.locator('[data-run="spoken"][data-item="2"]');
      await row.getByRole('button', { name: 'Play result' }).click();
      await panel.send();
      expect(await player.count()).toBe(1);
      await panel.send({ type: 'removed', run: 'spoken' });
      expect(await player.count()).toBe(0);
    });
  });

  test('says why it cannot play, and offers to open the file', async () => {
    await withPanel({}, async (panel) => {
      const run = spoken();
      await panel.send(snapshot([run.state], { now: run.now }));
      const { page } = panel;
      const button = page.locator('[data-item="2"]').getByRole('button', { name: 'Play result' });
      await button.click();
      const problem = 'out/2-dna.wav is gone.';
      await panel.send({ type: 'content', ...SECOND_ITEM, problem });
      const player = page.getByRole('region', { name: 'Player' });
      expect(await player.locator('.bad').textContent()).toBe(problem);
      expect(await page.getByRole('status').textContent()).toBe(problem);
      await player.getByRole('button', { name: 'Open result' }).click();
      await player.getByRole('button', { name: 'Play', exact: true }).click();
      await sendContent(panel, SECOND_ITEM, 'this is no sound');
      await eventually(() => player.locator('.bad').textContent()).toBe(
        'This sound cannot be played here.',
      );
      expect(await panel.posted()).toEqual([
        { type: 'loadResult', ...SECOND_ITEM },
        { type: 'openResult', ...SECOND_ITEM },
        { type: 'loadResult', ...SECOND_ITEM },
      ]);
    });
  });

  test('offers to go on after the panel was away, and plays nothing by itself', async () => {
    const { run, item, result } = SECOND_ITEM;
    const player = { track: { run, item, result }, time: 14.4, speed: 1.25 };
    await withPanel({ memory: { expanded: {}, scroll: 0, player } }, async (panel) => {
      const scene = spoken();
      await panel.send(snapshot([scene.state], { now: scene.now }));
      const { page } = panel;
      expect(await page.locator('.player .time').textContent()).toBe('0:14');
      expect(await panel.posted()).toEqual([]);
      await page.getByRole('button', { name: 'Go on playing' }).click();
      await sendContent(panel, SECOND_ITEM, wav(SECONDS));
      await eventually(() => playing(panel)).toBe(true);
      expect(await position(panel)).toBeGreaterThanOrEqual(14);
      expect(await page.getByRole('button', { name: 'Speed 1.25×' }).count()).toBe(1);
    });
  });

  test('forgets what is no more', async () => {
    const player = { track: { run: 'gone', item: 1, result: 0 }, time: 1, speed: 1 };
    await withPanel({ memory: { expanded: {}, scroll: 0, player } }, async (panel) => {
      await panel.send(snapshot([interviews()]));
      expect(await panel.page.getByRole('region', { name: 'Player' }).count()).toBe(0);
      expect((await panel.memory())?.player).toBeUndefined();
    });
  });
});
