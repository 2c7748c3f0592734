import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import {
  type Chunk,
  type ChunkerOptions,
  createChunker,
} from '../../../src/engines/language/chunker/chunker.ts';
import { toUtterance } from '../../../src/engines/language/utterances.ts';

const project = join(import.meta.dirname, '../../..');
const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'docs/batch-file.md',
  'docs/speaking.md',
  'docs/progress.md',
  'test/unit/language/lesson.md',
];
const pages = PAGES.map((page) => [page, readFileSync(join(project, page), 'utf8')] as const);
const golden = ['en', 'fr', 'es', 'de', 'zh'].flatMap((language) => {
  const file = join(import.meta.dirname, 'golden', `${language}.json`);
  const rules: readonly { text: string }[] = JSON.parse(readFileSync(file, 'utf8'));
  return rules.map(({ text }) => text);
});

/** The chunks of a text that comes in pieces cut at these places. */
function chunk(text: string, options: ChunkerOptions, cuts: readonly number[] = []): Chunk[] {
  const chunker = createChunker(options);
  const ends = [...cuts, text.length];
  const pieces = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
  return [...pieces.flatMap((piece) => chunker.push(piece)), ...chunker.end()];
}

const markdown = { markdown: true };
const said = (text: string, options: ChunkerOptions = markdown) =>
  chunk(text, options).map((one) => one.said);

/** What Markdown, and what confuses sentences, is made of. */
const SCRAPS =
  `Hello world|. |? |! |.|Dr. |p. 5 |U.S. |He said |**|*|_|\`|\`\`|[a](http://b.c)|[|](|- |1. |2) |# |> |
    |\`\`\`\n|~~~|\n\n|\n|<b>|<div>\n|&amp; |…| . . .|”|“|你好。|，|—|; |, |: |---\n|===\n|[x] |\\|\t|\r\n|\r|😀|
    |\ud83d|\f|a.m. |3.5|12. |https://x.y/z. |[^1]|[^1]: |[b]: c\n|+++\n|title: x\n|\ufeff|• |! 🎉 |~~`
    .split('|')
    .concat('| a | b |\n|-|-|\n', '|', ' | ');

const anyText = fc.oneof(
  fc.array(fc.constantFrom(...SCRAPS), { maxLength: 40 }).map((scraps) => scraps.join('')),
  fc.constantFrom(...pages.map(([, text]) => text.slice(0, 3000)), ...golden),
);
const anyOptions: fc.Arbitrary<ChunkerOptions> = fc.record({
  markdown: fc.boolean(),
  language: fc.constantFrom('en', 'de', 'es', 'zh', 'xx'),
  unit: fc.constantFrom('sentence', 'paragraph'),
  longest: fc.constantFrom(600, 40, 10),
  early: fc.constantFrom(undefined, { min: 10, max: 30, until: 1 }, { min: 5, max: 20, until: 99 }),
});

describe('a text in any pieces', () => {
  it('has the same chunks', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 });
    const property = fc.property(anyText, anyOptions, steps, (text, options, sizes) => {
      const cuts: number[] = [];
      for (let at = 0; at < text.length; at += sizes[cuts.length % sizes.length] ?? 1)
        cuts.push(at);
      expect(chunk(text, options, cuts)).toEqual(chunk(text, options));
    });
    fc.assert(property, { numRuns: 1500 });
  });

  it('has the same chunks one character at a time', () => {
    const property = fc.property(anyText, anyOptions, (text, options) => {
      const cuts = Array.from({ length: text.length }, (_, at) => at);
      expect(chunk(text, options, cuts)).toEqual(chunk(text, options));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('has the same chunks where white space that is none in Markdown follows a mark', () => {
    const text = '===\n- \ufeffHello world';
    expect(chunk(text, markdown, [7, 8, 9])).toEqual(chunk(text, markdown));
  });

  it('is neither lost nor doubled', () => {
    const property = fc.property(anyText, anyOptions, (text, options) => {
      const chunks = chunk(text, options);
      expect(chunks.map((one) => one.text).join('')).toBe(text);
      let end = 0;
      for (const [index, one] of chunks.entries()) {
        expect(one).toMatchObject({ index, start: end, end: end + one.text.length });
        end = one.end;
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });
});

describe('Markdown, chunk by chunk', () => {
  const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

  /** The words to say, as a parser finds them that sees the whole text. */
  function wordsOf(node: Nodes): string[] {
    switch (node.type) {
      case 'text':
        return words(node.value);
      case 'inlineCode':
        return words(node.value.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replaceAll('_', ' '));
      case 'image':
        return ['Image', ...words(node.alt ?? '')];
      case 'code': {
        const lines = node.value.trimEnd().split('\n').length;
        const kind = node.lang ? `in ${node.lang}` : '';
        return words(`A code block ${kind} ${lines} ${lines === 1 ? 'line' : 'lines'}`);
      }
      case 'list':
        return node.children.flatMap((item, index) => [
          ...(node.ordered ? [String((node.start ?? 1) + index)] : []),
          ...wordsOf(item),
        ]);
      case 'table': {
        const [names = [], ...rows] = node.children.map((row) => row.children.map(wordsOf));
        const withNames = (cell: string[], column: number) =>
          cell.length === 0 ? [] : [...(names[column] ?? []), ...cell];
        return rows.flatMap((cells) => cells.flatMap(withNames));
      }
      default:
        return 'children' in node && node.type !== 'delete' ? node.children.flatMap(wordsOf) : [];
    }
  }

  it.each(pages)('%s reads like the whole', (_, text) => {
    const whole = wordsOf(
      fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }),
    );
    expect(whole.length).toBeGreaterThan(100);
    expect(said(text).flatMap(words).join(' ')).toBe(whole.join(' '));
  });

  it.each([
    ['**One. Two.** Three.', ['One. Two.', 'Three.']],
    ['See [a. B](http://x.org/a. "b. C") now. Next.', ['See a. B now.', 'Next.']],
    ['Call `a. B` now. *Next. One.*', ['Call a. B now.', 'Next. One.']],
    ['5 * 3 is 15. 2*3 is 6. So.', ['5 * 3 is 15.', '2*3 is 6.', 'So.']],
    ['An *open one. Next.', ['An *open one.', 'Next.']],
    ['![A. B](c.png) Next.', ['Image: A. B. Next.']],
    ['See [a/b](a/b), <https://x.org/c>.', ['See a/b, x.org.']],
    ['[a picture][1] and ![another][2].', ['a picture and Image: another.']],
    ['7. One. Two.\n   Three.\n1. Four', ['7. One.', 'Two.', 'Three.', '8. Four.']],
    ['1. a\n   - b\n2. c', ['1. a.', 'b.', '2. c.']],
    ['- [ ] a\n- [x] **b**', ['To do: a.', 'Done: b.']],
    ['- a\n\n      code\n- b', ['a.', 'A code block, 1 line.', 'b.']],
    ['> One. Two\nthree', ['One.', 'Two three.']],
    ['a\n| b | c |\n|---|---|\n| d. E | `f` |', ['a.', 'b: d. E; c: f.']],
    ['b | c\n--|--\nd | e\n\nf', ['b: d; c: e.', 'f.']],
    ['| b | c |\n|---|---|', ['b, c.']],
    ['P(A | B) is a sign. Next.', ['P(A | B) is a sign.', 'Next.']],
    ['# One. Two #\nThree', ['One.', 'Two.', 'Three.']],
    ['One. Two\n---\nThree', ['One.', 'Two.', 'Three.']],
    ['• one\n• two', ['• one', '• two.']],
    ['One.[^1] Two\n\n[^1]: Three', ['One.', 'Two.', 'Footnote 1: Three.']],
    ['<b>One</b>. Two.\n\n<div>\nThree.\n</div>\n\nFour', ['One.', 'Two.', '', 'Four.']],
    ['---\n# One\nTwo. Three.\n---', ['', 'One.', 'Two.', 'Three.']],
    ['---\na: b\n\n- c\n---\nOne.', ['', 'One.']],
  ])('%j', (text, expected) => {
    expect(said(text)).toEqual(expected);
  });
});

describe('a sentence comes out', () => {
  /** What has come, without its last character, when each chunk comes out. */
  function moments(text: string, options: ChunkerOptions = markdown): string[] {
    const chunker = createChunker(options);
    return [...text].flatMap((character, at) =>
      chunker.push(character).map((one) => `${one.said}@${text.slice(one.end, at + 1)}`),
    );
  }

  it.each([
    ['with the first letter of the next', 'One is here. Two', ['One is here.@T']],
    ['with an empty line', 'One is here.\n\nTwo', ['One is here.@']],
    ['with the end of a heading', '# One\nTwo', ['One.@']],
    ['with the next item', '- One\n- Two', ['One.@- T']],
    ['not before a number is known to be one', 'It costs 3. 5', ['It costs 3.@5']],
    ['not at a name', 'Dr. Smith and J. Doe. He', ['Dr. Smith and J. Doe.@H']],
    ['with the next word, where it decides', 'In the U.S. How are', ['In the U.S.@How ']],
    ['with the next sign where no space is', '你好。再见。', ['你好。@再']],
    ['when emphasis ends', '**One. Two.** Three', ['One. Two.@T']],
  ])('%s', (_, text, expected) => {
    expect(moments(text)).toEqual(expected);
  });

  it('two characters behind its end, in a lesson', () => {
    const [, lesson = ''] = pages.at(-1) ?? [];
    const chunker = createChunker(markdown);
    const delays = [...lesson].flatMap((character, at) =>
      chunker
        .push(character)
        .filter(({ ends }) => ends === 'sentence')
        .map(({ start, text }) => at + 1 - start - text.trimEnd().length),
    );
    expect(delays.length).toBeGreaterThan(10);
    expect(delays.filter((delay) => delay > 2).length / delays.length).toBeLessThan(0.1);
  });
});

describe('early chunks', () => {
  const early = { min: 10, max: 30, until: 1 };

  it.each([
    [
      'at a comma',
      'When light falls, the leaf works, and well.',
      ['When light falls,', 'the leaf works, and well.'],
    ],
    [
      'at no comma that is too near',
      'So, when light falls, it works.',
      ['So, when light falls,', 'it works.'],
    ],
    [
      'not within a date',
      'It was on May 3, 2024, at noon.',
      ['It was on May 3, 2024,', 'at noon.'],
    ],
    [
      'not within a link',
      'See here [one, two, three](http://a.b), now.',
      ['See here one, two, three,', 'now.'],
    ],
    [
      'at a space, when no comma comes',
      'One two three four five six seven eight nine.',
      ['One two three four five six seven', 'eight nine.'],
    ],
    [
      'at a wide comma',
      '光合作用是植物制造糖的过程，也放出氧气。',
      ['光合作用是植物制造糖的过程，', '也放出氧气。'],
    ],
    [
      'only once',
      'Short one here. When light falls, it works.',
      ['Short one here.', 'When light falls, it works.'],
    ],
  ])('%s', (_, text, expected) => {
    expect(said(text, { ...markdown, early })).toEqual(expected);
  });

  it('go on until so much has been said', () => {
    const text = 'When light falls, the leaf works, and well, all day long, as ever.';
    const options = { ...markdown, early: { ...early, until: 30 } };
    expect(chunk(text, options).map(({ said: words, ends }) => [words, ends])).toEqual([
      ['When light falls,', 'fragment'],
      ['the leaf works,', 'fragment'],
      ['and well, all day long, as ever.', 'block'],
    ]);
  });
});

describe('long chunks', () => {
  it('end at a clause, else at a comma, else at a space', () => {
    const options = { ...markdown, longest: 20 };
    expect(said('one two three; four five, six', options)).toEqual([
      'one two three;',
      'four five, six.',
    ]);
    expect(said('one two three, four five', options)).toEqual(['one two three,', 'four five.']);
    expect(said('one two three four five', options)).toEqual(['one two three four', 'five.']);
  });

  it('cut no character in two', () => {
    const parts = chunk('😀a'.repeat(40), { ...markdown, longest: 10 });
    expect(parts.every(({ text }) => text.isWellFormed())).toBe(true);
  });

  it('are paragraphs where an engine takes paragraphs', () => {
    const options = { ...markdown, unit: 'paragraph' } as const;
    expect(said('One. Two.\n\nThree.', options)).toEqual(['One. Two.', 'Three.']);
    expect(said('One two. Three four.', { ...options, longest: 12 })).toEqual([
      'One two.',
      'Three four.',
    ]);
  });
});

describe('pauses', () => {
  it('are longer behind a block than within one', () => {
    const text = '# A\nOne. Two, three.\n- b\n- c\n\nEnd\n\n---';
    const chunks = chunk(text, { ...markdown, early: { min: 3, max: 20, until: 9 } });
    expect(chunks.map(({ said: words, ends, pause }) => [words, ends, pause])).toEqual([
      ['A.', 'block', 700],
      ['One.', 'sentence', 220],
      ['Two,', 'fragment', 80],
      ['three.', 'block', 500],
      ['b.', 'block', 300],
      ['c.', 'block', 500],
      ['End.', 'block', 500],
      ['', 'block', 0],
    ]);
  });
});

describe('toUtterance', () => {
  it('writes a chunk as an engine takes it', () => {
    const [price, rule] = chunk('It costs $5.\n\n---\n', markdown);
    expect(price && toUtterance(price, { text: 'spelled' })).toEqual({
      text: 'It costs five dollars.',
      pause: 500,
    });
    expect(price && toUtterance(price, { text: 'written' })?.text).toBe('It costs $5.');
    expect(rule && toUtterance(rule, { text: 'spelled' })).toBeUndefined();
  });
});
