import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseBatch } from '../../../../src/batch/parse.ts';
import { BatchError } from '../../../../src/batch/problem.ts';
import { expansions, suggestOutput } from '../../../../src/vscode/wizards/command-batch.ts';
import { keepCommand, saveCommand } from '../../../../src/vscode/wizards/command-files.ts';
import { previewCommand, previewFiles } from '../../../../src/vscode/wizards/command-preview.ts';
import { distinctName, filesFor, STEMS } from '../../../../src/vscode/wizards/input-files.ts';
import { FakeVscode } from '../../../support/fake-vscode.ts';
import { makeWorkspace, sluice } from '../../../support/sluice.ts';

const FILES = {
  'docs/one.txt': 'one two three\n',
  'docs/two words.txt': 'four\n',
  'docs/deep/one.txt': 'five six\n',
  'copy.mjs':
    "import { readFileSync, writeFileSync } from 'node:fs'; const [from, to] = process.argv.slice(2); writeFileSync(to, readFileSync(from, 'utf8').toUpperCase());",
};

describe('what a command comes to', () => {
  test('is shown for the first files, as it will be run', async () => {
    const folder = makeWorkspace({ ...FILES, 'docs/zz.txt': '' });
    const inputs = await filesFor(['docs/**/*.txt'], folder);
    expect(inputs).toHaveLength(4);
    const argv = ['copy', '{input}', '-n', '{index:2}', '--to={output}', '{{x}}', '$HOME'];
    const output = 'out/{input.dir}/{input.stem}.up';
    const files = ['docs/**/*.txt'];
    const shown = expansions({ files, argv, output }, inputs, folder);
    expect(shown).toHaveLength(3);
    expect(shown[1]).toEqual({
      title: 'docs/one.txt',
      argv: [
        'copy',
        join(folder, 'docs/one.txt'),
        '-n',
        '02',
        `--to=${join(folder, 'out/docs/one.up')}`,
        '{x}',
        '$HOME',
      ],
      output: 'out/docs/one.up',
    });
  });

  test('or what is wrong, for any of the files', async () => {
    const folder = makeWorkspace(FILES);
    const files = ['docs/**/*.txt'];
    const inputs = await filesFor(files, folder);
    const problem = (argv: string[], output: string): unknown => {
      try {
        return expansions({ files, argv, output }, inputs, folder);
      } catch (error) {
        return (error as BatchError).problems[0]?.message;
      }
    };
    expect(problem(['x', '{inptu}'], '')).toBe('There is no placeholder `{inptu}`.');
    expect(problem(['x'], 'out/{input.stem}.txt')).toContain('would write the same file');
    expect(problem(['x'], '../{input.stem}.txt')).toContain('outside the workspace');
    expect(problem(['x', '{output}'], '')).toContain('nothing says where the result goes');
    await expect(filesFor(['music/*.mp3'], folder)).rejects.toThrow(BatchError);
  });

  test('has no pictures and no links in it, whatever files are called', async () => {
    const folder = makeWorkspace({ 'a $(trash) [x](command:y).txt': '' });
    const { module } = new FakeVscode();
    const rows = [
      ...(await previewFiles(module, '*', folder)).rows,
      ...previewCommand(
        module,
        { files: ['*'], argv: ['$(trash)', '{input}'], output: 'out/{input.name}' },
        await filesFor(['*'], folder),
        folder,
      ).rows,
    ];
    const text = rows.map(({ label, description, detail }) => [label, description, detail].join());
    expect(text.join()).toContain('trash');
    expect(text.join()).not.toMatch(/\$\(|\]\(/);
  });

  test('says of a shell’s word that there is none', async () => {
    const folder = makeWorkspace(FILES);
    const files = ['docs/one.txt'];
    const draft = { files, argv: ['cat', '{input}', '|', 'wc'], output: '' };
    const { ready, rows } = previewCommand(
      new FakeVscode().module,
      draft,
      await filesFor(files, folder),
      folder,
    );
    expect(ready).toBe(true);
    expect(rows.at(-1)?.label).toBe('There is no shell: | is handed to the program as it stands.');
  });
});

test('results are suggested a name that no two files share', async () => {
  const folder = makeWorkspace({ ...FILES, 'docs/one.md': '' });
  const apart = await filesFor(['docs/one.txt', 'docs/two words.txt'], folder);
  expect(suggestOutput(['wc'], apart, 'out/wc')).toBe('out/wc/{input.stem}.txt');
  expect(suggestOutput(['x', '{output}'], apart, 'out/x')).toBe('out/x/{input.name}');
  const alike = await filesFor(['docs/**/one.txt'], folder);
  expect(suggestOutput(['x', '{outdir}'], alike, 'out/x')).toBe('out/x/{input.dir}/{input.stem}/');
  expect(distinctName(apart, STEMS)).toBe('{input.stem}');
  expect(distinctName(alike, STEMS)).toBe('{input.dir}/{input.stem}');
  expect(distinctName(await filesFor(['docs/one.*'], folder), STEMS)).toBe(
    '{input.dir}/{input.name}',
  );
});

describe('the batch file of a command', () => {
  const draft = {
    files: ['docs/one.txt', 'docs/two words.txt', 'docs/deep/*.txt'],
    argv: ['node', 'copy.mjs', '{input}', '{output}'],
    output: 'out/{input.dir}/{input.name}',
  };

  test('that is kept with the runs runs, and runs again, as from the workspace', async () => {
    const folder = makeWorkspace(FILES);
    const path = await keepCommand(folder, 'copy over 3 files', draft);
    expect(relative(folder, path)).toBe('.sluice/batches/copy-over-3-files.batch.yaml');
    const first = await sluice(folder, ['run', relative(folder, path)]);
    expect(first.err).toBe('');
    expect(first.code).toBe(0);
    expect(readFileSync(join(folder, 'out/docs/two words.txt'), 'utf8')).toBe('FOUR\n');
    expect(readFileSync(join(folder, 'out/docs/deep/one.txt'), 'utf8')).toBe('FIVE SIX\n');
    expect(await keepCommand(folder, 'copy over 3 files', draft)).toBe(path);
    const again = await sluice(folder, ['run', '--json', relative(folder, path)]);
    expect(again.events.filter(({ type }) => type === 'start')).toEqual([]);
    const other = await keepCommand(folder, 'copy over 3 files', { ...draft, output: '' });
    expect(relative(folder, other)).toBe('.sluice/batches/copy-over-3-files-2.batch.yaml');
  });

  test('that is saved is one as a person writes it', async () => {
    const folder = makeWorkspace(FILES);
    const path = await saveCommand(folder, 'Copy: all', 'About it.', draft);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^# About it\.\nname: "Copy: all"\n/);
    expect(parseBatch(text, path).problems).toEqual([]);
    const { code } = await sluice(folder, ['run', 'copy-all.batch.yaml']);
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'out/docs')).sort()).toEqual([
      'deep',
      'one.txt',
      'two words.txt',
    ]);
    await expect(saveCommand(folder, 'Copy: all', 'About it.', draft)).rejects.toThrow('EEXIST');
  });
});
