import { describe, expect, test } from 'vitest';
import { type Around, type Completion, complete } from '../../../src/batch/complete.ts';
import { parseBatch } from '../../../src/batch/parse.ts';
import { batchSchema } from '../../../src/batch/schema.ts';
import { BUILT_IN_STEPS } from '../../../src/batch/uses.ts';

const STEPS = Object.keys(BUILT_IN_STEPS);

const around: Around = {
  files: async (kind, folder) => [`${folder ?? '.'}/${kind}.txt`, 'a, b.txt'],
  columns: async (file) => (file === 'people.csv' ? ['name', 'full name'] : []),
};

/** What is offered at the `|` of a file. */
async function offered(marked: string): Promise<readonly Completion[]> {
  const offset = marked.indexOf('|');
  return complete(marked.replace('|', ''), offset, around);
}

async function labels(marked: string): Promise<string[]> {
  return (await offered(marked)).map(({ label }) => label);
}

/** The file after choosing an entry, with the cursor as `|`. */
async function chosen(marked: string, label: string): Promise<string> {
  const text = marked.replace('|', '');
  const found = (await offered(marked)).find((one) => one.label === label);
  if (found === undefined) throw new Error(`${label} is not offered.`);
  const { before, after, from, to } = found;
  return `${text.slice(0, from)}${before}|${after}${text.slice(to)}`;
}

const STEP = 'steps:\n  - uses: write\n';

describe('keys', () => {
  test.for([
    ['an empty file', '|'],
    ['the first line', 'na|\nsteps: []\n'],
    ['between others', 'inputs: [a]\nre|\nsteps: []\n'],
    ['the end', 'inputs: [a]\n|'],
    ['after a broken line', 'inputs: [a\n|'],
  ] as const)('of the file, at %s', async ([, text]) => {
    const found = await labels(text);
    const there = ['inputs', 'steps'].filter((key) => text.includes(`${key}:`));
    const all = Object.keys(batchSchema.shape).filter((key) => !there.includes(key));
    expect(found).toEqual(all);
  });

  test.for([
    ['on a line', `${STEP}    |\n`],
    ['under its dash', `${STEP}  |\n`],
    ['half typed under its dash', `${STEP}  na|\noutput: x\n`],
    ['half typed', `${STEP}    na|\n    output: x\n`],
    ['in braces', 'steps: [{ uses: write, | }]\n'],
    ['in braces that are open', 'steps: [{ uses: write, na|'],
  ] as const)('of a built-in step, %s', async ([, text]) => {
    const found = await labels(text);
    expect(found).toEqual(
      ['with', 'name', 'from', 'cwd', 'env', 'needs', 'output'].filter(
        (key) => !text.includes(`    ${key}:`),
      ),
    );
  });

  test('of a program, and of a step that may be either', async () => {
    const program = await labels('steps:\n  - run: [x]\n    |\n');
    expect(program).toEqual([
      'with',
      'shell',
      'warm',
      'pty',
      'name',
      'from',
      'cwd',
      'env',
      'needs',
      'output',
    ]);
    const either = await labels('steps:\n  - |\n');
    expect(either).toEqual(expect.arrayContaining(['uses', 'run', 'with', 'warm']));
    expect(new Set(either).size).toBe(either.length);
  });

  test('of the options of the step that is used', async () => {
    const write = await labels(`${STEP}    with:\n      |\n`);
    expect(write).toContain('words');
    expect(write).not.toContain('voice');
    expect(await labels(`${STEP}    with:\n      wo|\n      language: fr\n`)).not.toContain(
      'language',
    );
    const speak = await labels('steps:\n  - uses: speak\n    with: { | }\n');
    expect(speak).toContain('voice');
    expect(speak).not.toContain('words');
  });

  test('of inputs', async () => {
    for (const text of ['inputs:\n  |\n', 'inputs: { | }\n', 'inputs: { |', 'inputs:\n  li|\n']) {
      expect(await labels(text), text).toEqual(['lines', 'files', 'rows', 'text', 'file']);
    }
  });

  test('none where none belongs', async () => {
    for (const text of ['# re|\n', 'inputs: [a|]\n', 'name: a|\n', 'x: *a|\n', 'a: 1\n |']) {
      expect(await labels(text), text).toEqual([]);
    }
  });

  test('are described', async () => {
    for (const { label, description } of await offered(`${STEP}    with: {|}`)) {
      expect(description, label).toMatch(/\.$/);
    }
  });
});

describe('a key that is chosen', () => {
  test.for([
    ['conc|\n', 'concurrency', 'concurrency: |\n'],
    ['conc|urrency: 2\n', 'concurrency', 'concurrency|: 2\n'],
    ['st|\n', 'steps', 'steps:\n  - |\n'],
    ['in|\n', 'inputs', 'inputs:\n  |\n'],
    [`${STEP}    wi|\n`, 'with', `${STEP}    with:\n      |\n`],
    ['steps:\n  - en|\n', 'env', 'steps:\n  - env:\n      |\n'],
    [`${STEP}  wi|\nname: x\n`, 'with', `${STEP}    with:\n      |\nname: x\n`],
    ['steps: [{ wi| }]\n', 'with', 'steps: [{ with: { | } }]\n'],
    ['steps:\n  - ru|\n', 'run', 'steps:\n  - run: [|]\n'],
    ['inputs: { fi| }\n', 'files', 'inputs: { files: | }\n'],
  ] as const)('%j', async ([text, key, after]) => {
    expect(await chosen(text, key)).toBe(after);
  });
});

describe('values', () => {
  test.for([
    ['steps:\n  - uses: |\n', STEPS],
    ['steps:\n  - uses: sp|eak\n    with: {}\n', STEPS],
    ['steps:\n  - run: [x]\n    pty: |\n', ['true', 'false', 'auto']],
    ['overwrite: |\n', ['true', 'false']],
    ['retries: |\n', ['0']],
    ['timeout: |\n', ['500ms', '90s', '10m', '2h']],
  ] as const)('%j', async ([text, values]) => {
    expect(await labels(text)).toEqual(values);
  });

  test('of options are engines and voices', async () => {
    expect(await labels('steps: [{ uses: speak, with: { engine: | } }]')).toContain('flite');
    expect(await labels('steps: [{ uses: speak, with: { voice: af| } }]')).toContain('af_heart');
    expect(await chosen('steps: [{ uses: sp| }]', 'speak')).toBe('steps: [{ uses: speak| }]');
    expect(await chosen('steps: [{ uses: "sp|" }]', 'speak')).toBe('steps: [{ uses: speak| }]');
  });

  test('a built-in step is described', async () => {
    const [write] = await offered('steps: [{ uses: | }]');
    expect(write?.description).toMatch(/^Writes a text/);
  });
});

describe('placeholders', () => {
  test.for([
    ['output: out/{|\n', 'output: out/{slug}|\n'],
    ['output: "out/{sl|}.mp3"\n', 'output: "out/{slug}|.mp3"\n'],
    ['output: "out/{|\nname: x\n', 'output: "out/{slug}|\nname: x\n'],
    ['steps: [{ run: [cp, {sl|}] }]\n', 'steps: [{ run: [cp, "{slug}"|] }]\n'],
    ['steps: [{ run: [cp, {sl|', 'steps: [{ run: [cp, "{slug}"|'],
    ['steps:\n  - uses: write\n    with:\n      prompt: |-\n        On {s§\n', undefined],
  ] as const)('%j', async ([text, after]) => {
    if (after === undefined) {
      // The cursor's own mark, as `|` begins a block here.
      const offset = text.indexOf('§');
      const found = await complete(text.replace('§', ''), offset, around);
      expect(found.map(({ label }) => label)).toContain('{slug}');
      return;
    }
    expect(await chosen(text, '{slug}')).toBe(after);
  });

  test('are those that may stand there', async () => {
    expect(await labels('output: "{|"')).not.toContain('{input}');
    expect(await labels('steps: [{ run: [x, "{|"] }]')).toContain('{input}');
    expect(await labels('steps: [{ run: [x, "{|"], warm: true }]')).toEqual([]);
    expect(await labels('steps: [{ run: "x {|", shell: true }]')).toEqual([]);
    expect(await labels('steps: [{ uses: speak, with: { command: [x, "{|"] } }]')).toContain(
      '{textfile}',
    );
    expect(await labels('inputs: { lines: "{|" }')).toEqual(['./lines.txt', 'a, b.txt']);
  });

  test('are the columns of the rows, too', async () => {
    const rows = 'inputs: { rows: people.csv, text: "To {|" }\n';
    expect(await labels(rows)).toEqual(['{row.name}', '{row.full name}']);
    const output = 'inputs: { rows: people.csv }\noutput: "{row.f|"\n';
    expect(await labels(output)).toContain('{row.full name}');
    expect(await labels('inputs: { rows: other.csv }\noutput: "{|"\n')).not.toContain('{row.name}');
  });

  test('none where a brace is meant', async () => {
    expect(await labels('output: "{{|"')).toEqual([]);
    expect(await labels('output: "{{{|"')).toContain('{slug}');
    expect(await labels('output: "out|"')).toEqual([]);
  });

  test('are described', async () => {
    for (const { label, description } of await offered('steps: [{ run: ["{|"] }]')) {
      expect(description, label).toMatch(/\.$/);
    }
  });
});

test('files are offered where an input names them', async () => {
  expect(await labels('inputs: { lines: | }')).toEqual(['./lines.txt', 'a, b.txt']);
  expect(await labels('folder: sub\ninputs:\n  files:\n    - m|\n')).toContain('sub/files.txt');
  const text = await chosen('inputs: { lines: "a|" }\nsteps: [{ run: [x] }]\n', 'a, b.txt');
  expect(text).toBe('inputs: { lines: "a, b.txt"| }\nsteps: [{ run: [x] }]\n');
  expect(parseBatch(text.replace('|', ''), 'f').problems).toEqual([]);
});

test('at every place of a whole file, whatever is cut off there, nothing breaks', async () => {
  const text = `name: N
inputs: { files: ["a/*.mp3", 'b'] }
steps:
  - run: [demucs, -o, "{outdir}", "{input}"]
    env: { A: "{index}" }
  - uses: write
    with:
      prompt: >-
        Write {input}
      words: 20
output: out/{slug}/
`;
  for (let offset = 0; offset <= text.length; offset += 1) {
    await complete(text, offset, around);
    await complete(text.slice(0, offset), offset, around);
  }
});
