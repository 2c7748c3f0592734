import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseBatch } from '../../../src/batch/parse.ts';
import { SOUND_FORMATS } from '../../../src/engines/sound/file.ts';
import { fromPanel } from '../../../src/vscode/from-panel.ts';
import {
  FORMATS,
  freeName,
  type Generation,
  promptsIn,
  writeGeneration,
} from '../../../src/vscode/generate-files.ts';
import { panelHtml } from '../../../src/vscode/panel-html.ts';
import { resultPath } from '../../../src/vscode/places.ts';

describe('messages from the panel', () => {
  test.each([
    { type: 'ready' },
    { type: 'pause', run: 'a' },
    { type: 'cancel', run: 'a' },
    { type: 'retry', run: 'a', item: 3 },
    { type: 'openResult', run: 'a', item: 1, result: 0 },
    { type: 'command', command: 'generateAudio' },
  ])('%o is taken', (message) => {
    expect(fromPanel(message)).toEqual(message);
  });

  test.each([
    undefined,
    null,
    'ready',
    {},
    { type: 'pause' },
    { type: 'cancel', run: 'a', item: '3' },
    { type: 'openResult', run: 'a', item: 1, result: 0.5 },
    { type: 'openSource', run: 'a' },
    { type: 'command', command: 'workbench.action.quit' },
    { type: 'run', run: 'a' },
  ])('%o is not', (message) => {
    expect(fromPanel(message)).toBeUndefined();
  });
});

test('results stay inside the workspace, unless the runner recorded another place', () => {
  const result = (path: string) => ({ path, mime: 'audio/mpeg', bytes: 1 });
  expect(resultPath('/work', result('out/a.mp3'))).toBe('/work/out/a.mp3');
  expect(resultPath('/work', result('/music/a.mp3'))).toBe('/music/a.mp3');
  expect(resultPath('/work', result('../a.mp3'))).toBeUndefined();
  expect(resultPath('/work', result('out/../../a.mp3'))).toBeUndefined();
  expect(resultPath('/work', result('..a/b.mp3'))).toBe('/work/..a/b.mp3');
});

test('the page lets in one script, by its nonce, and nothing inline', () => {
  const page = {
    script: 'https://host/panel.js',
    icons: 'https://host/codicon.css',
    styles: ['https://host/a"b.css'],
    cspSource: 'https://host',
    language: 'en',
  };
  const html = panelHtml(page);
  const [, nonce] = html.match(/<script type="module" nonce="([\w-]{32})"/) ?? [];
  expect(html).toContain(`script-src &#39;nonce-${nonce}&#39;`.replaceAll('&#39;', "'"));
  expect(html).toContain("default-src 'none'");
  expect(html).not.toContain('unsafe');
  expect(html).not.toContain('a"b.css');
  expect(panelHtml(page)).not.toContain(nonce ?? '');
});

describe('the files of a generation', () => {
  async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-generate-'));
    try {
      await use(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  const generation = (folder: string, prompts: Generation['prompts']): Generation => ({
    name: 'Über: cells',
    folder,
    prompts,
    write: true,
    voice: 'af_heart',
    format: 'mp3',
  });

  test('are a batch that parses, and the prompts that were typed', async () => {
    await inFolder(async (folder) => {
      const lines = ['What is a cell?', 'Mitochondria'];
      const path = await writeGeneration(generation(folder, { lines }));
      expect(path).toBe(join(folder, 'uber-cells.batch.yaml'));
      expect(promptsIn(await readFile(join(folder, 'uber-cells.txt'), 'utf8'))).toEqual(lines);
      const { batch, problems } = parseBatch(await readFile(path, 'utf8'), path);
      expect(problems).toEqual([]);
      expect(batch?.steps.map((step) => step.uses)).toEqual(['write', 'speak']);
      expect(batch?.inputs).toEqual({ lines: 'uber-cells.txt' });
      expect(batch?.name).toBe('Über: cells');
    });
  });

  test('are offered in the formats that speak writes', () => {
    expect([...FORMATS].sort()).toEqual([...SOUND_FORMATS].sort());
  });

  test('never replace what is there, and leave nothing behind', async () => {
    await inFolder(async (folder) => {
      const batchFile = join(folder, 'uber-cells.batch.yaml');
      await writeFile(batchFile, 'mine');
      await expect(writeGeneration(generation(folder, { lines: ['a'] }))).rejects.toThrow('EEXIST');
      expect(await readFile(batchFile, 'utf8')).toBe('mine');
      expect(await readdir(folder)).toEqual(['uber-cells.batch.yaml']);
      expect(await freeName(folder, 'Über: cells', { lines: [] })).toBe('Über: cells 2');
    });
  });

  test('stand beside a prompts file, which does not take their name', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'uber-cells.txt');
      await writeFile(file, 'one\n');
      expect(await freeName(folder, 'uber-cells', { file })).toBe('uber-cells');
      const path = await writeGeneration({ ...generation(folder, { file }), write: false });
      const { batch } = parseBatch(await readFile(path, 'utf8'), path);
      expect(batch?.inputs).toEqual({ lines: 'uber-cells.txt' });
      expect(batch?.steps.map((step) => step.uses)).toEqual(['speak']);
    });
  });
});
