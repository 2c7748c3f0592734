import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineSplitter } from '../../../src/process/lines.ts';
import { withoutColours } from '../../../src/protocol/escapes.ts';
import { growth } from '../../support/growth.ts';

function split(pieces: readonly Uint8Array[], limit?: number): string[] {
  const splitter = new LineSplitter(limit);
  const lines = pieces.flatMap((piece) => splitter.push(piece));
  return [...lines, ...splitter.end()];
}

/** Cuts bytes at places given as shares of their length. */
function cut(bytes: Uint8Array, shares: readonly number[]): Uint8Array[] {
  const places = [...shares.map((share) => Math.floor(share * bytes.length)), bytes.length];
  places.sort((a, b) => a - b);
  return places.map((place, index) => bytes.subarray(places[index - 1] ?? 0, place));
}

/** The same in few words, for text that is whole. */
function reference(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  const told = lines.flatMap((line) => {
    const states = line.replace(/\r+$/, '').split(/\r+/);
    const state = states.at(-1) ?? '';
    return states.length > 1 && state.trim() === '' ? [] : [state];
  });
  const states = last.replace(/\r+$/, '').split(/\r+/);
  const rest = states.at(-1) ?? '';
  return rest === '' || (states.length > 1 && rest.trim() === '') ? told : [...told, rest];
}

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
const texts = fc
  .array(
    fc.constantFrom('a', 'b c', '\n', '\r', '\r\n', 'é', '€', '🎵', '\u2028', ' ', '\0', '\x85'),
  )
  .map((parts) => parts.join(''));

describe('LineSplitter', () => {
  test('ends lines at \\n and \\r\\n, and at nothing else', () => {
    const text = 'a\nb\r\n\nc\u2028d\u2029e\x85f\vg\fh\ni';
    expect(split([Buffer.from(text)])).toEqual(['a', 'b', '', 'c\u2028d\u2029e\x85f\vg\fh', 'i']);
  });

  test('gives the same lines whatever the pieces', () => {
    fc.assert(
      fc.property(texts, shares, (text, places) => {
        expect(split(cut(Buffer.from(text), places))).toEqual(reference(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('colours take no room on a line', () => {
    const some = fc.array(fc.constantFrom('a', '\n', '\r', '\r\n', ' ', '\x1b[1;31m', '\x1b[0m'));
    fc.assert(
      fc.property(some, (parts) => {
        const pieces = parts.map((part) => Buffer.from(part));
        const lines = split(pieces);
        expect(lines.map(withoutColours)).toEqual(
          split([Buffer.from(withoutColours(parts.join('')))]),
        );
        expect(split([Buffer.concat(pieces)])).toEqual(lines);
      }),
      { numRuns: 2000 },
    );
  });

  test('loses no text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), shares, (parts, places) => {
        const text = parts.map((part) => part.replaceAll(/[\r\n\ufeff]/g, '-')).join('\n');
        expect(split(cut(Buffer.from(`${text}\n`), places)).join('\n')).toBe(text);
      }),
    );
  });

  test('takes any bytes, with the same lines whatever the pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), shares, (bytes, places) => {
        expect(split(cut(bytes, places))).toEqual(split([bytes]));
      }),
      { numRuns: 1000 },
    );
  });

  test('bounds a line, whatever the pieces', () => {
    const bytes = Buffer.from(`${'x'.repeat(25)}\nshort\n${'y'.repeat(11)}`);
    const wanted = [
      'xxxxxxxxxx [15 more characters left out]',
      'short',
      'yyyyyyyyyy [1 more characters left out]',
    ];
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(split([bytes.subarray(0, at), bytes.subarray(at)], 10)).toEqual(wanted);
    }
  });

  test('shows statuses and the unfinished line', () => {
    const splitter = new LineSplitter();
    expect(splitter.push(Buffer.from('a\n\r10%\r20%'))).toEqual(['a']);
    expect(splitter.statuses).toEqual([{ text: '10%', line: 1 }]);
    expect(splitter.tail).toBe('20%');
    expect(splitter.overwrites).toBe(true);
    splitter.push(Buffer.from('\r'));
    expect(splitter.statuses).toEqual([]);
    expect(splitter.tail).toBe('20%');
    expect(splitter.push(Buffer.from('\nb'))).toEqual(['20%']);
    expect(splitter.overwrites).toBe(false);
    expect(splitter.tail).toBe('b');
  });

  test('keeps the last statuses only', () => {
    const splitter = new LineSplitter();
    splitter.push(Buffer.from(Array.from({ length: 1000 }, (_, index) => `\r${index}`).join('')));
    expect(splitter.statuses).toHaveLength(16);
    expect(splitter.statuses.at(-1)?.text).toBe('998');
    expect(splitter.tail).toBe('999');
  });

  test('a line fed byte by byte takes no more than its length', () => {
    const splitter = new LineSplitter();
    for (let index = 0; index < 300_000; index += 1) splitter.push(Uint8Array.of(120));
    expect(splitter.end()[0]).toHaveLength(65_536 + ' [234464 more characters left out]'.length);
  });

  test('a line that comes byte by byte costs no more the longer it is', () => {
    const byByte = (size: number): void => {
      const one = new LineSplitter();
      for (let index = 0; index < size; index += 1) one.push(Uint8Array.of(120));
    };
    expect(growth(byByte, 40_000)).toBeLessThan(24);
  });
});
