import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeWorkspace, sluice } from '../../support/sluice.ts';
import { ends, listing, run, runJson, SHOUT, script, textOf, workspaceWith } from './folder.ts';

/** Runs a batch that must be refused: says why, with exit code 2, and starts nothing. */
async function refusal(
  batch: object | string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string> {
  const folder = workspaceWith(batch, files);
  const { code, out, err } = await run(folder);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(listing(join(folder, 'out'))).toEqual([]);
  return err;
}

describe('a batch file that cannot be run is refused', () => {
  test('when it is no YAML', async () => {
    expect(await refusal('inputs: [a\nsteps:\n  - run: [x]\n')).toMatch(
      /^a\.batch\.yaml:2:1: Not valid YAML: Flow sequence .* must .* end with a \]\.$/,
    );
  });

  test('for an unknown key, with the one that was meant', async () => {
    expect(await refusal('inputs: [a]\nsteps: [{ run: [x] }]\nconcurency: 2\n')).toBe(
      'a.batch.yaml:3:1: Unknown key `concurency`. Did you mean `concurrency`?',
    );
  });

  test('with every problem, each on a line of its own', async () => {
    const text = 'inputs: [a]\nsteps:\n  - uses: write\n    with: { wrods: 9, engine: best }\n';
    expect((await refusal(text)).split('\n').sort()).toEqual([
      'a.batch.yaml:4:13: Unknown key `wrods`. Did you mean `words`?',
      'a.batch.yaml:4:31: `engine` must be one of `auto`, `local`, `openai`, `vscode`.',
    ]);
  });

  test('when it is not there', async () => {
    const folder = makeWorkspace({});
    const { code, err } = await sluice(folder, ['run', 'nope.batch.yaml']);
    expect({ code, err }).toEqual({ code: 2, err: 'nope.batch.yaml: No such file.' });
    expect(listing(folder)).toEqual([]);
  });

  test('when it is a folder', async () => {
    const folder = makeWorkspace({ 'a.batch.yaml/x': '' });
    const { code, err } = await run(folder);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'a.batch.yaml: This is a folder, not a file.',
    });
  });

  test('for a placeholder that does not exist', async () => {
    const text = 'inputs: [a]\nsteps:\n  - run: [x, "{inptu}"]\n';
    expect(await refusal(text)).toBe(
      'a.batch.yaml:3:15: There is no placeholder `{inptu}`. Did you mean `{input}`? A brace itself is written twice: {{.',
    );
  });

  test('when two items would write the same file', async () => {
    const text = 'inputs: { lines: p.txt }\nsteps: [{ run: [x] }]\noutput: out/{slug}.txt\n';
    expect(await refusal(text, { 'p.txt': 'One two\n# no\nOne, two!\n' })).toBe(
      'a.batch.yaml:3:9: item 1 (p.txt:1) and item 2 (p.txt:3) would write the same file, one-two.txt. Make the names differ: put {index} or {slug} into `output`.',
    );
  });

  test('when a result would leave the workspace', async () => {
    const text = 'inputs: [a]\nsteps: [{ run: [x] }]\noutput: ../{slug}.txt\n';
    const err = await refusal(text);
    expect(err).toMatch(
      /^a\.batch\.yaml:3:9: The result of item 1 would go to .*\/a\.txt, outside/,
    );
    expect(err).toContain('Choose an `output` inside the workspace.');
  });

  test('when a result would replace one of its own inputs', async () => {
    const text = 'inputs: { files: "*.txt" }\nsteps: [{ run: [x] }]\noutput: "{input.name}"\n';
    expect(await refusal(text, { 'p.txt': 'precious' })).toBe(
      'a.batch.yaml:3:9: The result of item 1 (p.txt) would replace p.txt, which this batch reads. Give results another folder or another ending.',
    );
  });
});

describe('inputs that cannot be read are refused', () => {
  const steps = 'steps: [{ run: [x] }]\n';

  test('when the file is missing', async () => {
    expect(await refusal(`inputs: { lines: promts.txt }\n${steps}`)).toBe(
      'a.batch.yaml:1:18: No such file: promts.txt. Paths are relative to the batch file.',
    );
    expect(await refusal(`inputs:\n  files: [a.mp3]\n${steps}`)).toBe(
      'a.batch.yaml:2:11: No such file: a.mp3. Paths are relative to the batch file.',
    );
  });

  test('when a pattern matches nothing', async () => {
    expect(await refusal(`inputs: { files: "music/*.mp3" }\n${steps}`)).toBe(
      'a.batch.yaml:1:18: No file matches music/*.mp3. Looked in the workspace.',
    );
  });

  test('when there is nothing in them', async () => {
    const text = `inputs: { lines: p.txt }\n${steps}`;
    expect(await refusal(text, { 'p.txt': '' })).toBe(
      'a.batch.yaml:1:18: p.txt has no lines to work on.',
    );
    expect(await refusal(text, { 'p.txt': '\n# all\n\n  # comments\n' })).toBe(
      'a.batch.yaml:1:18: p.txt has no lines to work on.',
    );
  });

  test('when they are not UTF-8, at the first bad byte', async () => {
    const latin1 = Buffer.from('fine\nün caf\xe9\n', 'latin1');
    const mixed = Buffer.concat([Buffer.from('gut\nschön '), latin1]);
    expect(await refusal(`inputs: { lines: p.txt }\n${steps}`, { 'p.txt': mixed })).toBe(
      'p.txt:3:1: Not UTF-8 text. Save the file as UTF-8.',
    );
    const cut = Buffer.from('prix: 5 €').subarray(0, -1);
    expect(await refusal(`inputs: { lines: p.txt }\n${steps}`, { 'p.txt': cut })).toBe(
      'p.txt:1:9: Not UTF-8 text. Save the file as UTF-8.',
    );
  });

  test('when the batch file itself is not UTF-8', async () => {
    const folder = makeWorkspace({ 'a.batch.yaml': Buffer.from('name: caf\xe9\n', 'latin1') });
    const { code, err } = await run(folder);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'a.batch.yaml:1:10: Not UTF-8 text. Save the file as UTF-8.',
    });
  });

  test('when a row does not fit its header', async () => {
    const text = `inputs: { rows: r.csv }\n${steps}`;
    expect(await refusal(text, { 'r.csv': 'a,b\n1,2\n1,2,3\n' })).toMatch(
      /^r\.csv:3:1: Not valid CSV: Invalid Record Length/,
    );
  });

  test('when one line is 100 MB long', async () => {
    const text = `inputs: { lines: p.txt }\n${steps}`;
    const long = Buffer.alloc(100e6, 'x');
    expect(await refusal(text, { 'p.txt': Buffer.concat([Buffer.from('one\n'), long]) })).toBe(
      'p.txt:2:1: This input has 100,000,000 characters; at most 1,000,000 are taken. Give long texts as files, with `inputs: { files: ... }`.',
    );
  });
});

test.runIf(process.platform === 'linux')(
  'a comment of 100 MB among the inputs is left out, and the memory of the runner is bounded',
  async () => {
    const code = `
      const status = require('fs').readFileSync('/proc/' + process.ppid + '/status', 'utf8');
      console.log(/VmHWM:\\s+(\\d+)/.exec(status)[1]);`;
    const batch = { inputs: { lines: 'p.txt' }, steps: [script(code)], output: 'out/{slug}.txt' };
    const long = Buffer.concat([
      Buffer.from('# '),
      Buffer.alloc(100e6, 'x'),
      Buffer.from('\none\n'),
    ]);
    const folder = workspaceWith(batch, { 'p.txt': long });
    expect((await run(folder)).code).toBe(0);
    expect(Number(textOf(folder, 'out/one.txt')) / 1000).toBeLessThan(500);
  },
);

test('a file of 100 MB is an input as any other', async () => {
  const batch = {
    inputs: { files: 'long.txt' },
    steps: [script('console.log(require("fs").statSync(args[0]).size)', '{input}')],
    output: 'out/{input.stem}.txt',
  };
  const folder = workspaceWith(batch, { 'long.txt': Buffer.alloc(100e6, 'x') });
  const { code } = await run(folder);
  expect(code).toBe(0);
  expect(textOf(folder, 'out/long.txt')).toBe('100000000\n');
});

test('a character NUL in an argument fails its item and no other', async () => {
  const batch = { inputs: { lines: 'p.txt' }, steps: [SHOUT], output: 'out/{index}.txt' };
  const folder = workspaceWith(batch, { 'p.txt': 'one\ntw\0o\nthree\n' });
  const { code, events } = await runJson(folder);
  expect(code).toBe(1);
  const [first, second, third] = ends(events);
  expect([first, third]).toEqual(['done', 'done']);
  expect(second).toMatch(/NUL|null byte/i);
  expect(listing(join(folder, 'out'))).toEqual(['1.txt', '3.txt']);
});

test('results that are there stay when the batch file is broken later', async () => {
  const folder = workspaceWith({ inputs: ['a'], steps: [SHOUT], output: 'out/{slug}.txt' });
  expect((await run(folder)).code).toBe(0);
  writeFileSync(join(folder, 'a.batch.yaml'), 'inputs: [a\n');
  expect((await run(folder)).code).toBe(2);
  expect(textOf(folder, 'out/a.txt')).toBe('A');
});

test('a link inside the workspace does not lead a result out of it', async () => {
  const outside = makeWorkspace({ 'keep.txt': 'mine' });
  const folder = workspaceWith({ inputs: ['a'], steps: [SHOUT], output: 'out/{slug}.txt' });
  symlinkSync(outside, join(folder, 'out'));
  const { code, events } = await runJson(folder);
  expect(code).toBe(1);
  expect(ends(events)).toEqual([expect.stringMatching(/^out\/a\.txt leads to .*, outside/)]);
  expect(listing(outside)).toEqual(['keep.txt']);
  expect(existsSync(join(folder, '.sluice', 'work', 'a.txt'))).toBe(false);
});
