import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  colourAfter,
  colouredText,
  isColourOnly,
  isOnlyColoured,
  plainText,
  withoutColours,
} from '../../../src/protocol/escapes.ts';

const RED = '\x1b[31m';
const END = '\x1b[0m';

/** Escapes that must not reach a terminal, each with what it would do. */
const HOSTILE = {
  'name the window': '\x1b]0;title\x07',
  'name it, ended by ST': '\x1b]2;title\x1b\\',
  'write to the clipboard': '\x1b]52;c;aGFja2Vk\x07',
  'link text': '\x1b]8;;command:workbench.action.quit\x07',
  'report a working directory': '\x1b]633;P;Cwd=/tmp\x07',
  'clear the screen': '\x1b[2J\x1b[H',
  'move the cursor': '\x1b[5A\x1b[10;20H',
  'ask for an answer': '\x1b[6n\x1b[c\x1b[>q\x1b[?1$p',
  'change the keys': '\x1b[?1h\x1b=\x1b[>4;1m',
  'use another screen': '\x1b[?1049h',
  'take the mouse': '\x1b[?1003h',
  'change the character set': '\x1b(0\x0e',
  reset: '\x1bc',
  'send a device control string': '\x1bP$q"p\x1b\\',
  'do it in eight bits': '\x9b2J\x9d52;c;x\x9c',
  'ring, go back, go home': '\x07\b\r',
};

describe('a hostile escape', () => {
  test.each(Object.entries(HOSTILE))('to %s is taken out', (_, hostile) => {
    expect(plainText(`a${hostile}b`)).toBe('ab');
    expect(colouredText(`${RED}a${hostile}b${END}`)).toBe(`${RED}ab${END}`);
  });

  test('that is cut leaves text at most', () => {
    for (const hostile of Object.values(HOSTILE)) {
      for (let at = 1; at <= hostile.length; at += 1) {
        expect(colouredText(hostile.slice(0, at))).not.toMatch(/[\0-\x08\x0a-\x1f\x7f-\x9f]/);
      }
    }
  });

  test('is not made by taking another one out', () => {
    expect(colouredText('\x1b\x1b[2J[2J')).toBe('[2J');
    expect(colouredText('\x1b]0;\x1b]52;c;x\x07')).not.toContain('\x1b');
  });
});

test('a text is only coloured where taking out all other escapes leaves it as it is', () => {
  const long = `\x1b[${'1;'.repeat(33)}m`;
  expect([`a${RED}b${END}c`, 'a', '', '\x1b[m', '\x1b[38:2::1:2:3m'].map(isOnlyColoured)).toEqual(
    Array(5).fill(true),
  );
  const others = [
    '\x1b',
    '\x1b[',
    '\x1b[3',
    '\x1b[3A',
    '\x1bc',
    `${RED}\x1b]0;x\x07`,
    long,
    '\x9b2J',
  ];
  expect(others.map(isOnlyColoured)).toEqual(others.map(() => false));
  const part = fc.constantFrom(RED, END, '\x1b', '[', '3', ';', 'm', 'A', 'é', long);
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      expect(isOnlyColoured(text)).toBe(colouredText(text) === text);
    }),
  );
});

test('whatever comes, colours are all that is left of escapes, and text is left as it is', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(RED, END, '\x1b', '[', ']', '\x1b[', '\x9b', ...Object.values(HOSTILE)),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const line = parts.join('');
      const coloured = colouredText(line);
      expect(withoutColours(coloured)).not.toMatch(/[\0-\x08\x0a-\x1f\x7f-\x9f]/);
      expect(colouredText(coloured)).toBe(coloured);
      expect(plainText(line)).toBe(withoutColours(coloured));
    }),
    { numRuns: 3000 },
  );
  const text = 'Ünïcode 🎵\u2028, tabs\tand [brackets]';
  expect(plainText(text)).toBe(text);
});

test('a long line of nothing but the beginnings of escapes takes no long time', () => {
  for (const start of ['\x1b]', '\x9d', '\x1b[', '\x1b[1;', '\x1bP0;']) {
    expect(plainText(start.repeat(300_000))).not.toContain('\x1b');
  }
});

test('the colours that are on go on to the next line, until they are ended', () => {
  expect(colourAfter('plain')).toBe('');
  expect(colourAfter(`${RED}red`)).toBe(RED);
  expect(colourAfter('still', RED)).toBe(RED);
  expect(colourAfter('\x1b[1mbold', RED)).toBe(`${RED}\x1b[1m`);
  expect(colourAfter(`end${END}`, RED)).toBe('');
  expect(colourAfter(`${END}\x1b[1m`, RED)).toBe('\x1b[1m');
  expect(colourAfter(RED.repeat(1000)).length).toBeLessThan(20);
});

test('colours alone are no text', () => {
  expect(isColourOnly('')).toBe(true);
  expect(isColourOnly(RED + END)).toBe(true);
  expect(isColourOnly(`${RED}a`)).toBe(false);
  expect(isColourOnly('\x1b[2J')).toBe(false);
});
