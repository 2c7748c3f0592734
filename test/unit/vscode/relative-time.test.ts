import { expect, test } from 'vitest';
import { relativeTime } from '../../../src/vscode/relative-time.ts';

const NOW = 1_700_000_000_000;
const SECOND = 1000;
const DAY = 86_400_000;

test.each([
  [0, 'now'],
  [-5 * SECOND, 'now'],
  [59 * SECOND, '59 seconds ago'],
  [60 * SECOND, '1 minute ago'],
  [2 * 3600 * SECOND + 1, '2 hours ago'],
  [DAY, 'yesterday'],
  [6 * DAY, '6 days ago'],
  [8 * DAY, 'last week'],
  [400 * DAY, 'last year'],
])('%d ms ago is %j', (ago, said) => {
  expect(relativeTime(NOW - ago, NOW, 'en')).toBe(said);
});

test('it is said in the language of the window', () => {
  expect(relativeTime(NOW - DAY, NOW, 'fr')).toBe('hier');
});
