import { sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseBatch } from '../../../src/batch/parse.ts';
import { relativePath } from '../../../src/batch/paths.ts';
import { checkBatch } from '../../../src/batch/placeholder-check.ts';
import { stepName } from '../../../src/batch/step-name.ts';
import { STEPS, world } from './plan.ts';

/** Where the results of the items go, relative to the workspace; one list for each item. */
async function outputs(
  batch: string,
  files: Readonly<Record<string, string>> = {},
  at?: string,
): Promise<(string | undefined)[][]> {
  const { folder, plan } = world(batch, files, at);
  const { items } = await plan();
  return items.map((item) => item.outputs.map((path) => path?.replace(`${folder}${sep}`, '')));
}

describe('results go', () => {
  test('where the batch file says, its placeholders filled in', async () => {
    const text = 'inputs: [A b, C]\nsteps: [{ run: [x] }]\noutput: out/{index:3}-{slug}.txt\n';
    expect(await outputs(text)).toEqual([['out/001-a-b.txt'], ['out/002-c.txt']]);
  });

  test('beside the batch file, not beside the workspace', async () => {
    const text = `inputs: [a]\n${STEPS}output: ../{slug}.txt\n`;
    expect(await outputs(text, {}, 'deep/a.batch.yaml')).toEqual([['a.txt']]);
  });

  test('beside the folder that the batch names, as its inputs stand there', async () => {
    const text = `folder: ../..\ninputs: { files: "m/*.wav" }\n${STEPS}output: "o/{input.dir}/{input.stem}.txt"\n`;
    const { folder, plan } = world(text, { 'm/a.wav': '' }, '.sluice/batches/a.batch.yaml');
    const { folder: base, items } = await plan();
    expect(base).toBe(folder);
    expect(items.map(({ title, output }) => [title, output])).toEqual([['m/a.wav', 'o/m/a.txt']]);
    const [missing] = await world(
      'folder: ..\ninputs: { files: b.wav }\nsteps: [{ run: [x] }]\n',
      {},
      'deep/a.batch.yaml',
    ).problems();
    expect(missing).toContain('Paths are relative to the workspace.');
  });

  test('by the name of an input file', async () => {
    const text = `inputs: { files: "m/*.wav" }\n${STEPS}output: "{input.dir}/../o/{input.stem}-{slug}.{input.name}"\n`;
    expect(await outputs(text, { 'm/My Song.wav': '' })).toEqual([
      ['o/My Song-my-song.My Song.wav'],
    ]);
  });

  test('by the values of a row', async () => {
    const text = `inputs: { rows: r.csv }\n${STEPS}output: "{row.dir}/{row.name}.txt"\n`;
    expect(await outputs(text, { 'r.csv': 'dir,name\no,p\n' })).toEqual([['o/p.txt']]);
  });

  test('for each step that says so', async () => {
    const text =
      'inputs: [a]\nsteps:\n  - { run: [x], output: "o/{slug}.md" }\n  - run: [y]\n  - run: [z]\noutput: o/{slug}.mp3\n';
    expect(await outputs(text)).toEqual([['o/a.md', undefined, 'o/a.mp3']]);
  });

  test('nowhere, where a program says nothing of a result', async () => {
    expect(await outputs(`inputs: [a]\n${STEPS}`)).toEqual([[undefined]]);
  });

  test('to `out` by default, where the step makes one', async () => {
    expect(await outputs('inputs: [a]\nsteps: [{ uses: write }]\n')).toEqual([['out/1-a.md']]);
    expect(await outputs('inputs: [a]\nsteps: [{ uses: speak }]\n')).toEqual([['out/1-a.mp3']]);
    const folder = 'inputs: [a]\nsteps: [{ run: [x, "{outdir}"] }]\n';
    expect(await outputs(folder)).toEqual([['out/a/']]);
    const shell = 'inputs: [a]\nsteps: [{ run: "x -o $SLUICE_OUTDIR", shell: true }]\n';
    expect(await outputs(shell)).toEqual([['out/a/']]);
  });

  test('into a folder when the path ends with one, or the step asks for one', async () => {
    expect(await outputs(`inputs: [a]\n${STEPS}output: o/{slug}/\n`)).toEqual([['o/a/']]);
    const text = 'inputs: [a]\nsteps: [{ run: [x, "{outdir}"] }]\noutput: o/{slug}\n';
    expect(await outputs(text)).toEqual([['o/a/']]);
  });
});

describe('a result does not leave the workspace', () => {
  test.for([
    ['../{slug}.txt', 'outside the workspace <workspace>.'],
    ['/etc/{slug}.txt', 'to /etc/a.txt, outside the workspace <workspace>.'],
    ['o/../../{slug}.txt', 'outside the workspace <workspace>.'],
    ['.', 'to <workspace>, the workspace itself.'],
    ['o/..', 'to <workspace>, the workspace itself.'],
    ['.sluice/{slug}.txt', "to <workspace>/.sluice/a.txt, Sluice's own folder."],
    ['.Sluice/history.db', "to <workspace>/.Sluice/history.db, Sluice's own folder."],
  ] as const)('by %s', async ([output, where]) => {
    const [problem, ...others] = await world(
      `inputs: [a]\n${STEPS}output: ${JSON.stringify(output)}\n`,
    ).problems();
    expect(others).toEqual([]);
    expect(problem).toMatch(/^a\.batch\.yaml:3:9: The result of item 1 would go to /);
    expect(problem).toContain(where);
  });

  test('by the values of a row', async () => {
    const text = `inputs: { rows: r.csv }\n${STEPS}output: "out/{row.name}.txt"\n`;
    const { problems } = world(text, { 'r.csv': 'name\nfine\n../../evil\n' });
    expect(await problems()).toEqual([
      expect.stringMatching(
        /^a\.batch\.yaml:3:9: The result of item 2 would go to .*evil\.txt, out/,
      ),
    ]);
  });

  test.for([
    ['x'.repeat(300), 'a name of more than 255 bytes. Put {slug} or {index} into `output`.'],
    ['a\0b', 'which no file can be named. There is a character NUL in it.'],
  ] as const)('nor to a name that no file system takes: %j', async ([name, why]) => {
    const text = `inputs: { rows: r.csv }\n${STEPS}output: "out/{row.name}.txt"\n`;
    const [problem] = await world(text, { 'r.csv': `name\nok\n${name}\n` }).problems();
    expect(problem).toMatch(/^a\.batch\.yaml:3:9: The result of item 2 would go to /);
    expect(problem).toContain(why);
  });

  test('by the output of a step', async () => {
    const text = 'inputs: [a]\nsteps:\n  - run: [x]\n    output: ../x\n';
    expect(await world(text).problems()).toEqual([
      expect.stringMatching(/^a\.batch\.yaml:4:13: The result of item 1/),
    ]);
  });

  test('though its name may begin with two dots', async () => {
    expect(await outputs(`inputs: [a]\n${STEPS}output: ..{slug}.txt\n`)).toEqual([['..a.txt']]);
  });
});

describe('no two results go to one place', () => {
  const clash = (output: string, inputs = '[One, one!]'): Promise<string[]> =>
    world(`inputs: ${inputs}\n${STEPS}output: ${output}\n`).problems();

  test('for items of the same name', async () => {
    expect(await clash('o/{slug}.txt')).toEqual([
      'a.batch.yaml:3:9: item 1 (a.batch.yaml:1) and item 2 (a.batch.yaml:1) would write the same file, one.txt. Make the names differ: put {index} or {slug} into `output`.',
    ]);
    expect(await clash('o/{index}.txt')).toEqual([]);
  });

  test('also where only the case or the form of a letter differs', async () => {
    const csv = 'name\nCaf\u00e9\nCAFE\u0301\n';
    const text = `inputs: { rows: r.csv }\n${STEPS}output: "o/{row.name}"\n`;
    expect(await world(text, { 'r.csv': csv }).problems()).toHaveLength(1);
  });

  test('for a file and a folder', async () => {
    const text = 'inputs: [a]\nsteps:\n  - { run: [x], output: o/ }\n  - { run: [y], output: o }\n';
    expect(await world(text).problems()).toEqual([
      'a.batch.yaml:4:25: Two steps of item 1 (a.batch.yaml:1) would write the same file, o. Make the names differ.',
    ]);
  });

  test('nor to a place that the batch reads', async () => {
    const text = `inputs: { files: "*.txt" }\n${STEPS}output: "{input.name}"\noverwrite: true\n`;
    expect(await world(text, { 'p.txt': '' }).problems()).toEqual([
      'a.batch.yaml:3:9: The result of item 1 (p.txt) would replace p.txt, which this batch reads. Give results another folder or another ending.',
    ]);
    expect(await clash('a.batch.yaml', '[a]')).toEqual([
      expect.stringContaining('would replace a.batch.yaml, which this batch reads.'),
    ]);
  });

  test('and not a hundred problems are told of a hundred items', async () => {
    expect(await clash('o/x.txt', JSON.stringify(Array(100).fill('a')))).toHaveLength(20);
  });
});

describe('placeholders are checked before anything runs', () => {
  const step = (text: string, rest = ''): Promise<string[]> =>
    world(`inputs: [a]\nsteps:\n  - ${text}\n${rest}`).problems();

  test('one that does not exist is shown with the one that was meant', async () => {
    expect(await step('run: [x, "{inptu}"]')).toEqual([
      'a.batch.yaml:3:15: There is no placeholder `{inptu}`. Did you mean `{input}`? A brace itself is written twice: {{.',
    ]);
    expect(await step('{ run: [x], env: { A: "{slgu}" } }')).toHaveLength(1);
    expect(await step('{ run: [x], cwd: "{slgu}" }')).toHaveLength(1);
    expect(await step('{ run: [x], warm: true, with: { a: [{ b: "{slgu}" }] } }')).toHaveLength(1);
    expect(await step('{ uses: write, with: { prompt: "{slgu}" } }')).toHaveLength(1);
    expect(await step('{ run: [x, "{row.name}"] }')).toHaveLength(1);
  });

  test('`{output}` needs a place for the result', async () => {
    expect(await step('run: [x, "{output}"]')).toEqual([
      'a.batch.yaml:3:15: `{output}` is used, but nothing says where the result goes. Add `output: out/{slug}.mp3` or the like.',
    ]);
    expect(await step('run: [x, "{output}"]', 'output: o/{slug}.txt\n')).toEqual([]);
    expect(await step('{ run: "x > $SLUICE_OUTPUT", shell: true }')).toHaveLength(1);
  });

  test.for(['input', 'output', 'outdir'])('`{%s}` says nothing in an `output`', async (name) => {
    const [problem, ...others] = await step('run: [x]', `output: "o/{${name}}.txt"\n`);
    expect(others).toEqual([]);
    expect(problem).toContain(
      `a.batch.yaml:4:12: \`{${name}}\` cannot be used here. Use one of {input.name} {input.stem} `,
    );
  });

  test('one process for all items has them in its `with` alone', async () => {
    expect(await step('{ run: [x, "{index}"], warm: true, with: { n: "{index}" } }')).toEqual([
      'a.batch.yaml:3:17: `{index}` cannot be used here. One process serves all items: put it into `with`.',
    ]);
    expect(await step('{ run: [x], warm: true, with: { n: "{input}" } }')).toHaveLength(1);
    expect(await step('{ uses: write, env: { A: "{slug}" } }')).toHaveLength(1);
    expect(await step('{ uses: write, with: { prompt: "{input} {slug}" } }')).toEqual([]);
  });

  test('a shell is given variables, not placeholders', async () => {
    expect(await step('{ run: "wc {input} > $SLUICE_X", shell: true }')).toEqual([
      'a.batch.yaml:3:16: `{input}` is not filled in for a shell. Write "$SLUICE_INPUT", or "%SLUICE_INPUT%" on Windows.',
    ]);
    expect(await step(`{ run: "echo \${input} {a,b}", shell: true }`)).toEqual([]);
  });
});

test('a step is called by its name, its kind, or its program', () => {
  const names = parseBatch(
    'inputs: [a]\nsteps:\n  - { run: [/usr/bin/demucs, x], name: split }\n  - uses: speak\n  - run: [/usr/bin/demucs, x]\n  - { run: " ls -l | wc ", shell: true }\n',
    'f',
  ).batch?.steps.map(stepName);
  expect(names).toEqual(['split', 'speak', 'demucs', 'ls']);
});

test('a run is called by the name of the batch, or of its file', async () => {
  expect((await world(`inputs: [a]\n${STEPS}`, {}, 'my.songs.batch.yaml').plan()).name).toBe(
    'my.songs',
  );
  expect((await world(`name: N\ninputs: [a]\n${STEPS}`).plan()).name).toBe('N');
});

test('paths are shown relative to the workspace where they lie in it', () => {
  expect(relativePath('/w', '/w/a/b.txt')).toBe('a/b.txt');
  expect(relativePath('/w', '/w/..a')).toBe('..a');
  expect(relativePath('/w', '/other/b.txt')).toBe('/other/b.txt');
  expect(relativePath('/w', '/w2/b.txt')).toBe('/w2/b.txt');
});

describe('placeholders are checked while a file is written, too', () => {
  const check = (text: string) =>
    checkBatch(text, 'f').map(({ line, column, endColumn, message, fix }) =>
      [line, column, endColumn, message, fix].join(' '),
    );

  test('each at its own place, with what was meant', () => {
    const text = `inputs: [a]\n${STEPS}output: "out/{slgu}-{idx:3}.txt"\n`;
    expect(check(text)).toEqual([
      '3 14 20 There is no placeholder `{slgu}`. {slug}',
      '3 21 26 There is no placeholder `{idx}`. {index:',
    ]);
    const escaped = `inputs: [a]\n${STEPS}output: "out/{sl\\u0067u}.txt"\n`;
    expect(check(escaped)).toEqual(['3 9 30 There is no placeholder `{slgu}`. ']);
  });

  test('but for columns, which only the rows tell', () => {
    const rows = `inputs: { rows: r.csv }\n${STEPS}output: "out/{row.any}.txt"\n`;
    expect(check(rows)).toEqual([]);
    expect(check(rows.replace('{ rows: r.csv }', '[a]'))).toHaveLength(1);
  });
});

test('escapes of terminals are in no name and in no title', async () => {
  const text = 'name: "a\\e]0;x\\ab"\ninputs: ["c\\e[2Jd"]\nsteps: [{ run: [cp] }]\n';
  const { name, items } = await world(text).plan();
  expect([name, items[0]?.title]).toEqual(['ab', 'cd']);
});
