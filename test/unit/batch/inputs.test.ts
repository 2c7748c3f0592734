import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { STEPS, world } from './plan.ts';

describe('a list', () => {
  test('is one item each, at its place in the batch file', async () => {
    const { items } = await world(`inputs:\n  - one\n  - 2\n${STEPS}`).plan();
    expect(items.map(({ item, text, title, source }) => ({ item, text, title, source }))).toEqual([
      { item: 1, text: 'one', title: 'one', source: { file: 'a.batch.yaml', line: 2, column: 5 } },
      { item: 2, text: '2', title: '2', source: { file: 'a.batch.yaml', line: 3, column: 5 } },
    ]);
  });

  test('keeps a long text whole, its title short', async () => {
    const text = 'A long\n text '.repeat(100);
    const { items } = await world(`inputs: [${JSON.stringify(text)}]\n${STEPS}`).plan();
    expect(items[0]?.text).toBe(text);
    expect(items[0]?.title).toMatch(/^A long text A long .*…$/);
    expect(items[0]?.title.length).toBeLessThanOrEqual(80);
  });
});

describe('lines', () => {
  async function lines(content: string | Uint8Array): Promise<(string | number | undefined)[][]> {
    const { items } = await world(`inputs: { lines: p.txt }\n${STEPS}`, {
      'p.txt': content,
    }).plan();
    return items.map(({ text, source }) => [source?.line, text]);
  }

  test('leave out empty lines and comments, and count them', async () => {
    expect(await lines('# prompts\n\n one \n  # no\ntwo # yes\n')).toEqual([
      [3, 'one'],
      [5, 'two # yes'],
    ]);
  });

  test('may end as on any system, and begin with a byte order mark', async () => {
    expect(await lines('\ufeffone\r\ntwo\rthree\nfour')).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
      [4, 'four'],
    ]);
  });

  test('keep characters that only look like ends of lines', async () => {
    expect(await lines('a\u2028b\u0085c\n')).toEqual([[1, 'a\u2028b\u0085c']]);
  });

  test('of a folder are no lines', async () => {
    const { folder, problems } = world(`inputs: { lines: p }\n${STEPS}`);
    mkdirSync(join(folder, 'p'));
    expect(await problems()).toEqual([
      'a.batch.yaml:1:18: No such file: p. Paths are relative to the batch file.',
    ]);
  });
});

describe('files', () => {
  const files = {
    'm/t10.mp3': '',
    'm/t9.mp3': '',
    'm/T1.mp3': '',
    'm/deep/x.mp3': '',
    'm/n.txt': '',
  };

  async function found(pattern: string, more: Record<string, string> = {}): Promise<string[]> {
    const { items } = await world(`inputs: { files: ${pattern} }\n${STEPS}`, {
      ...files,
      ...more,
    }).plan();
    return items.map(({ source }) => source?.file ?? '');
  }

  test('come in the order in which people count', async () => {
    expect(await found('"m/*.mp3"')).toEqual(['m/T1.mp3', 'm/t9.mp3', 'm/t10.mp3']);
  });

  test('may lie deep, and be given by several patterns, each file once', async () => {
    expect(await found('["m/t9.mp3", "m/**/*.mp3"]')).toEqual([
      'm/t9.mp3',
      'm/deep/x.mp3',
      'm/T1.mp3',
      'm/t10.mp3',
    ]);
  });

  test('may have names that are patterns, too', async () => {
    const odd = { 'm/take (2) [b].mp3': '', 'm/{x}.mp3': '' };
    expect(await found('["m/take (2) [b].mp3", "m/{x}.mp3"]', odd)).toEqual([
      'm/take (2) [b].mp3',
      'm/{x}.mp3',
    ]);
  });

  test('are no folders', async () => {
    expect(await world(`inputs: { files: m }\n${STEPS}`, files).problems()).toEqual([
      'a.batch.yaml:1:18: No such file: m. Paths are relative to the batch file.',
    ]);
  });

  test('are looked for beside the batch file', async () => {
    const text = 'inputs: { files: "*.md" }\nsteps: [{ run: [x, "{input.dir}"] }]\n';
    const { items } = await world(text, { 'b/x.md': '', 'y.md': '' }, 'b/a.batch.yaml').plan();
    expect(items.map(({ source, title }) => [source?.file, title])).toEqual([['b/x.md', 'x.md']]);
  });

  test('that match nothing are a problem of their pattern', async () => {
    const text = `inputs:\n  files:\n    - "m/*.mp3"\n    - "m/*.wav"\n${STEPS}`;
    expect(await world(text, files).problems()).toEqual([
      'a.batch.yaml:4:7: No file matches m/*.wav. Looked in the workspace.',
    ]);
  });
});

describe('rows', () => {
  const rows = (csv: string, more = ''): ReturnType<typeof world> =>
    world(`inputs: { rows: r.csv${more} }\n${STEPS}`, { 'r.csv': csv });

  test('may have quotes, commas and ends of lines in their values', async () => {
    const csv = 'name,bio\r\n"Ann ""A."" Lee","one,\r\ntwo"\r\n\r\nBob, x \r\n';
    const { items } = await rows(csv).plan();
    expect(items.map(({ text, title, source }) => [source?.line, title, text])).toEqual([
      [2, 'Ann "A." Lee', 'Ann "A." Lee'],
      [5, 'Bob', 'Bob'],
    ]);
    expect(items[0]?.values).toMatchObject({
      'row.name': 'Ann "A." Lee',
      'row.bio': 'one,\r\ntwo',
    });
    expect(items[1]?.values).toMatchObject({ 'row.bio': 'x' });
  });

  test('fill in the text of an item', async () => {
    const text = ', text: "{row.Name}: {row.Größe} {{m}}"';
    const { items } = await rows('\ufeffName,Größe\nAnn,1\n', text).plan();
    expect(items.map(({ title, text }) => [title, text])).toEqual([['Ann', 'Ann: 1 {m}']]);
  });

  test('must have the column that the text names', async () => {
    expect(await rows('name,age\nAnn,3\n', ', text: "{row.nmae}"').problems()).toEqual([
      'a.batch.yaml:1:30: There is no `{row.nmae}` in r.csv. There are {row.name}, {row.age}.',
    ]);
  });

  test.for([
    ['a,b\n1,2\n3\n', 'r.csv:3:1: Not valid CSV: Invalid Record Length'],
    ['a,b\n1,"2\n', 'r.csv:2:1: Not valid CSV: Quote Not Closed'],
    ['a,b\n1,2"x"\n', 'r.csv:2:1: Not valid CSV: Invalid Opening Quote'],
    ['a,b,a\n1,2,3\n', 'r.csv:1:1: There are two columns `a`. Rename one of them.'],
    ['a,b\n', 'a.batch.yaml:1:17: r.csv has no rows.'],
    ['', 'a.batch.yaml:1:17: r.csv has no rows.'],
  ] as const)('%j is refused', async ([csv, problem]) => {
    const found = await rows(csv).problems();
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });
});

test('an input of more than a million characters is refused where it stands', async () => {
  const long = 'x'.repeat(1_000_001);
  const { problems } = world(`inputs: { lines: p.txt }\n${STEPS}`, { 'p.txt': `ok\n${long}\n` });
  expect(await problems()).toEqual([
    'p.txt:2:1: This input has 1,000,001 characters; at most 1,000,000 are taken. Give long texts as files, with `inputs: { files: ... }`.',
  ]);
});
