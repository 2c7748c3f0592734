import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { detectProgress } from '../../../src/progress/detect.ts';
import { feed } from './feed.ts';
import { mistaken, ORDINARY, outputOf, prepare } from './record/ordinary-programs.ts';

// Parts of what real programs print; `record/ordinary.ts` looks at all of it.
const FOLDER = join(import.meta.dirname, 'ordinary');

test.each(readdirSync(FOLDER))('no progress in the output of %s', (file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  expect(text.length).toBeGreaterThan(0);
  expect(text.split(/\r?\n|\r/).filter((line) => detectProgress(line) !== undefined)).toEqual([]);
  expect(feed(text).progress).toEqual([]);
});

/** Bytes that are looked at at the least. */
const ENOUGH = 20_000_000;

test('no progress in 20 MB of what compilers, test runners, a server and lists print', {
  timeout: 600_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-ordinary-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  prepare(folder);
  const programs = ORDINARY.filter(({ everywhere }) => everywhere);
  let bytes = 0;
  const work = async (): Promise<void> => {
    for (let next = programs.shift(); next !== undefined; next = programs.shift()) {
      const output = await outputOf(next, folder);
      expect({ program: next.name, ...mistaken(output) }).toEqual({
        program: next.name,
        lines: [],
        told: 0,
      });
      console.log(`${next.name}: ${(output.length / 1e6).toFixed(1)} MB`);
      bytes += output.length;
    }
  };
  await Promise.all([work(), work()]);
  expect(bytes).toBeGreaterThan(ENOUGH);
});
