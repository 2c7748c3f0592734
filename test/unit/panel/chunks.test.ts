import { expect, test } from 'vitest';
import { CHUNK, chunksOf } from '../../../src/panel/chunks.ts';

test('a list is cut into parts, and parts that stay the same stay the same array', () => {
  const list = Array.from({ length: 2 * CHUNK + 1 }, (_, index) => index);
  const first = chunksOf(list, []);
  expect(first.flat()).toEqual(list);
  expect(first.map(({ length }) => length)).toEqual([CHUNK, CHUNK, 1]);

  const changed = list.with(CHUNK, -1);
  const second = chunksOf(changed, first);
  expect(second.flat()).toEqual(changed);
  expect(second.map((chunk, index) => chunk === first[index])).toEqual([true, false, true]);

  const longer = [...changed, 99];
  const third = chunksOf(longer, second);
  expect(third.flat()).toEqual(longer);
  expect(third.map((chunk, index) => chunk === second[index])).toEqual([true, true, false]);

  const shorter = list.slice(0, CHUNK);
  expect(chunksOf(shorter, third)).toEqual([shorter]);
  expect(chunksOf([], third)).toEqual([]);
});
