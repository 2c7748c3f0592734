import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Fact } from '../../../src/protocol/events.ts';

const PAGE = readFileSync(
  fileURLToPath(new URL('../../../docs/events.md', import.meta.url)),
  'utf8',
);

/** Every type, once: a new one does not compile until it stands here, and then in the page. */
const TYPES: Record<Fact['type'], true> = {
  run: true,
  items: true,
  queue: true,
  queued: true,
  waits: true,
  start: true,
  step: true,
  progress: true,
  text: true,
  sound: true,
  iteration: true,
  schedule: true,
  log: true,
  result: true,
  silence: true,
  retry: true,
  end: true,
  note: true,
  workers: true,
  finish: true,
};

test.for(Object.keys(TYPES))('docs/events.md has a row for `%s`', (type) => {
  expect(PAGE).toMatch(new RegExp(`^\\| \`${type}\` \\|`, 'm'));
});

test('docs/events.md has no row for a type that is none', () => {
  const table = PAGE.slice(PAGE.indexOf('## Types'), PAGE.indexOf('## What they hold'));
  const rows = [...table.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
  expect(rows).toEqual(Object.keys(TYPES));
});
