import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCaptions, srtOf, webVttOf } from '../../../src/engines/sound/captions.ts';
import { cuesOf } from '../../../src/engines/transcription/cues.ts';
import { type Stretch, segmentsOf, textOf } from '../../../src/engines/transcription/transcript.ts';
import { spreadWords, wordsOf } from '../../../src/engines/transcription/words.ts';
import { placeOf, sourceOfFile } from '../../../src/engines/understanding/source.ts';

function stretch(text: string, start: number, end: number): Stretch {
  const ranges = [{ start, end }];
  return { text, start, end, ranges, words: spreadWords(text, ranges) };
}

describe('the sentences of what was heard', () => {
  test('may go over several stretches; a long silence begins a paragraph', async () => {
    const segments = segmentsOf(
      [
        stretch('Dr. Smith came. He went', 1, 3),
        stretch('home by train.', 3.4, 5),
        stretch('It rained.', 9, 10),
      ],
      'en',
    );
    expect(segments.map(({ text }) => text)).toEqual([
      'Dr. Smith came.',
      'He went home by train.',
      'It rained.',
    ]);
    expect(segments[1]?.words.map(({ text }) => text)).toEqual([
      'He',
      'went',
      'home',
      'by',
      'train.',
    ]);
    expect(segments[1]?.end).toBe(5);
    expect(segments[2]).toMatchObject({ start: 9, end: 10, paragraph: true });
    expect(textOf(segments).text).toBe('Dr. Smith came. He went home by train.\n\nIt rained.');
  });

  test('hold every word once, in order, whatever the stretches', async () => {
    const words = fc.array(
      fc.constantFrom('a', 'Yes.', 'no,', 'why?', 'U.S.', '5', 'été', '東京'),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 8 }), (all) => {
        const heard = all.map((list, index) => stretch(list.join(' '), index * 10, index * 10 + 8));
        const segments = segmentsOf(heard, 'en');
        expect(segments.flatMap((segment) => segment.words)).toEqual(
          heard.flatMap((one) => one.words),
        );
        for (const { start, end, words: inside } of segments) {
          expect(inside[0]?.start).toBe(start);
          expect(inside.at(-1)?.end).toBe(end);
        }
      }),
    );
  });
});

test('words of scripts without spaces are told apart', async () => {
  expect(wordsOf('Hello, world')).toEqual(['Hello,', 'world']);
  expect(wordsOf('今日は東京に行きます。').length).toBeGreaterThan(3);
  expect(wordsOf('今日は東京に行きます。').join('')).toBe('今日は東京に行きます。');
});

describe('captions', () => {
  test('are short enough to be read, and have every word', async () => {
    const text = 'one two three four five six seven eight nine ten '.repeat(8).trim();
    const cues = cuesOf(segmentsOf([stretch(text, 0, 60)], 'en'));
    expect(cues.map((cue) => cue.text.replaceAll('\n', ' ')).join(' ')).toBe(text);
    for (const cue of cues) {
      expect(cue.end - cue.start).toBeLessThanOrEqual(7);
      expect(cue.text.split('\n').length).toBeLessThanOrEqual(2);
      for (const line of cue.text.split('\n')) expect(line.length).toBeLessThanOrEqual(42);
    }
  });

  test('are about equally long, end at marks, and stay as long as they are read', () => {
    const shown = (text: string, from: number, to: number) =>
      cuesOf(segmentsOf([stretch(text, from, to)], 'en')).map((cue) => cue.text);
    // Nothing is left over for a caption of one word.
    expect(
      shown('The price of steel is a terrible problem for all of us this year in the town.', 0, 8),
    ).toEqual(['The price of steel is a terrible problem', 'for all of us this year in the town.']);
    expect(
      shown('In September, if the weather is kind, the price of steel is a problem.', 0, 5),
    ).toEqual(['In September, if the weather is kind,\nthe price of steel is a problem.']);
    // A script without spaces gets none, and is twice as wide.
    const japanese = '今日は東京に行きますので、'.repeat(4);
    const lines = shown(japanese, 0, 12).flatMap((cue) => cue.split('\n'));
    expect(lines.join('')).toBe(japanese);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(21);
    const [yes, no] = cuesOf(segmentsOf([stretch('Yes.', 1, 1.2), stretch('No.', 1.8, 2)], 'en'));
    expect([yes?.end, no?.end]).toEqual([1.8, 2.8]);
  });

  test('are read as they were written', async () => {
    const seconds = fc.integer({ min: 0, max: 20_000_000 }).map((ms) => ms / 1000);
    const cue = fc.record({
      start: seconds,
      length: seconds,
      text: fc.constantFrom('Hello there', 'a < b & c > d', '5 --> 6', 'Größe 東京'),
    });
    fc.assert(
      fc.property(fc.array(cue, { minLength: 1, maxLength: 10 }), (all) => {
        const cues = all.map(({ start, length, text }) => ({
          start,
          end: Math.round((start + length) * 1000) / 1000,
          text,
        }));
        expect(parseCaptions(webVttOf(cues))).toEqual(cues);
        expect(parseCaptions(srtOf(cues))).toEqual(
          cues.map((one) => ({ ...one, text: one.text.replace('-->', '→') })),
        );
      }),
    );
  });

  test('a text that only looks like one is none', async () => {
    expect(parseCaptions('At 00:01:02,000 --> he went.\n\nHello')).toBeUndefined();
    expect(parseCaptions('')).toBeUndefined();
  });
});

test('a place in the text of captions or a transcript has its time', async () => {
  const segments = segmentsOf([stretch('Anna met Bob in Paris today.', 10, 16)], 'en');
  const transcript = JSON.stringify({
    version: 1,
    language: 'en',
    seconds: 20,
    timed: false,
    engine: 'x',
    speech: [{ start: 10, end: 16 }],
    segments,
  });
  const source = await sourceOfFile(transcript, 'transcript.json');
  const from = source.text.indexOf('Bob');
  const bob = segments[0]?.words[2];
  expect(placeOf(source, from, from + 3)).toEqual({
    from,
    to: from + 3,
    start: bob?.start,
    end: bob?.end,
  });
  const captions = await sourceOfFile(
    'WEBVTT\n\n00:01.000 --> 00:02.500\nHello <b>there</b>\n',
    'x.vtt',
    'en',
  );
  expect(captions.text).toBe('Hello there');
  expect(placeOf(captions, 6, 11)).toEqual({ from: 6, to: 11, start: 1, end: 2.5 });
  expect(placeOf(await sourceOfFile('Hello there.', 'x.txt', 'en'), 0, 5)).toEqual({
    from: 0,
    to: 5,
  });
});
