import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sluice, startSluice } from '../../support/sluice.ts';
import { listing, run, script, textOf, workspaceWith } from './folder.ts';

/** Tells that it runs, then waits until it may end. */
const WAIT = `
  const fs = require('fs');
  fs.writeFileSync('begun', '');
  const timer = setInterval(() => {
    if (!fs.existsSync('go')) return;
    clearInterval(timer);
    console.log('made');
  }, 20);`;

test('a batch that is running already is not started again', async () => {
  const batch = { inputs: ['a'], steps: [script(WAIT)], output: 'out/{slug}.txt' };
  const folder = workspaceWith(batch);
  const first = startSluice(folder, ['run', 'a.batch.yaml']);
  while (!existsSync(join(folder, 'begun'))) await sleep(20);
  const id = (await sluice(folder, ['list'])).out.split(' ')[0];

  const second = await run(folder);
  expect(second).toMatchObject({
    code: 2,
    out: '',
    err: `a.batch.yaml: This batch is running already, as ${id}. Watch it with \`sluice attach ${id}\`, or cancel it first.`,
  });
  expect(listing(join(folder, '.sluice', 'runs'))).toContain(id);

  writeFileSync(join(folder, 'go'), '');
  expect((await first).exitCode).toBe(0);
  expect(textOf(folder, 'out/a.txt')).toBe('made\n');
});
