import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Frame } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { modelStore } from '../../src/models/store.ts';
import { eventually } from '../support/eventually.ts';
import { chooseInExplorer, openFolder } from '../support/explorer.ts';
import { wavOf } from '../support/panel-sound.ts';
import { openScene, type Scene } from '../support/scene.ts';
import { answer, panelOf, pick } from '../support/window.ts';

const RATE = 44_100;
const MENU = ['Sluice', 'Separate Stems…'];

/** A stereo recording: a chord that is held, and beats in the middle of it. */
function song(seconds: number): Uint8Array {
  const samples = Int16Array.from({ length: 2 * seconds * RATE }, (_, index) => {
    const time = (index >> 1) / RATE;
    const tone = [220, 277, 330].reduce(
      (sum, pitch) => sum + Math.sin(2 * Math.PI * pitch * time),
      0,
    );
    const beat = Math.exp(-80 * (time % 0.5)) * (((index * 7919) % 2000) / 1000 - 1);
    return 2500 * tone * (index % 2 === 0 ? 1 : 0.6) + 9000 * beat;
  });
  return wavOf(samples, 2, RATE);
}

async function openSongs(
  songs: Readonly<Record<string, number>>,
  settings: Record<string, unknown> = {},
): Promise<Scene> {
  const files = Object.entries(songs).map(([name, seconds]) => [name, song(seconds)] as const);
  const scene = await openScene(
    { 'notes.txt': 'no song', ...Object.fromEntries(files) },
    { settings },
  );
  await scene.window.command('View: Show Explorer');
  return scene;
}

interface Listening {
  readonly gains: GainNode[];
  readonly analysers: AnalyserNode[];
}

/** Listens at each stem, behind its volume: what is said of the mixer is what is heard. */
async function listen(frame: Frame): Promise<void> {
  await frame.evaluate(() => {
    const own = window as unknown as Listening & { gains: GainNode[]; analysers: AnalyserNode[] };
    own.gains = [];
    own.analysers = [];
    const make = BaseAudioContext.prototype.createGain;
    BaseAudioContext.prototype.createGain = function createGain(this: BaseAudioContext) {
      const gain = make.call(this);
      const analyser = this.createAnalyser();
      gain.connect(analyser);
      own.gains.push(gain);
      own.analysers.push(analyser);
      return gain;
    };
  });
}

/** Whether each stem is heard now: whether its last samples are not all 0. */
function heard(frame: Frame): Promise<boolean[]> {
  return frame.evaluate(() =>
    (window as unknown as Listening).analysers.map((analyser) => {
      const samples = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(samples);
      return samples.some((sample) => Math.abs(sample) > 1e-4);
    }),
  );
}

test('a song of the explorer becomes stems, which the mixer plays', async () => {
  const { folder, window } = await openSongs({ 'music/harbour.wav': 20 });
  await openFolder(window, 'music');
  await chooseInExplorer(window, ['harbour.wav'], MENU);
  await pick(window, 'Tones and beats');
  await pick(window, 'WAV');
  await answer(window, 'Name of the batch', 'Harbour');
  const stems = ['harmonic', 'percussive'];
  for (const stem of stems) {
    const path = join(folder, 'out/harbour/harbour', `${stem}.wav`);
    await eventually(() => existsSync(path), 60_000).toBe(true);
    // As long as the song, at its rate, in stereo.
    expect(readFileSync(path).length).toBeGreaterThanOrEqual(20 * RATE * 4);
  }
  const batch = readFileSync(join(folder, 'harbour.batch.yaml'), 'utf8');
  expect(batch).toContain('files: music/harbour.wav');
  expect(batch).toContain('uses: separate');

  // The mixer is there by itself. It plays: its clock runs, and both stems are heard.
  const panel = await panelOf(window);
  const { frame } = panel;
  const mixer = frame.getByRole('group', { name: 'Mixer' });
  await eventually(() => mixer.locator('.stem-name').allTextContents()).toEqual(stems);
  expect((await panel.item(1).locator('.right').textContent())?.trim()).toBe('2 stems 0:20');
  await listen(frame);
  await mixer.getByRole('button', { name: 'Play stems' }).click();
  const place = async (): Promise<number> =>
    Number(await mixer.getByRole('slider', { name: 'Position' }).getAttribute('aria-valuenow'));
  await eventually(place).toBeGreaterThanOrEqual(1);
  await eventually(() => heard(frame)).toEqual([true, true]);
  await mixer.getByRole('button', { name: 'Solo percussive' }).click();
  await eventually(() => heard(frame)).toEqual([false, true]);
  await mixer.getByRole('button', { name: 'Mute percussive' }).click();
  await mixer.getByRole('button', { name: 'Solo percussive' }).click();
  await eventually(() => heard(frame)).toEqual([true, false]);
  await mixer.getByRole('slider', { name: 'Volume of harmonic' }).fill('0');
  await eventually(() => heard(frame)).toEqual([false, false]);
  await mixer.getByRole('slider', { name: 'Volume of harmonic' }).fill('0.5');
  await eventually(() => heard(frame)).toEqual([true, false]);
  // Any outline leads to a place.
  const wave = await mixer.locator('[data-stem="percussive"] sluice-wave').boundingBox();
  if (wave === null) throw new Error('The outline is not visible.');
  await window.page.mouse.click(wave.x + wave.width * 0.75, wave.y + wave.height / 2);
  await eventually(place).toBeGreaterThanOrEqual(15);
  await mixer.getByRole('button', { name: 'Pause stems' }).click();
  const paused = await place();

  // A panel that was away has kept what was set.
  await window.command('View: Show Explorer');
  const again = await panelOf(window);
  const other = again.frame.getByRole('group', { name: 'Mixer' });
  await eventually(() =>
    other.getByRole('button', { name: 'Mute percussive' }).getAttribute('aria-pressed'),
  ).toBe('true');
  expect(await other.getByRole('slider', { name: 'Volume of harmonic' }).inputValue()).toBe('0.5');
  const kept = await other.getByRole('slider', { name: 'Position' }).getAttribute('aria-valuenow');
  expect(Number(kept)).toBe(paused);
});

test('songs of a folder are separated by one batch, and songs are chosen from the palette', async () => {
  const { folder, window } = await openSongs({
    'music/harbour.wav': 3,
    'music/b/forest.wav': 3,
  });
  await chooseInExplorer(window, ['music'], MENU);
  await pick(window, 'Centre and sides');
  await pick(window, 'MP3');
  await answer(window, 'Name of the batch', 'Two');
  for (const song of ['harbour', 'forest']) {
    for (const stem of ['centre', 'side']) {
      const path = join(folder, 'out/two', song, `${stem}.mp3`);
      await eventually(() => existsSync(path), 60_000).toBe(true);
    }
  }
  // Of several songs each opens its own mixer.
  const panel = await panelOf(window);
  const two = panel.run('Two');
  await eventually(() => panel.items('done').count()).toBe(2);
  expect(await panel.frame.getByRole('group', { name: 'Mixer' }).count()).toBe(0);
  await panel.item(2, two).getByRole('button', { name: 'Play result' }).click();
  await eventually(() => panel.frame.getByRole('button', { name: 'Pause stems' }).count()).toBe(1);

  await window.command('Sluice: Separate Stems…');
  await pick(window, 'forest.wav');
  await window.page.keyboard.press('Enter');
  // What was chosen the last time comes first.
  const first = window.page.locator('.quick-input-widget .monaco-list-row.focused');
  await first.filter({ hasText: 'Centre and sides' }).waitFor();
  await window.page.keyboard.press('Enter');
  await first.filter({ hasText: 'MP3' }).waitFor();
  await pick(window, 'FLAC');
  await answer(window, 'Name of the batch', 'Forest');
  const path = join(folder, 'out/forest/forest/centre.flac');
  await eventually(() => existsSync(path), 60_000).toBe(true);
});

test('HT Demucs separates once its licence has been accepted', async () => {
  // The weights are those of this machine; who accepted them is not.
  const env = { ...process.env, SLUICE_ACCEPT_LICENCES: 'htdemucs' };
  const { path } = await modelStore(env).path('htdemucs');
  const models = mkdtempSync(join(tmpdir(), 'sluice-models-'));
  onTestFinished(() => rmSync(models, { recursive: true, force: true }));
  symlinkSync(dirname(path), join(models, 'htdemucs'));
  const { folder, window } = await openSongs(
    { 'harbour.wav': 4 },
    { 'sluice.models.folder': models },
  );
  const dialog = window.page.locator('.monaco-dialog-box', { hasText: 'HT Demucs' });
  const ask = async (name: string): Promise<void> => {
    await pick(window, 'HT Demucs');
    await pick(window, 'The voice and the rest');
    await pick(window, 'WAV');
    await answer(window, 'Name of the batch', name);
  };
  await chooseInExplorer(window, ['harbour.wav'], MENU);
  await ask('Voice');
  await dialog.filter({ hasText: 'personal and research use only' }).waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  // Who does not accept it may choose another way; nothing was written.
  await window.page.locator('.quick-input-widget').getByText('Tones and beats').waitFor();
  expect(existsSync(join(folder, 'voice.batch.yaml'))).toBe(false);
  await ask('Voice');
  await dialog.getByRole('button', { name: 'Accept and Fetch' }).click();
  for (const stem of ['vocals', 'no_vocals']) {
    const stemPath = join(folder, 'out/voice/harbour', `${stem}.wav`);
    await eventually(() => existsSync(stemPath), 240_000).toBe(true);
  }
});
