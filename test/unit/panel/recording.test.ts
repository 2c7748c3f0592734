import { describe, expect, test } from 'vitest';
import { mainResult, recordingOf } from '../../../src/panel/recording.ts';
import { transcriptScript } from '../../../src/panel/transcript.ts';
import { TRANSCRIPT_MIME } from '../../../src/protocol/mime.ts';
import { eventually } from '../../support/eventually.ts';
import type { PanelPage } from '../../support/panel-page.ts';
import {
  entitiesJson,
  recording,
  snapshot,
  transcriptJson,
  understandRecording,
} from '../../support/panel-scenes.ts';
import { wav } from '../../support/panel-sound.ts';
import { panelTests, sendContent } from '../../support/panel-test.ts';

describe('a recording', () => {
  const results = [
    { path: 'out/transcript.json', mime: TRANSCRIPT_MIME, bytes: 1 },
    { path: 'out/report.md', mime: 'text/markdown', bytes: 1 },
  ];

  test('is what an item with a transcript was made of, if that is a sound', () => {
    expect(recordingOf({ results, source: { file: 'talks/A.MP3' } })).toBe(0);
    expect(mainResult({ results, source: { file: 'talks/A.MP3' } })).toBe(0);
    expect(recordingOf({ results, source: { file: 'list.txt', line: 3 } })).toBe(-1);
    expect(recordingOf({ results, source: { file: 'talk.md' } })).toBe(-1);
    const source = { file: 'list.csv', line: 3 };
    expect(recordingOf({ results, source, input: 'a.opus' })).toBe(0);
    expect(recordingOf({ results })).toBe(-1);
    expect(mainResult({ results })).toBe(1);
    expect(recordingOf({ results: results.slice(1), source: { file: 'a.mp3' } })).toBe(-1);
  });
});

describe('a transcript', () => {
  test('is lines of words with their times, and with what they name', () => {
    const script = transcriptScript(transcriptJson(), entitiesJson());
    expect(script?.lines.map(({ start }) => start)).toEqual([1, 4, 6.5]);
    const words = script?.lines.flatMap((line) => line.words ?? []) ?? [];
    const named = words.filter(({ entity }) => entity !== undefined);
    expect(named.map(({ text, entity }) => `${text} ${entity?.type}`)).toEqual([
      'Anna person',
      'Kowalski person',
      'Paris. place',
      '$20 money',
    ]);
    expect(named[0]?.entity).toBe(named[1]?.entity);
  });

  test('of which all that is written is shown, whatever its words are', () => {
    const segments = [
      { text: '« Un, deux »!', words: [{ text: 'deux', start: 1, end: 2 }] },
      { text: 'x', words: [{ text: 'not there', start: 3, end: 4 }] },
    ];
    const script = transcriptScript(JSON.stringify({ segments }));
    const [first, second] = script?.lines ?? [];
    expect(first?.words).toEqual([{ text: 'deux', start: 1, before: '« Un, ' }]);
    expect(first?.after).toBe(' »! ');
    expect([second?.text, second?.words, second?.start]).toEqual(['x', undefined, 3]);
  });

  test.each(['', '[]', 'null', '{"segments":3}', '<p>'])('is not %s', (json) => {
    expect(transcriptScript(json)).toBeUndefined();
  });

  test.each([
    '{"segments":[null,{"text":"a"},{"text":"a","words":[{"text":1,"start":2}]}]}',
    '{"segments":[{"text":"a","words":[]}]}',
  ])('leaves out what is no sentence: %s', (json) => {
    expect(transcriptScript(json)?.lines).toEqual([]);
  });
});

const withPanel = panelTests();
const TALK = { run: 'talk', item: 1 };

const player = ({ page }: PanelPage) => page.getByRole('region', { name: 'Player' });
const spoken = (panel: PanelPage) => player(panel).locator('.said .word.spoken');

async function second(panel: PanelPage): Promise<number> {
  return Number(await player(panel).getByRole('slider').getAttribute('aria-valuenow'));
}

/** Plays the recording while the steps behind its transcript are under way. */
async function play(panel: PanelPage) {
  const run = recording();
  await panel.send(snapshot([run.state], { now: run.now }));
  await panel.page.getByRole('button', { name: 'Play recording' }).click();
  await sendContent(panel, { ...TALK, input: true }, wav(12));
  await sendContent(panel, { ...TALK, result: 0 }, transcriptJson());
  await player(panel).locator('.said .line').first().waitFor();
  return run;
}

describe('a recording in the panel', { timeout: 60_000 }, () => {
  test('plays from its input as soon as the transcript is there, and its words light up', async () => {
    await withPanel({}, async (panel) => {
      await play(panel);
      expect(await panel.posted()).toEqual([
        { type: 'loadResult', ...TALK, result: 0 },
        { type: 'loadInput', ...TALK },
      ]);
      // Each word as it is said, one after another.
      await eventually(() => spoken(panel).textContent()).toBe('Anna');
      await eventually(() => spoken(panel).textContent()).toBe('goes');
      expect(await spoken(panel).count()).toBe(1);
      expect(await player(panel).locator('.said [aria-current]').textContent()).toBe(
        'Anna Kowalski goes to Paris.',
      );
    });
  });

  test('goes to the word that is pressed, and sentence by sentence with keys', async () => {
    await withPanel({}, async (panel) => {
      await play(panel);
      await player(panel).getByRole('button', { name: 'Pause' }).click();
      await player(panel).getByText('$20').click();
      await eventually(() => spoken(panel).textContent()).toBe('$20');
      expect(await second(panel)).toBe(8);
      await player(panel).getByRole('slider').press('Shift+ArrowLeft');
      await eventually(() => spoken(panel).textContent()).toBe('She');
      await player(panel).getByRole('slider').press('Shift+ArrowLeft');
      await eventually(() => spoken(panel).textContent()).toBe('Anna');
      await player(panel).getByRole('slider').press('Home');
      await eventually(() => spoken(panel).count()).toBe(0);
    });
  });

  test('marks what is named when that is known, and plays on', async () => {
    await withPanel({ language: 'fr' }, async (panel) => {
      const run = recording();
      await panel.send(snapshot([run.state], { now: run.now }));
      await panel.page.getByRole('button', { name: 'Écouter l’enregistrement' }).click();
      await sendContent(panel, { ...TALK, input: true }, wav(12));
      await sendContent(panel, { ...TALK, result: 0 }, transcriptJson());
      const said = panel.page.locator('.player .said');
      await said.locator('.line').first().waitFor();
      expect(await said.locator('mark').count()).toBe(0);
      await panel.send({
        type: 'events',
        runs: [{ run: 'talk', events: understandRecording(run) }],
      });
      await sendContent(panel, { ...TALK, result: 0 }, transcriptJson());
      await sendContent(panel, { ...TALK, result: 1 }, entitiesJson());
      await eventually(() => said.locator('mark').allTextContents()).toEqual([
        'Anna Kowalski',
        'Paris.',
        '$20',
      ]);
      expect(await said.locator('mark').first().getAttribute('title')).toBe('Personne');
      expect(await said.textContent()).toContain('She is back soon.');
      expect(await panel.page.locator('.player .bad').count()).toBe(0);
    });
  });

  test('that is not there any more says so, with its transcript a press away', async () => {
    await withPanel({}, async (panel) => {
      const run = recording();
      await panel.send(snapshot([run.state], { now: run.now }));
      await panel.page.getByRole('button', { name: 'Play recording' }).click();
      const problem = 'talks/talk.wav is not there any more.';
      await panel.send({ type: 'content', ...TALK, input: true, problem });
      expect(await player(panel).locator('.bad').textContent()).toBe(problem);
      await player(panel).getByRole('button', { name: 'Open result' }).click();
      expect(await panel.posted()).toContainEqual({ type: 'openResult', ...TALK, result: 0 });
    });
  });
});
