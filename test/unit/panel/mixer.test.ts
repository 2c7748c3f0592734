import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  faderOf,
  gainOf,
  isHeard,
  type Mix,
  UNTOUCHED,
  withFader,
} from '../../../src/panel/mix.ts';
import { givenOutline } from '../../../src/panel/peaks.ts';
import { stemsOf } from '../../../src/panel/stems.ts';
import { eventually } from '../../support/eventually.ts';
import type { PanelPage } from '../../support/panel-page.ts';
import { SONG, STEMS, separated, snapshot, spoken } from '../../support/panel-scenes.ts';
import { wav, wavOf } from '../../support/panel-sound.ts';
import { panelTests, sendContent } from '../../support/panel-test.ts';

const aFader = fc.record({
  stem: fc.constantFrom(...STEMS),
  muted: fc.boolean(),
  solo: fc.boolean(),
  volume: fc.double({ min: 0, max: 1, noNaN: true }),
});
const aMix = fc
  .uniqueArray(aFader, { selector: ({ stem }) => stem })
  .map((faders): Mix => ({ time: 0, faders }));

describe('what is heard of a mix', () => {
  test('is all of it while nothing is set', () => {
    expect(STEMS.map((stem) => gainOf(UNTOUCHED, stem))).toEqual([1, 1, 1, 1]);
  });

  test('is what is soloed, muted or not, and otherwise what is not muted', () => {
    fc.assert(
      fc.property(aMix, (mix) => {
        const heard = STEMS.filter((stem) => isHeard(mix, stem));
        const soloed = STEMS.filter((stem) => faderOf(mix, stem).solo);
        const unmuted = STEMS.filter((stem) => !faderOf(mix, stem).muted);
        expect(heard).toEqual(soloed.length > 0 ? soloed : unmuted);
        for (const stem of STEMS) {
          const { volume } = faderOf(mix, stem);
          expect(gainOf(mix, stem)).toBe(heard.includes(stem) ? volume ** 2 : 0);
        }
      }),
    );
  });

  test('is what it was once a solo is taken back', () => {
    fc.assert(
      fc.property(aMix, fc.constantFrom(...STEMS), (mix, stem) => {
        const { solo } = faderOf(mix, stem);
        const back = withFader(withFader(mix, stem, { solo: !solo }), stem, { solo });
        for (const one of STEMS) expect(gainOf(back, one)).toBe(gainOf(mix, one));
      }),
    );
  });
});

describe('the stems of an item', () => {
  test('have outlines to one scale, and a length', () => {
    const [item] = separated().state.items;
    if (item === undefined) throw new Error('There is no item.');
    const stems = stemsOf(item);
    expect(stems.map(({ name, result, seconds }) => [name, result, seconds])).toEqual(
      STEMS.map((name, result) => [name, result, SONG]),
    );
    const loudest = stems.map(({ peaks }) => Math.max(...(peaks ?? [])));
    expect(loudest[1]).toBe(1);
    expect(loudest[2]).toBeLessThan(0.6);
    // Made once: every frame asks for them.
    expect(stemsOf(item)).toBe(stems);
    expect(stemsOf({ ...item, state: 'running' })).toEqual([]);
    expect(stemsOf({ ...item, results: item.results.slice(0, 1) })).toEqual([]);
  });

  test('an outline is the louder of the lowest and the highest sample; what is none is left out', () => {
    const peaks = Buffer.from(Int8Array.of(-127, 20, -3, 127, 0, 0, -128, 0).buffer);
    expect(givenOutline({ peaks: peaks.toString('base64') })).toEqual(Float32Array.of(1, 1, 0, 1));
    expect(givenOutline({})).toBeUndefined();
    expect(givenOutline({ peaks: '' })).toBeUndefined();
    expect(givenOutline({ peaks: 'no base64!' })).toBeUndefined();
  });
});

const withPanel = panelTests();
const RATE = 44_100;

/** Shows the song, and asks for it to be played. */
async function open(panel: PanelPage): Promise<void> {
  const run = separated();
  await panel.send(snapshot([run.state], { now: run.now }));
  await panel.page.getByRole('button', { name: 'Play stems' }).click();
  await panel.send();
}

async function sendStems(panel: PanelPage, stems: readonly Uint8Array[]): Promise<void> {
  for (const [result, stem] of stems.entries()) {
    // One after another: the next one is asked for when there is room for it.
    await eventually(async () => (await panel.posted()).at(-1)).toEqual({
      type: 'loadResult',
      run: 'songs',
      item: 1,
      result,
    });
    await sendContent(panel, { run: 'songs', item: 1, result }, stem);
  }
}

async function play(panel: PanelPage, seconds = 30): Promise<void> {
  await open(panel);
  await sendStems(
    panel,
    STEMS.map(() => wav(seconds)),
  );
  await eventually(() => isPlaying(panel)).toBe(true);
}

function isPlaying({ page }: PanelPage): Promise<boolean> {
  return page.getByRole('button', { name: 'Pause stems' }).isVisible();
}

async function place({ page }: PanelPage): Promise<number> {
  return Number(await page.locator('.place').getAttribute('aria-valuenow'));
}

/** Runs in the page: the panel plays into a context that computes instead of playing, once `render` is called. */
function offline(): void {
  const seconds = 20;
  class Offline extends OfflineAudioContext {
    constructor({ sampleRate }: { sampleRate: number }) {
      super(2, seconds * sampleRate, sampleRate);
      Object.assign(window, { render: () => this.startRendering() });
    }
    override async resume(): Promise<void> {
      // Not before all is in its place.
    }
    override async suspend(): Promise<void> {
      // It ends by itself.
    }
  }
  Object.assign(window, { AudioContext: Offline });
}

/** Samples of a stereo sound that is nothing like any other one, small enough that four of them fit in 16 bits. */
function noise(seed: number, seconds: number): Int16Array {
  let state = seed;
  return Int16Array.from({ length: 2 * seconds * RATE }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >> 19;
  });
}

/**
 * The panel's sound, from the first sample that is heard on, beside what is expected of it: the largest difference
 * of all samples, in steps of 16 bits, and how many samples were compared.
 */
function compare(panel: PanelPage, expected: Uint8Array): Promise<readonly [number, number]> {
  return panel.page.evaluate(async (base64) => {
    const { render } = window as unknown as { render: () => Promise<AudioBuffer> };
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const decoder = new OfflineAudioContext(2, 1, 44_100);
    const wanted = await decoder.decodeAudioData(bytes.buffer);
    const heard = await render();
    const first = heard.getChannelData(0).findIndex((sample) => sample !== 0);
    let worst = 0;
    let compared = 0;
    for (const channel of [0, 1]) {
      const samples = heard.getChannelData(channel);
      const right = wanted.getChannelData(channel);
      for (let index = 0; index < samples.length - first; index += 1) {
        worst = Math.max(worst, Math.abs((samples[first + index] ?? 0) - (right[index] ?? 0)));
        compared += 1;
      }
    }
    return [worst * 0x8000, compared] as const;
  }, Buffer.from(expected).toString('base64'));
}

describe('the mixer', () => {
  const stems = STEMS.map((_, index) => noise(index + 1, 20));
  const sounds = stems.map((samples) => wavOf(samples, 2, RATE));
  /** The sum of some stems, each multiplied, from a second on. */
  const sum = (gains: readonly number[], from = 0): Uint8Array => {
    const whole = stems[0]?.subarray(2 * from * RATE) ?? new Int16Array();
    const mixed = whole.map((_, index) =>
      stems.reduce((all, stem, at) => {
        const sample = stem[2 * from * RATE + index] ?? 0;
        return all + sample * (gains[at] ?? 0);
      }, 0),
    );
    return wavOf(mixed, 2, RATE);
  };

  test.each([
    ['all stems', async () => undefined, [1, 1, 1, 1], 0],
    [
      'from a place on',
      async ({ page }: PanelPage) => {
        await page.locator('.place').focus();
        await page.keyboard.press('PageUp');
      },
      [1, 1, 1, 1],
      15,
    ],
    [
      'without what is muted',
      async ({ page }: PanelPage) => page.getByRole('button', { name: 'Mute drums' }).click(),
      [1, 0, 1, 1],
      0,
    ],
    [
      'what is soloed alone, and of several all',
      async ({ page }: PanelPage) => {
        for (const name of ['Mute vocals', 'Solo vocals', 'Solo bass']) {
          await page.getByRole('button', { name }).click();
        }
      },
      [1, 0, 1, 0],
      0,
    ],
    [
      'at the volume that is set',
      async ({ page }: PanelPage) =>
        page.getByRole('slider', { name: 'Volume of other' }).fill('0.5'),
      [1, 1, 1, 0.25],
      0,
    ],
  ] as const)('plays to the sample: %s', async (_, set, gains, from) => {
    await withPanel({ before: offline }, async (panel) => {
      const run = separated();
      await panel.send(snapshot([run.state], { now: run.now }));
      await set(panel);
      await panel.page.getByRole('button', { name: 'Play stems' }).click();
      await sendStems(panel, sounds);
      await eventually(() => isPlaying(panel)).toBe(true);
      const [worst, compared] = await compare(panel, sum(gains, from));
      expect(compared).toBeGreaterThan(2 * 19 * RATE);
      // Samples above 0 are decoded to a little more than they are, and what is expected is rounded to 16 bits. One
      // sample too early or too late would be a difference of thousands.
      expect(worst).toBeLessThan(1);
    });
  });

  test('is open where a run made one song, and shows its stems', async () => {
    await withPanel({}, async (panel) => {
      const run = separated();
      await panel.send(snapshot([run.state], { now: run.now }));
      const { page } = panel;
      const mixer = page.getByRole('group', { name: 'Mixer' });
      const names = await mixer.locator('.stem-name').allTextContents();
      expect(names).toEqual(STEMS);
      expect((await page.locator('.row .right').textContent())?.trim()).toBe('4 stems 3:12');
      expect((await mixer.locator('.place').textContent())?.trim()).toBe('0:00 of 3:12');
      // Nothing is read before somebody wants to hear it.
      expect(await panel.posted()).toEqual([]);
      await page.locator('sluice-item .title').click();
      await panel.send();
      expect(await mixer.count()).toBe(0);
    });
  });

  test('plays, pauses, and goes where it is pressed on any outline', async () => {
    await withPanel({}, async (panel) => {
      await play(panel);
      const { page } = panel;
      await eventually(() => place(panel)).toBeGreaterThanOrEqual(1);
      const wave = await page.locator('[data-stem="bass"] sluice-wave').boundingBox();
      if (wave === null) throw new Error('The outline is not visible.');
      await page.mouse.click(wave.x + wave.width / 2, wave.y + 5);
      await eventually(() => place(panel)).toBeGreaterThanOrEqual(15);
      await page.getByRole('button', { name: 'Pause stems' }).click();
      await panel.send();
      const paused = await place(panel);
      await page.locator('.row').getByRole('button', { name: 'Play result' }).click();
      await eventually(() => place(panel)).toBeGreaterThan(paused);
      // At its end it begins anew.
      await page.locator('.place').focus();
      await page.keyboard.press('End');
      await eventually(() => isPlaying(panel)).toBe(false);
      expect(await place(panel)).toBe(30);
      await page.keyboard.press('Space');
      await eventually(() => isPlaying(panel)).toBe(true);
      await eventually(() => place(panel)).toBeLessThan(10);
      expect((await panel.posted()).length).toBe(STEMS.length);
    });
  });

  test('is worked with keys, which do not move the row meanwhile', async () => {
    await withPanel({}, async (panel) => {
      const run = separated(['harbour.mp3', 'forest.mp3']);
      await panel.send(snapshot([run.state], { now: run.now }));
      const { page } = panel;
      await page.locator('[data-item="1"]').focus();
      await page.keyboard.press('ArrowRight');
      await panel.send();
      const volume = page.getByRole('slider', { name: 'Volume of vocals' });
      await volume.focus();
      await page.keyboard.press('ArrowDown');
      await panel.send();
      expect(await volume.getAttribute('aria-valuetext')).toBe('95%');
      await page.keyboard.press('Home');
      await panel.send();
      expect(await volume.getAttribute('aria-valuetext')).toBe('0%');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await panel.send();
      const solo = page.getByRole('button', { name: 'Solo vocals' });
      expect(await solo.getAttribute('aria-pressed')).toBe('true');
      await page.locator('.place').focus();
      await page.keyboard.press('PageUp');
      await page.keyboard.press('ArrowDown');
      await panel.send();
      const slider = page.getByRole('slider', { name: 'Position' });
      expect(await slider.getAttribute('aria-valuetext')).toBe('0:10 of 3:12');
      await page.keyboard.press('Escape');
      await panel.send();
      expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toMatch(/^1, harbour/);
      await page.keyboard.press('ArrowLeft');
      await panel.send();
      expect(await page.getByRole('group', { name: 'Mixer' }).count()).toBe(0);
    });
  });

  test('keeps what is set when it is closed, and when the panel was away', async () => {
    await withPanel({}, async (panel) => {
      const run = separated();
      await panel.send(snapshot([run.state], { now: run.now }));
      const { page } = panel;
      await page.getByRole('button', { name: 'Solo vocals' }).click();
      await page.getByRole('button', { name: 'Mute drums' }).click();
      await page.getByRole('slider', { name: 'Volume of bass' }).fill('0.3');
      await page.locator('.place').focus();
      await page.keyboard.press('PageUp');
      const check = async (shown: PanelPage): Promise<void> => {
        const pressed = (name: string): Promise<string | null> =>
          shown.page.getByRole('button', { name }).getAttribute('aria-pressed');
        expect(await pressed('Solo vocals')).toBe('true');
        expect(await pressed('Mute drums')).toBe('true');
        expect(await pressed('Mute vocals')).toBe('false');
        const volume = shown.page.getByRole('slider', { name: 'Volume of bass' });
        expect(await volume.inputValue()).toBe('0.3');
        expect(await place(shown)).toBe(15);
      };
      const title = page.locator('sluice-item .title');
      await title.click();
      await panel.send();
      await title.click();
      await panel.send();
      await check(panel);
      const memory = await panel.memory();
      if (memory === undefined) throw new Error('Nothing was remembered.');
      await withPanel({ memory }, async (again) => {
        await again.send(snapshot([run.state], { now: run.now }));
        await check(again);
        expect(await isPlaying(again)).toBe(false);
        await again.send({ type: 'removed', run: 'songs' });
        await again.send(snapshot([]));
      });
    });
  });

  test('plays alone: the player gives way to it, and it to the player', async () => {
    await withPanel({}, async (panel) => {
      const songs = separated();
      const other = spoken();
      await panel.send(snapshot([songs.state, other.state], { now: other.now }));
      const { page } = panel;
      const row = page.locator('[data-run="spoken"][data-item="1"]');
      const player = page.getByRole('region', { name: 'Player' });
      const id = { run: 'spoken', item: 1, result: 0 };
      await row.getByRole('button', { name: 'Play result' }).click();
      await sendContent(panel, id, wav(30));
      await eventually(() => player.getByRole('button', { name: 'Pause' }).count()).toBe(1);
      await page.getByRole('button', { name: 'Play stems' }).click();
      await sendStems(
        panel,
        STEMS.map(() => wav(30)),
      );
      await eventually(() => isPlaying(panel)).toBe(true);
      expect(await player.getByRole('button', { name: 'Pause' }).count()).toBe(0);
      await player.getByRole('button', { name: 'Play', exact: true }).click();
      await eventually(() => isPlaying(panel)).toBe(false);
      expect(await player.getByRole('button', { name: 'Pause' }).count()).toBe(1);
    });
  });

  test('lets go of the decoded sounds and of the device when it is closed', async () => {
    const watch = (): void => {
      const decoded: WeakRef<AudioBuffer>[] = [];
      const contexts: AudioContext[] = [];
      class Watched extends AudioContext {
        constructor(options: AudioContextOptions) {
          super(options);
          contexts.push(this);
        }
        override async decodeAudioData(bytes: ArrayBuffer): Promise<AudioBuffer> {
          const buffer = await super.decodeAudioData(bytes);
          decoded.push(new WeakRef(buffer));
          return buffer;
        }
      }
      Object.assign(window, {
        AudioContext: Watched,
        kept: () => decoded.filter((buffer) => buffer.deref() !== undefined).length,
        states: () => contexts.map(({ state }) => state),
      });
    };
    interface Watching {
      kept(): number;
      states(): string[];
    }
    await withPanel({ before: watch }, async (panel) => {
      await play(panel);
      const { page } = panel;
      const session = await page.context().newCDPSession(page);
      const kept = async (): Promise<number> => {
        await session.send('HeapProfiler.collectGarbage');
        return page.evaluate(() => (window as unknown as Watching).kept());
      };
      const states = () => page.evaluate(() => (window as unknown as Watching).states());
      expect(await kept()).toBe(STEMS.length);
      await eventually(states).toEqual(['running']);
      await page.getByRole('button', { name: 'Pause stems' }).click();
      await eventually(states).toEqual(['suspended']);
      expect(await kept()).toBe(STEMS.length);
      await page.locator('sluice-item .title').click();
      await eventually(kept).toBe(0);
      // Played again, they are read again; removed with their run, they go again.
      await page.locator('.row').getByRole('button', { name: 'Play result' }).click();
      await sendStems(
        panel,
        STEMS.map(() => wav(5)),
      );
      await eventually(states).toEqual(['running']);
      await panel.send({ type: 'removed', run: 'songs' });
      await eventually(kept).toBe(0);
      await eventually(states).toEqual(['suspended']);
    });
  });

  test('says why it cannot play', async () => {
    await withPanel({}, async (panel) => {
      await open(panel);
      const { page } = panel;
      const bad = page.locator('.mixer .bad');
      const first = { run: 'songs', item: 1, result: 0 };
      await panel.send({ type: 'content', ...first, problem: 'out/harbour/vocals.wav is gone.' });
      expect(await bad.textContent()).toBe('out/harbour/vocals.wav is gone.');
      expect(await page.getByRole('status').textContent()).toBe('out/harbour/vocals.wav is gone.');
      await page.getByRole('button', { name: 'Play stems' }).click();
      await sendContent(panel, first, 'this is no sound');
      await eventually(() => bad.textContent()).toBe('The stem vocals cannot be played here.');
      expect(await page.getByRole('status').textContent()).toContain('vocals cannot be played');
    });
  });

  test('songs that are too long are played stem by stem', async () => {
    await withPanel({}, async (panel) => {
      const run = separated(['opera.wav'], 3000);
      await panel.send(snapshot([run.state], { now: run.now }));
      const { page } = panel;
      expect(await page.getByRole('group', { name: 'Mixer' }).count()).toBe(0);
      expect(await page.locator('.detail .calm').textContent()).toContain('more than 40 minutes');
      await page.getByRole('button', { name: 'Play bass.wav' }).click();
      await panel.send();
      expect(await panel.posted()).toEqual([
        { type: 'loadResult', run: 'songs', item: 1, result: 2 },
      ]);
    });
  });

  test('goes on when the same run is sent again, and stops when its item is made anew', async () => {
    await withPanel({}, async (panel) => {
      await play(panel);
      const run = separated();
      await panel.send({ type: 'run', state: run.state });
      expect(await isPlaying(panel)).toBe(true);
      const start = run.add({ type: 'start', item: 1, attempt: 2 });
      await panel.send({ type: 'events', runs: [{ run: 'songs', events: [start] }] });
      await eventually(() => isPlaying(panel)).toBe(false);
    });
  });
});
