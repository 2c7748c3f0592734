import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BatchError } from '../../../src/batch/problem.ts';
import { firstBadByte, readText } from '../../../src/batch/text.ts';
import { makeWorkspace } from '../../support/sluice.ts';

async function read(bytes: Uint8Array | string): Promise<string> {
  const folder = makeWorkspace({ 'p.txt': bytes });
  return readText(join(folder, 'p.txt'), 'p.txt');
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BatchError);
  return (error as BatchError).message;
}

describe('a text file is read', () => {
  test('without its byte order mark, its line ends as they are', async () => {
    expect(await read('\ufeffone\r\ntwo')).toBe('one\r\ntwo');
  });

  test('when it is empty', async () => {
    expect(await read('')).toBe('');
  });

  test('only when it is UTF-8: otherwise the place of the first bad byte is said', async () => {
    expect(await messageOf(read(Buffer.from('\ufeffgut\nsch\xf6n', 'latin1')))).toMatch(/^p\.txt:/);
    expect(await messageOf(read(Buffer.from('ok\nsch\xf6n', 'latin1')))).toBe(
      'p.txt:2:4: Not UTF-8 text. Save the file as UTF-8.',
    );
    // UTF-16, as Windows' Notepad once wrote it.
    expect(await messageOf(read(Buffer.from('\ufeffhi', 'utf16le')))).toMatch(
      /^p\.txt:1:1: Not UTF/,
    );
  });

  test('only when it is a file that is there', async () => {
    const folder = makeWorkspace({});
    expect(await messageOf(readText(join(folder, 'x'), 'x'))).toBe('x: No such file.');
    expect(await messageOf(readText(folder, 'x'))).toBe('x: This is a folder, not a file.');
    writeFileSync(join(folder, 'file'), '');
    expect(await messageOf(readText(join(folder, 'file/x'), 'x'))).toMatch(/^x: Cannot be read/);
  });
});

/** Byte by byte: slow, and plain to see. */
function reference(bytes: Uint8Array): { line: number; column: number } {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let end = 0;
  for (let length = 0; length <= bytes.length; length += 1) {
    try {
      strict.decode(bytes.subarray(0, length));
      end = length;
    } catch {
      // Cut within a character, or bad.
    }
  }
  const lines = strict.decode(bytes.subarray(0, end)).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

const piece = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }).map((s) => Buffer.from(s)),
  },
  { weight: 2, arbitrary: fc.constant(Buffer.from('\n')) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 4 }) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        [0xc3],
        [0xe2, 0x82],
        [0xf0, 0x9f, 0x8e],
        [0xed, 0xa0, 0x80],
        [0xc0, 0x80],
        [0xf4, 0x90, 0x80, 0x80],
        [0xff],
      )
      .map((bytes) => Uint8Array.from(bytes)),
  },
);

test('the first bad byte is where a slow search finds it', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const bytes = Buffer.concat([...pieces, Uint8Array.of(0xff)]);
      expect(firstBadByte(bytes)).toEqual(reference(bytes));
    }),
    { numRuns: 1000 },
  );
});
