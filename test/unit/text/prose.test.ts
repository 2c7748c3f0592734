import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countWords, Prose } from '../../../src/engines/text/prose.ts';

function feed(prose: Prose, text: string, size = 3, hold = false): string {
  let shown = '';
  for (let at = 0; at < text.length; at += size)
    shown += prose.push(text.slice(at, at + size), hold);
  return shown;
}

test('shows text as it comes', () => {
  const prose = new Prose();
  expect([prose.push('  The be'), prose.push('es fly'), prose.push('. ')]).toEqual([
    'The be',
    'es fly',
    '. ',
  ]);
});

test('ends with the sentence in which the goal was reached', () => {
  const prose = new Prose(4);
  const shown = feed(prose, 'One two three. Four five six. Seven.');
  expect(prose.finished).toBe(true);
  expect(prose.end(false).text).toBe('One two three. Four five six.');
  expect(shown.trim()).toBe('One two three. Four five six.');
});

test('abbreviations, initials and numbers end no sentence', () => {
  const prose = new Prose(1);
  feed(prose, 'Dr. J. Smith paid 3.50 e.g. to Mrs. Jones. And more.');
  expect(prose.end(false).text).toBe('Dr. J. Smith paid 3.50 e.g. to Mrs. Jones.');
});

test('a quotation mark belongs to its sentence; Chinese needs no spaces', () => {
  const english = new Prose(1);
  feed(english, 'He said: "Go!" Then left.');
  expect(english.end(false).text).toBe('He said: "Go!"');
  const chinese = new Prose(1);
  feed(chinese, '蜜蜂飞。它们回家。', 2);
  expect(chinese.end(false).text).toBe('蜜蜂飞。');
});

test('a limit cuts off the sentence that it met, unless it had ended', () => {
  const cut = new Prose();
  feed(cut, 'One. Two. Thr');
  expect(cut.end(true)).toMatchObject({ text: 'One. Two.', dropped: 'Thr' });
  const ended = new Prose();
  feed(ended, 'One. Two.');
  expect(ended.end(true)).toMatchObject({ text: 'One. Two.', dropped: '' });
  const single = new Prose();
  feed(single, 'no end at all');
  expect(single.end(true).text).toBe('no end at all');
});

test('held back, only whole sentences are shown, and none that is cut', () => {
  const prose = new Prose();
  expect(feed(prose, 'One two. Three', 2, true)).toBe('One two.');
  expect(prose.end(true)).toMatchObject({ rest: '', text: 'One two.' });
});

test('what is shown is the text, however it is cut into pieces', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '!', '\n', '"', 'é', '。') });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 7 }), fc.boolean(), (whole, size, hold) => {
      const prose = new Prose();
      const shown = feed(prose, whole, size, hold);
      const { text: final, rest } = prose.end(false);
      expect((shown + rest).trim()).toBe(final);
      expect(final).toBe(whole.trim());
    }),
  );
});

test('counts words of any script', () => {
  expect(countWords("It's 3 o'clock — now.")).toBe(4);
  expect(countWords('蜜蜂采蜜')).toBeGreaterThan(1);
});
