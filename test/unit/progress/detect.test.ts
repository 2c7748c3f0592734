import { describe, expect, test } from 'vitest';
import { detectProgress, stripAnsi } from '../../../src/progress/detect.ts';
import { growth } from '../../support/growth.ts';
import { feed } from './feed.ts';
import { LINES, OTHERS } from './fixtures.ts';

const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'number' ? Number(part.toPrecision(6)) : part,
  );

describe('detectProgress', () => {
  test.each(LINES)('%s', (line, progress) => {
    expect(rounded(detectProgress(line))).toEqual(rounded(progress));
  });

  test.each(OTHERS)('none in: %s', (line) => {
    expect(detectProgress(line)).toBeUndefined();
  });

  test('a number at the end of an unfinished line is not trusted', () => {
    expect(detectProgress('3/10', false)).toBeUndefined();
    expect(detectProgress('1 of 2,', false)).toBeUndefined();
    expect(detectProgress('[3/10]', false)).toEqual({ fraction: 0.3, done: 3, total: 10 });
  });

  test.for(['9', '1/', '45% ', 'a: ', '[1/2', '{', ' of ', '1,111'])(
    'a very long line of %j costs no more a character',
    (part) => {
      const look = (size: number): void => {
        for (let times = 0; times < 100; times += 1)
          detectProgress(part.repeat(size / part.length));
      };
      expect(growth(look, 512)).toBeLessThan(32);
      detectProgress(part.repeat(100_000));
    },
  );

  test('stripAnsi leaves text', () => {
    expect(stripAnsi('\x1b[1;31mé 45%\x1b[0m\x1b[2K')).toBe('é 45%');
    expect(stripAnsi('plain')).toBe('plain');
  });
});

describe('every fixture at every split point', () => {
  test.each(LINES)('%s', (line) => {
    for (const text of [`${line}\n`, `\r${line}\r\n`, `\r${line}`, `log\n${line}\nlog\n`]) {
      const bytes = Buffer.from(text);
      const wanted = feed(bytes);
      expect(wanted.progress.length).toBeGreaterThan(0);
      for (let at = 1; at < bytes.length; at += 1) {
        const told = feed(bytes.subarray(0, at), bytes.subarray(at));
        expect(told.progress.at(-1)).toEqual(wanted.progress.at(-1));
        expect(told.lines).toEqual(wanted.lines);
      }
      const single = feed(...[...bytes].map((byte) => Uint8Array.of(byte)));
      expect(single.progress.at(-1)).toEqual(wanted.progress.at(-1));
      expect(single.lines).toEqual(wanted.lines);
    }
  });

  test.each(LINES)('among many lines: %s', (line) => {
    const filler = 'worker: the quick brown fox\n'.repeat(50);
    // Rows that only ever stand alone on a line that is redrawn; and names alone, which are not looked for in a flood.
    if (/^[[(]#+[.⠂]|^::group/.test(line)) return;
    expect(feed(`${filler}${line}\n${filler}`).progress.at(-1)).toEqual(
      feed(`${line}\n`).progress.at(-1),
    );
  });

  test.each(OTHERS)('none in: %s', (line) => {
    const bytes = Buffer.from(`${line}\n`);
    for (let at = 0; at < bytes.length; at += 1) {
      expect(feed(bytes.subarray(0, at), bytes.subarray(at)).progress).toEqual([]);
    }
  });
});
