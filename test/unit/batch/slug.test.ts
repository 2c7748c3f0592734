import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slug } from '../../../src/batch/placeholders.ts';

test.for([
  ['Explain what a living cell is!', 'explain-what-a-living-cell-is'],
  ['  Café – crème brûlée  ', 'cafe-creme-brulee'],
  ['Größe: 5 m²', 'große-5-m2'],
  ['../../etc/passwd', 'etc-passwd'],
  ['C:\\Users\\me', 'c-users-me'],
  ['細胞とは何か', '細胞とは何か'],
  ['がっこう', 'がっこう'],
  ['세포란 무엇인가', '세포란-무엇인가'],
  ['हिन्दी में', 'हिन्दी-में'],
  ['ما هي الخلية؟', 'ما-هي-الخلية'],
  ['İstanbul', 'istanbul'],
  ['ﬁle №7', 'file-no7'],
  ['a\0b\nc', 'a-b-c'],
  ['👩‍🚀 🎵', 'item'],
  ['👩‍🚀 to 🌍', 'to'],
  ['', 'item'],
  ['...', 'item'],
  ['con', 'item-con'],
  ['NUL', 'item-nul'],
  ['COM¹', 'item-com1'],
  ['lpt9', 'item-lpt9'],
  ['Console', 'console'],
] as const)('%j becomes %s', ([title, name]) => {
  expect(slug(title)).toBe(name);
});

test('a long title is cut to 60 characters, never through one', () => {
  expect(slug('word '.repeat(50))).toHaveLength(59);
  expect(slug(`${'x'.repeat(59)}𠮷𠮷`)).toBe('x'.repeat(59));
});

const title = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom(
      '𠮷',
      'é',
      'が',
      '한',
      'क',
      '्',
      'ש',
      '👩‍🚀',
      '\u202e',
      'con',
      '/',
      '\\',
      ' ',
      '.',
    ),
    maxLength: 100,
  }),
);

test('any title gives a name that every file system takes', () => {
  fc.assert(
    fc.property(title, (text) => {
      const name = slug(text);
      expect(name).toMatch(/^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?$/u);
      expect(name.length).toBeLessThanOrEqual(60);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(180);
      expect(name.isWellFormed()).toBe(true);
      expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/);
      expect(name).toBe(name.normalize('NFC'));
    }),
    { numRuns: 500 },
  );
});

test('the name of a name is the name', () => {
  fc.assert(fc.property(title, (text) => slug(slug(text)) === slug(text)));
});
