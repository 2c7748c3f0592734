import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mainResult } from '../../../src/panel/recording.ts';
import {
  exactScript,
  partsIn,
  reckonedScript,
  saidAt,
  sentenceBeside,
  timingsBeside,
} from '../../../src/panel/script.ts';
import { writtenLines } from '../../../src/panel/written.ts';
import type { SoundPart } from '../../../src/protocol/events.ts';

const TEXTS = ['# A title\n\n', 'Today we learn, ', 'how it is. ', 'Is it? ', '“Yes.” ', 'And so'];
const TEXT = TEXTS.join('');

/** A part of two seconds for each text, a second of silence behind it. */
const PARTS: readonly SoundPart[] = TEXTS.map((text, chunk) => {
  const from = TEXTS.slice(0, chunk).join('').length;
  return { chunk, text, from, to: from + text.length, start: 3 * chunk, end: 3 * chunk + 2 };
});

describe('what is said', () => {
  test('is known part by part; what is written behind it is the rest', () => {
    const more = `${TEXT} it goes on`;
    const script = exactScript(PARTS, { text: more, length: more.length });
    expect(script.lines.map(({ text }) => text)).toEqual(TEXTS);
    expect(script.rest).toBe(' it goes on');
    // Of a long text only the end is kept.
    const end = exactScript(PARTS, { text: more.slice(30), length: more.length });
    expect(end.rest).toBe(' it goes on');
    expect(exactScript(PARTS, { text: 'x'.repeat(200), length: 200 }).rest).toBe('');
    expect(exactScript([], { text: 'So it', length: 5 })).toEqual({
      lines: [],
      rest: 'So it',
      exact: true,
    });
  });

  test('is the line of a second, also in the silence behind it', () => {
    const script = exactScript(PARTS);
    expect([0, 1, 2.5, 3, 17, 99].map((second) => saidAt(script.lines, second))).toEqual([
      0, 0, 0, 1, 5, 5,
    ]);
    expect(saidAt([], 1)).toBe(-1);
  });

  test('goes sentence by sentence, however many parts one has', () => {
    const script = exactScript(PARTS);
    const next = (second: number) => sentenceBeside(script, second, 1);
    const before = (second: number) => sentenceBeside(script, second, -1);
    expect([next(0), next(3), next(6.5), next(9), next(12), next(15)]).toEqual([
      3,
      9,
      9,
      12,
      15,
      undefined,
    ]);
    // To the beginning of the sentence, and when that has just been, to the one before.
    expect([before(8), before(4), before(9.5), before(11), before(0)]).toEqual([3, 0, 3, 9, 0]);
  });

  test('is reckoned from the length of a text where nothing else is known', () => {
    const { lines, exact } = reckonedScript({ text: 'One is. Two is. ', length: 16 }, 10);
    expect(exact).toBe(false);
    expect(lines).toEqual([
      { text: 'One is. ', start: 0 },
      { text: 'Two is. ', start: 5 },
    ]);
  });
});

describe('the file of timings beside a sound', () => {
  const file = (path: string) => ({ path, mime: '', bytes: 1 });

  test('is the one of its name', () => {
    const results = [file('out/a.md'), file('out/a.mp3'), file('out/b.json'), file('out/a.json')];
    expect(timingsBeside(results, file('out/a.mp3'))).toBe(3);
    expect(timingsBeside(results, file('out/c.mp3'))).toBeUndefined();
    expect(timingsBeside([file('out/a.json')], file('out/a.json'))).toBeUndefined();
  });

  test('gives the parts, and any other file none', () => {
    expect(partsIn(JSON.stringify({ seconds: 9, chunks: PARTS }))).toEqual(PARTS);
    for (const other of [
      '',
      'null',
      '[]',
      '{"chunks":{}}',
      '{"chunks":[null]}',
      '{"chunks":[{"text":"a","chunk":0,"from":0,"to":1,"start":"0","end":1}]}',
      '{"chunks":[{"chunk":0,"from":0,"to":1,"start":0,"end":1}]}',
    ]) {
      expect(partsIn(other), other).toBeUndefined();
    }
  });
});

test('the sound is what an item was made for, not what stands beside it', () => {
  const file = (path: string, mime = 'text/plain') => ({ path, mime, bytes: 1 });
  const sound = file('out/a.b.mp3', 'audio/mpeg');
  const beside = [file('out/a.b.vtt'), file('out/a.b.json')];
  expect(mainResult({ results: [file('out/a.b.md'), sound, ...beside] })).toBe(1);
  expect(mainResult({ results: [sound, file('out/a.json')] })).toBe(1);
  expect(mainResult({ results: [file('x/one'), file('y/two')] })).toBe(1);
  expect(mainResult({ results: [] })).toBe(-1);
});

describe('what is written', () => {
  test('is shown without its marks', () => {
    const lines = writtenLines(
      '\n## A **title**\n\nA [link](http://x.y) and `code`.\n- one\n2. two\n\n> a quote ',
    );
    expect(lines).toEqual([
      { text: 'A title', heading: true, end: 'paragraph' },
      { text: 'A link and code.', heading: false, end: 'line' },
      { text: '• one', heading: false, end: 'line' },
      { text: '2. two', heading: false, end: 'paragraph' },
      { text: 'a quote', heading: false, end: 'none' },
    ]);
    expect(writtenLines('half of **a word')).toEqual([
      { text: 'half of **a word', heading: false, end: 'none' },
    ]);
  });

  test('loses no word', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 8 });
    const lines = fc.array(
      fc.tuple(
        fc.constantFrom('', '# ', '- ', '> ', '\n'),
        words,
        fc.constantFrom('\n', '\n\n', ' '),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lines, (drawn) => {
        const text = drawn.map(([mark, some, end]) => mark + some.join(' ') + end).join('');
        const shown = writtenLines(text).map((line) => line.text);
        expect(shown.join(' ').match(/[a-z]+/g)).toEqual(text.match(/[a-z]+/g));
      }),
    );
  });
});
