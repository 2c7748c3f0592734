import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { makeWorkspace } from '../../support/sluice.ts';
import {
  batchFile,
  ends,
  listing,
  run,
  runJson,
  SHOUT,
  script,
  textOf,
  workspaceWith,
} from './folder.ts';

const BATCH = { inputs: ['one', 'two'], steps: [SHOUT], output: 'out/{slug}.txt' };

describe('a file that somebody else made stays', () => {
  test('where a result was to go', async () => {
    const folder = workspaceWith(BATCH, { 'out/one.txt': 'mine' });
    const { code, events } = await runJson(folder);
    expect(code).toBe(1);
    expect(ends(events)).toEqual([
      'out/one.txt is there already, and it is not what this batch made. It was left as it is. Move it away, or set `overwrite: true` in the batch file.',
      'done',
    ]);
    expect(textOf(folder, 'out/one.txt')).toBe('mine');
    expect(textOf(folder, 'out/two.txt')).toBe('TWO');
  });

  test('unless the batch file, or the command, says that it may be replaced', async () => {
    const folder = workspaceWith({ ...BATCH, overwrite: true }, { 'out/one.txt': 'mine' });
    expect((await run(folder)).code).toBe(0);
    expect(textOf(folder, 'out/one.txt')).toBe('ONE');

    const other = workspaceWith(BATCH, { 'out/one.txt': 'mine' });
    expect((await run(other, '--overwrite')).code).toBe(0);
    expect(textOf(other, 'out/one.txt')).toBe('ONE');
  });

  test('also when it was a result that was changed since', async () => {
    const folder = workspaceWith(BATCH);
    expect((await run(folder)).code).toBe(0);
    appendFileSync(join(folder, 'out/one.txt'), ' and my notes');
    const { code, events } = await runJson(folder, '--force');
    expect(code).toBe(1);
    expect(ends(events)).toEqual([expect.stringContaining('it was changed since'), 'done']);
    expect(textOf(folder, 'out/one.txt')).toBe('ONE and my notes');
  });
});

test('a folder where a result was to go fails the item and stays', async () => {
  for (const overwrite of [false, true]) {
    const folder = workspaceWith({ ...BATCH, overwrite }, { 'out/one.txt/keep': 'mine' });
    const { code, events } = await runJson(folder);
    expect(code).toBe(1);
    expect(ends(events)).toEqual([expect.stringContaining('out/one.txt is a folder'), 'done']);
    expect(listing(join(folder, 'out'))).toEqual(['one.txt', 'one.txt/keep', 'two.txt']);
  }
});

test('a file where a folder of results was to go fails the items and stays', async () => {
  const folder = workspaceWith(BATCH, { out: 'a file' });
  const { code, events } = await runJson(folder);
  expect(code).toBe(1);
  expect(ends(events)).toEqual(Array(2).fill(expect.stringMatching(/\bout\b.* is a file/)));
  expect(textOf(folder, 'out')).toBe('a file');
});

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('a full disk', () => {
  const mounted: string[] = [];
  afterEach(() => {
    for (const folder of mounted.splice(0)) execFileSync('umount', ['--lazy', folder]);
  });

  function smallDisk(size: string, batch: object): string {
    const folder = join(makeWorkspace({ 'disk/x': '' }), 'disk');
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
    mounted.push(folder);
    writeFileSync(join(folder, 'a.batch.yaml'), batchFile(batch));
    return folder;
  }

  /** Writes 600 KB in pieces, as a program that makes a sound does. */
  const PRINT = `
    const piece = Buffer.alloc(60e3, 'x');
    for (let n = 0; n < 10; n += 1) require('fs').writeSync(1, piece);`;
  const WRITE = `
    const fs = require('fs');
    try {
      const file = fs.openSync(args[0], 'w');
      for (let n = 0; n < 10; n += 1) fs.writeSync(file, Buffer.alloc(60e3, 'x'));
    } catch (error) {
      console.error(error.message);
      process.exitCode = 1;
    }`;
  const batchOf = (step: object): object => ({
    inputs: ['one', 'two', 'three', 'four', 'five'],
    steps: [step],
    output: 'out/{slug}.bin',
  });

  test.for([
    ['prints its result', batchOf(script(PRINT))],
    ['writes its result itself', batchOf(script(WRITE, '{output}'))],
  ] as const)('under a program that %s', async ([, batch]) => {
    const folder = smallDisk('2m', batch);
    const { code, events } = await runJson(folder);
    expect(code).toBe(1);
    const fates = ends(events);
    const made = fates.filter((fate) => fate === 'done').length;
    expect(made).toBeGreaterThan(0);
    for (const fate of fates) expect(fate).toMatch(/^done$|disk is full|no space left on device/i);
    const results = listing(join(folder, 'out'));
    expect(results).toHaveLength(made);
    for (const name of results) expect(textOf(folder, join('out', name))).toHaveLength(600e3);
    expect(listing(join(folder, '.sluice', 'work'))).toEqual([]);

    execFileSync('mount', ['-o', 'remount,size=20m', folder]);
    const later = await runJson(folder);
    expect(later.code).toBe(0);
    expect(ends(later.events).filter((fate) => fate === 'skipped')).toHaveLength(made);
    expect(listing(join(folder, 'out'))).toHaveLength(5);
  });

  test('from the beginning: the run is refused or fails, and says why', async () => {
    const folder = smallDisk('2m', BATCH);
    mkdirSync(join(folder, 'fill'));
    try {
      writeFileSync(join(folder, 'fill/all'), Buffer.alloc(3e6));
    } catch {
      // Full now.
    }
    const { code, err, out } = await run(folder);
    expect([1, 2]).toContain(code);
    expect(`${out}${err}`).toMatch(/disk is full|no space left|database or disk is full/i);
    rmSync(join(folder, 'fill'), { recursive: true });
    expect((await run(folder)).code).toBe(0);
    expect(textOf(folder, 'out/one.txt')).toBe('ONE');
  });
});
