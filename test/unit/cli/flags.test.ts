import { describe, expect, test } from 'vitest';
import { makeWorkspace, sluice } from '../../support/sluice.ts';
import { listing, SHOUT, workspaceWith } from './folder.ts';

const BATCH = { inputs: ['a'], steps: [SHOUT], output: 'out/{slug}.txt' };

describe('a wrong use says what is wrong and how it is used, with exit code 2', () => {
  test.for([
    [['run', 'a.batch.yaml', '--concurency', '3'], /unknown option '--concurency'/],
    [['run', 'a.batch.yaml', '--concurrency', 'many'], /whole number from 1 to 256/],
    [['run', 'a.batch.yaml', '--concurrency', '0'], /whole number from 1 to 256/],
    [['run', 'a.batch.yaml', '--concurrency'], /argument missing/],
    [['run'], /missing required argument 'file'/],
    [['run', 'a.batch.yaml', 'b.batch.yaml'], /too many arguments/],
    [['rnu', 'a.batch.yaml'], /unknown command 'rnu'/],
    [['list', '--jsno'], /unknown option '--jsno'/],
  ] as const)('%j', async ([args, message]) => {
    const folder = workspaceWith(BATCH);
    const { code, out, err } = await sluice(folder, args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).toMatch(/^Usage: sluice/m);
    expect(listing(folder)).toEqual(['a.batch.yaml']);
  });

  test('no command at all', async () => {
    const { code, out, err } = await sluice(makeWorkspace({}), []);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/^Usage: sluice/m);
  });
});

test('a workspace that is not there is refused', async () => {
  const folder = workspaceWith(BATCH);
  const { code, err } = await sluice(folder, ['run', 'a.batch.yaml', '--workspace', 'nowhere']);
  expect(code).toBe(2);
  expect(err).toMatch(/nowhere/);
  expect(err).not.toMatch(/spawn/);
});

test('a run that is not there is refused', async () => {
  const folder = workspaceWith(BATCH);
  for (const command of ['attach', 'cancel']) {
    expect(await sluice(folder, [command])).toMatchObject({
      code: 2,
      err: 'There are no runs here. Name their folder with --workspace.',
    });
    expect(await sluice(folder, [command, '42'])).toMatchObject({
      code: 2,
      err: 'There is no run 42 here. `sluice list` shows them.',
    });
  }
});

test('help and version are answers, not mistakes', async () => {
  const folder = makeWorkspace({});
  const help = await sluice(folder, ['--help']);
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toMatch(/^Usage: sluice/);
  expect(await sluice(folder, ['--version'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
});

test('`sluice schema` prints the JSON schema of the batch file', async () => {
  const { code, out } = await sluice(makeWorkspace({}), ['schema']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ type: 'object', required: ['inputs', 'steps'] });
});
