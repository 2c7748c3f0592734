import { describe, expect, test } from 'vitest';
import { ofType } from '../../support/sluice.ts';
import { ends, listing, run, runJson, SHOUT, script, textOf, workspaceWith } from './folder.ts';

const BATCH = { inputs: ['a', 'b', 'c', 'd'], steps: [SHOUT], output: 'out/{index:2}-{slug}.txt' };

describe('`--item` runs some items only', () => {
  test('under their own numbers, and what they make is known to the whole batch', async () => {
    const folder = workspaceWith(BATCH);
    const some = await runJson(folder, '--item', '4', '-i', '2');
    expect(some.code).toBe(0);
    expect(listing(`${folder}/out`)).toEqual(['02-b.txt', '04-d.txt']);
    const [first] = ofType(some.events, 'run');
    expect(first?.run).toMatchObject({ total: 2, only: [2, 4] });
    const [items] = ofType(some.events, 'items');
    expect(items?.items.map(({ item, title }) => [item, title])).toEqual([
      [1, 'b'],
      [2, 'd'],
    ]);
    const whole = await runJson(folder);
    expect(ends(whole.events)).toEqual(['done', 'skipped', 'done', 'skipped']);
    expect(ofType(whole.events, 'run')[0]?.run).not.toHaveProperty('only');
  });

  test('and makes them anew with `--force`', async () => {
    const count = script(
      "require('node:fs').appendFileSync('count', args[0]); process.stdout.write(args[0])",
      '{input}',
    );
    const folder = workspaceWith({ ...BATCH, steps: [count] });
    await run(folder);
    await run(folder, '--item', '3');
    await run(folder, '--item', '3', '--force');
    expect(textOf(folder, 'count')).toBe('abcdc');
  });

  test('which have to be there', async () => {
    const folder = workspaceWith(BATCH);
    expect(await run(folder, '--item', '5')).toMatchObject({
      code: 2,
      out: '',
      err: 'a.batch.yaml: There is no item 5 in this batch. Its items are 1 to 4.',
    });
    for (const wrong of ['0', '1.5', 'first']) {
      const { code, err } = await run(folder, '--item', wrong);
      expect(code).toBe(2);
      expect(err).toContain('whole number, 1 or more');
    }
    expect(listing(folder)).toEqual(['a.batch.yaml']);
  });
});

test('items that failed are told at their place, as compilers do', async () => {
  const fail = script(
    "console.error('\\x1b]0;x\\x07no'); process.exit(args[0] === 'good' ? 0 : 3)",
    '{input}',
  );
  const lines = { inputs: { lines: 'sub/prompts.txt' }, steps: [fail] };
  const folder = workspaceWith(lines, { 'sub/prompts.txt': '# not one\nbad\n\ngood\nworse\n' });
  const { code, err } = await run(folder);
  expect(code).toBe(1);
  expect(err.split('\n')).toEqual([
    expect.stringMatching(/^sub\/prompts\.txt:2:1: .*exit code 3\. It said last: no$/),
    expect.stringMatching(/^sub\/prompts\.txt:5:1: .*exit code 3\. It said last: no$/),
  ]);
  const json = await runJson(folder);
  expect(json).toMatchObject({ code: 1, err: '' });
});
