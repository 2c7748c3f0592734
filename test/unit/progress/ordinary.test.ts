import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { detectProgress } from '../../../src/progress/detect.ts';
import { feed } from './feed.ts';

// Parts of what real programs print; `record/ordinary.ts` looks at all of it.
const FOLDER = join(import.meta.dirname, 'ordinary');

test.each(readdirSync(FOLDER))('no progress in the output of %s', (file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  expect(text.length).toBeGreaterThan(0);
  expect(text.split(/\r?\n|\r/).filter((line) => detectProgress(line) !== undefined)).toEqual([]);
  expect(feed(text).progress).toEqual([]);
});
