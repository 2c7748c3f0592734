import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeOf } from '../../../src/server/result-files.ts';

test('a part of a file, from either end', () => {
  expect(rangeOf('bytes=0-99', 1000)).toEqual({ start: 0, end: 99 });
  expect(rangeOf('bytes=900-', 1000)).toEqual({ start: 900, end: 999 });
  expect(rangeOf('bytes=-100', 1000)).toEqual({ start: 900, end: 999 });
  expect(rangeOf('bytes=-5000', 1000)).toEqual({ start: 0, end: 999 });
  expect(rangeOf('bytes=0-5000', 1000)).toEqual({ start: 0, end: 999 });
});

test('nothing where there is nothing, and all of it where no range is meant', () => {
  for (const range of ['bytes=1000-', 'bytes=5-4', 'bytes=-0'])
    expect(rangeOf(range, 1000)).toBe('none');
  expect(rangeOf('bytes=0-', 0)).toBe('none');
  for (const range of [
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'lines=1-2',
    'bytes=0-1,5-6',
    'bytes=a-b',
  ]) {
    expect(rangeOf(range, 1000)).toBeUndefined();
  }
});

test('whatever is asked for, the part lies in the file', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.nat(), fc.nat(1e6), (text, from, to, size) => {
      for (const header of [text, `bytes=${from}-${to}`, `bytes=${from}-`, `bytes=-${to}`]) {
        const range = rangeOf(header, size);
        if (range === undefined || range === 'none') continue;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(size);
      }
    }),
  );
});
