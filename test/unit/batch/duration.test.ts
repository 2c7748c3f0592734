import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration } from '../../../src/batch/duration.ts';

test.for([
  [90, 90_000],
  [0.5, 500],
  ['500ms', 500],
  ['90s', 90_000],
  ['1.5s', 1500],
  ['10m', 600_000],
  ['2 h', 7_200_000],
] as const)('%s is %d ms', ([value, ms]) => {
  expect(duration.parse(value)).toBe(ms);
});

test.for([
  '',
  '90',
  's',
  '-1s',
  '1d',
  '1m30s',
  '1,5s',
  0,
  -1,
  Number.NaN,
  '0s',
  '600h',
  true,
  null,
])('%j is no duration', (value) => {
  expect(duration.safeParse(value).success).toBe(false);
});

test('whatever is taken fits a timer', () => {
  const unit = fc.constantFrom('ms', 's', 'm', 'h');
  fc.assert(
    fc.property(fc.nat(), unit, (count, name) => {
      const { success, data = 1 } = duration.safeParse(`${count}${name}`);
      expect(!success || (data > 0 && data < 2 ** 31)).toBe(true);
    }),
  );
});
