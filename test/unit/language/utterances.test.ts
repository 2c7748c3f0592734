import { describe, expect, it } from 'vitest';
import { boundLength } from '../../../src/engines/language/bound.ts';
import { decodeText } from '../../../src/engines/language/utf8.ts';
import { toUtterances } from '../../../src/engines/language/utterances.ts';

function read(source: string, markdown = true): string[] {
  return toUtterances(source, { markdown, text: 'written', unit: 'sentence' }).map((u) => u.text);
}

const MARKDOWN: readonly (readonly [source: string, said: readonly string[]])[] = [
  ['# A *big* title', ['A big title.']],
  ['Title\n=====\n\nText', ['Title.', 'Text.']],
  ['Some **bold** and [a link](http://x.org "t").', ['Some bold and a link.']],
  ['See <https://www.foo.org/bar?a=1> now', ['See foo.org now.']],
  ['Call `maxRetries` of `a_b`', ['Call max Retries of a b.']],
  ['1. wall\n2. water', ['1. wall.', '2. water.']],
  ['7. wall\n8. water', ['7. wall.', '8. water.']],
  ['- [x] milk\n- [ ] bread\n- eggs', ['Done: milk.', 'To do: bread.', 'eggs.']],
  ['- a\n  - b\n\n    c', ['a.', 'b.', 'c.']],
  ['> quoted\n> text', ['quoted text.']],
  ['```python\nx = 1\nprint(x)\n```', ['A code block in python, 2 lines.']],
  ['```\nnever closed', ['A code block, 1 line.']],
  ['| Name | Size |\n|-|-|\n| Ann | 5 |\n| Bob | |', ['Name: Ann; Size: 5.', 'Name: Bob.']],
  ['![A cat](cat.png)', ['Image: A cat.']],
  ['![](cat.png)', []],
  ['A fact[^1].\n\n[^1]: The source.', ['A fact.', 'Footnote 1: The source.']],
  ['<div>hidden</div>\n\nSeen<br>text ~~gone~~', ['Seen text.']],
  ['---\ntitle: x\n---\n\nText', ['Text.']],
  ['+++\ntitle = "x"\n+++\nText', ['Text.']],
  ['---\n\nText\n\n---\n\nMore', ['Text.', 'More.']],
  ['---\r\ntitle: x\r\n---\r\nText', ['Text.']],
  ['a\n\n***\n\nb', ['a.', 'b.']],
  ['你好。再见。', ['你好。', '再见。']],
  ['مرحبا بالعالم', ['مرحبا بالعالم.']],
  ['', []],
  ['\n \n', []],
  ['*** --- ###', []],
  ['!?…', []],
];

describe('Markdown', () => {
  it.each(MARKDOWN)('%j is read %j', (source, said) => {
    expect(read(source)).toEqual(said);
  });

  it('pauses longest after a heading, and shortest between sentences', () => {
    const utterances = toUtterances('# Title\n\nOne. Two.\n\n- a\n- b\n\nEnd', {
      markdown: true,
      text: 'written',
      unit: 'sentence',
    });
    const [title = 0, one = 0, two = 0, item = 0] = utterances.map(({ pause }) => pause);
    expect(title).toBeGreaterThan(two);
    expect(two).toBeGreaterThan(item);
    expect(item).toBeGreaterThan(one);
  });
});

describe('plain text', () => {
  it('is not taken for Markdown', () => {
    expect(read('# one\n- two', false)).toEqual(['# one - two']);
  });

  it('has a paragraph for each empty line', () => {
    expect(read('One\ntwo.\n\n\nThree', false)).toEqual(['One two.', 'Three']);
  });

  it('can be handed on by the paragraph', () => {
    const options = { markdown: false, text: 'written', unit: 'paragraph' } as const;
    expect(toUtterances('One. Two.\n\nThree.', options).map(({ text }) => text)).toEqual([
      'One. Two.',
      'Three.',
    ]);
  });
});

describe('boundLength', () => {
  it('cuts at clauses first, then at commas and spaces', () => {
    expect(boundLength('one two; three four five', 15)).toEqual(['one two;', 'three four five']);
    expect(boundLength('one two, three four', 12)).toEqual(['one two,', 'three four']);
    expect(boundLength('one two three', 9)).toEqual(['one two', 'three']);
  });

  it('never cuts a character in two', () => {
    const pieces = boundLength('😀'.repeat(10), 5);
    expect(pieces.every((piece) => piece.isWellFormed() && piece.length <= 5)).toBe(true);
    expect(pieces.join('')).toBe('😀'.repeat(10));
  });
});

describe('hostile texts', () => {
  const size = 200_000;
  it.each([
    ['one long word', 'a'.repeat(size)],
    ['one long line', 'word '.repeat(size / 5)],
    ['digits', '7'.repeat(size)],
    ['signs', '#$%^&*()_+='.repeat(size / 11)],
    ['stars', '*a **a '.repeat(size / 7)],
    ['brackets', '['.repeat(size)],
    ['quotes in quotes', `${'> '.repeat(size / 2)}x`],
    ['lists in lists', Array.from({ length: 300 }, (_, i) => `${' '.repeat(2 * i)}- x`).join('\n')],
    ['CJK', '你好。'.repeat(size / 3)],
    ['emoji', '😀👍🏽'.repeat(size / 6)],
    ['half characters and controls', '\ud800\0\u2028\u202e '.repeat(size / 5)],
  ])('%s: in good time, in bounded pieces', { timeout: 30_000 }, (_, source) => {
    for (const markdown of [true, false]) {
      const options = { markdown, text: 'spelled', unit: 'sentence' } as const;
      const utterances = toUtterances(source, options);
      const longest = utterances.reduce((most, { text }) => Math.max(most, text.length), 0);
      expect(longest).toBeLessThan(10_000);
      expect(utterances.every(({ text }) => text.isWellFormed())).toBe(true);
    }
  });
});

describe('decodeText', () => {
  const bytes = (...parts: (string | number)[]) =>
    Buffer.concat(parts.map((part) => Buffer.from(typeof part === 'string' ? part : [part])));

  it('takes a byte order mark away and reads UTF-16 with one', () => {
    expect(decodeText(bytes(0xef, 0xbb, 0xbf, 'é'), 'a')).toBe('é');
    expect(decodeText(Buffer.from('\ufeffé', 'utf16le'), 'a')).toBe('é');
  });

  it.each([
    ['the first byte', [0xff, 'abc'], 'a.txt:1:1: byte 0xff'],
    ['in a later line', ['one\ntwé ', 0xe9, ' x'], 'a.txt:2:5: byte 0xe9'],
    ['a character cut by the end', ['ab', 0xe2, 0x82], 'a.txt:1:3: byte 0xe2'],
    ['a character cut by another', ['ab', 0xe2, 0x28, 0xa1], 'a.txt:1:3: byte 0xe2'],
    ['a lone continuation', ['abc\n', 0x80], 'a.txt:2:1: byte 0x80'],
  ])('says where the first bad byte is: %s', (_, parts, message) => {
    expect(() => decodeText(bytes(...parts), 'a.txt')).toThrow(message);
  });
});
