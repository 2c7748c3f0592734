import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseBatch } from '../../../../src/batch/parse.ts';
import { SOUND_FORMATS } from '../../../../src/engines/sound/file.ts';
import { FORMATS } from '../../../../src/vscode/wizards/formats.ts';
import {
  type Generation,
  generationFiles,
  promptsIn,
  writeGeneration,
} from '../../../../src/vscode/wizards/generate-files.ts';
import { filesFor } from '../../../../src/vscode/wizards/input-files.ts';
import { freeName, writeNew } from '../../../../src/vscode/wizards/new-files.ts';
import { exampleFiles } from '../../../../src/vscode/wizards/run-example.ts';
import { writeSeparation } from '../../../../src/vscode/wizards/separate-stems.ts';
import { writeReading } from '../../../../src/vscode/wizards/speak-documents.ts';
import { FakeVscode } from '../../../support/fake-vscode.ts';
import { makeWorkspace, sluice } from '../../../support/sluice.ts';

const { l10n } = new FakeVscode().module;

test('new files are written all or none, and replace nothing', async () => {
  const folder = makeWorkspace({ 'b.txt': 'mine' });
  await expect(writeNew(folder, { 'a.txt': 'a', 'b.txt': 'b' })).rejects.toThrow('EEXIST');
  expect(readdirSync(folder)).toEqual(['b.txt']);
  expect(readFileSync(join(folder, 'b.txt'), 'utf8')).toBe('mine');
  const filesOf = (name: string): string[] => [`${name}.txt`];
  expect(await freeName(folder, 'b', filesOf)).toBe('b 2');
  expect(await freeName(folder, 'c', filesOf)).toBe('c');
});

test('sounds are offered in the formats that speak writes', () => {
  expect([...FORMATS].sort()).toEqual([...SOUND_FORMATS].sort());
});

describe('the files of a generation', () => {
  const generation = (folder: string, prompts: Generation['prompts']): Generation => ({
    name: 'Über: cells',
    folder,
    prompts,
    write: true,
    voice: 'af_heart',
    format: 'mp3',
  });

  test('are a batch that parses, and the prompts that were typed', async () => {
    const folder = makeWorkspace({});
    const lines = ['What is a cell?', 'Mitochondria'];
    const path = await writeGeneration(generation(folder, { lines }));
    expect(path).toBe(join(folder, 'uber-cells.batch.yaml'));
    expect(promptsIn(readFileSync(join(folder, 'uber-cells.txt'), 'utf8'))).toEqual(lines);
    const { batch, problems } = parseBatch(readFileSync(path, 'utf8'), path);
    expect(problems).toEqual([]);
    expect(batch?.steps.map((step) => step.uses)).toEqual(['write', 'speak']);
    expect(batch?.inputs).toEqual({ lines: 'uber-cells.txt' });
    expect(batch?.name).toBe('Über: cells');
  });

  test('stand beside a prompts file, which does not take their name', async () => {
    const folder = makeWorkspace({ 'uber-cells.txt': 'one\n' });
    const prompts = { file: join(folder, 'uber-cells.txt') };
    const filesOf = (name: string): readonly string[] => generationFiles(name, prompts);
    expect(await freeName(folder, 'uber-cells', filesOf)).toBe('uber-cells');
    const path = await writeGeneration({ ...generation(folder, prompts), write: false });
    const { batch } = parseBatch(readFileSync(path, 'utf8'), path);
    expect(batch?.inputs).toEqual({ lines: 'uber-cells.txt' });
    expect(batch?.steps.map((step) => step.uses)).toEqual(['speak']);
  });

  test('take a table by its rows', async () => {
    const folder = makeWorkspace({ 'in/People.CSV': 'name\nAnn\n' });
    const prompts = { file: join(folder, 'in/People.CSV') };
    const path = await writeGeneration(generation(folder, prompts));
    const { batch } = parseBatch(readFileSync(path, 'utf8'), path);
    expect(batch?.inputs).toEqual({ rows: 'in/People.CSV' });
  });
});

test('documents are spoken by a batch that parses', async () => {
  const folder = makeWorkspace({});
  const reading = {
    name: 'Two: documents',
    folder,
    files: ['docs/a [1].md', 'docs/#2.md'],
    result: '{input.stem}',
    voice: 'slt',
    format: 'ogg',
  } as const;
  const path = await writeReading(reading, l10n.t);
  const { batch, problems } = parseBatch(readFileSync(path, 'utf8'), path);
  expect(problems).toEqual([]);
  expect(batch?.inputs).toEqual({ files: reading.files });
  expect(batch?.steps.map((step) => step.with)).toEqual([{ voice: 'slt' }]);
  expect(batch?.output).toBe('out/two-documents/{input.stem}.ogg');
});

describe('songs are separated by a batch that parses', () => {
  test.each([
    ['demucs', 'all', { engine: 'demucs', format: 'flac' }],
    ['demucs', 'vocals', { engine: 'demucs', stems: 'vocals', format: 'flac' }],
    ['demucs-python', 'vocals', { engine: 'demucs-python', stems: 'vocals', format: 'flac' }],
    [
      'harmonic-percussive',
      'vocals',
      { engine: 'spectral', split: 'harmonic-percussive', format: 'flac' },
    ],
    ['centre-side', 'all', { engine: 'spectral', split: 'centre-side', format: 'flac' }],
  ] as const)('%s, %s', async (method, wanted, options) => {
    const folder = makeWorkspace({ 'a.mp3': '', 'live/a.mp3': '' });
    const patterns = ['**/*.mp3'];
    const files = { folder, patterns, inputs: await filesFor(patterns, folder) };
    const separating = { name: 'My songs', files, method, wanted, format: 'flac' } as const;
    const path = await writeSeparation(separating, l10n.t);
    const { batch, problems } = parseBatch(readFileSync(path, 'utf8'), path);
    expect(problems).toEqual([]);
    expect(batch?.inputs).toEqual({ files: '**/*.mp3' });
    expect(batch?.steps).toMatchObject([{ uses: 'separate', with: options }]);
    // Two songs of one name get folders of their own.
    expect(batch?.output).toBe('out/my-songs/{input.dir}/{input.stem}/');
  });
});

test('the example is a batch that speaks each of its lines', async () => {
  const folder = makeWorkspace({});
  await writeNew(folder, exampleFiles({ l10n }, 'slt'));
  const { code, events } = await sluice(folder, [
    'run',
    '--json',
    'sluice-example/example.batch.yaml',
  ]);
  expect(code).toBe(0);
  const ended = events.filter(({ type }) => type === 'end').length;
  const sounds = readdirSync(join(folder, 'sluice-example/out'));
  expect(ended).toBeGreaterThan(1);
  expect(sounds.filter((name) => name.endsWith('.mp3'))).toHaveLength(ended);
});
