import { expect, test } from 'vitest';
import { begunParts, lessonParts, lessonTitle } from '../../../src/engines/text/lesson.ts';
import { Rest } from '../../../src/engines/text/rest.ts';

const wish = { topic: 'Bread', level: 'beginners', language: 'fr', words: 300 };

test('a lesson has five parts with headings in its language, and its words in all', () => {
  const parts = lessonParts(wish);
  expect(parts.map(({ heading }) => heading.trim())).toEqual([
    '## Objectif',
    '## Explication',
    '## Exemple',
    '## Résumé',
    '## Question',
  ]);
  expect(parts.reduce((sum, { words }) => sum + words, 0)).toBe(300);
  expect(lessonParts({ ...wish, language: 'xx' })[0]?.heading).toBe('## Objective\n\n');
  expect(lessonTitle(' Bread ')).toBe('# Bread\n\n');
  expect(lessonTitle('a\nb')).toBe('');
});

test('what has been begun is found again, part by part, wherever it broke off', () => {
  const parts = lessonParts(wish);
  const texts = ['Un.', 'Deux mots.\n\n## À part\n\nEt trois.', 'Qua'];
  const whole = `# Bread\n\n${texts.map((text, index) => `${parts[index]?.heading}${text}`).join('\n\n')}`;
  expect(begunParts(whole, parts)).toEqual(texts);
  for (let length = 0; length <= whole.length; length += 1) {
    // A heading comes in one piece, with the empty line above it.
    const inHeading = parts.some(({ heading }) => {
      const at = whole.indexOf(heading);
      return at >= 0 && length > at - 2 && length < at + heading.length;
    });
    if (inHeading) continue;
    const found = begunParts(whole.slice(0, length), parts);
    for (const [index, text] of found.entries()) expect(texts[index]?.startsWith(text)).toBe(true);
    expect(found.slice(0, -1)).toEqual(texts.slice(0, Math.max(0, found.length - 1)));
  }
});

const BEGUN = 'Plants make food. They use the light of the';

test.each([
  ['the next word', 'sun. Done.', ' sun. Done.'],
  ['the next word behind a space', ' sun. Done.', ' sun. Done.'],
  ['the cut sentence again', 'They use the light of the sun. Done.', ' sun. Done.'],
  ['the last words again', 'the light of the sun. Done.', ' sun. Done.'],
  ['a mark', ', and more. Done.', ', and more. Done.'],
  ['a word that ends alike by chance', 'the sun. Done.', ' the sun. Done.'],
])('the rest of a text that begins with %s', (_, answer, rest) => {
  for (const size of [1, 4, 100]) {
    const taken = new Rest(BEGUN);
    let text = '';
    for (let at = 0; at < answer.length; at += size)
      text += taken.push(answer.slice(at, at + size));
    expect(text + taken.end()).toBe(rest);
  }
});

test('the rest of nothing is all that comes, at once', () => {
  const taken = new Rest('');
  expect([taken.push('A'), taken.push(' b'), taken.end()]).toEqual(['A', ' b', '']);
});
