import { describe, expect, test } from 'vitest';
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  Hover,
  MarkdownString,
  Position,
  Range,
  TextDocument,
  Uri,
} from 'vscode';
import { checkBatch } from '../../../src/batch/placeholder-check.ts';
import type { Problem } from '../../../src/batch/problem.ts';
import { rangeOf } from '../../../src/vscode/diagnostics.ts';
import { askedPlace } from '../../../src/vscode/editor/asked-place.ts';
import { BatchIndex } from '../../../src/vscode/editor/batch-index.ts';
import { BatchCompletion } from '../../../src/vscode/editor/completion.ts';
import { Fixes } from '../../../src/vscode/editor/fixes.ts';
import { BatchHover } from '../../../src/vscode/editor/hover.ts';
import { Lenses } from '../../../src/vscode/editor/lenses.ts';
import { runItem } from '../../../src/vscode/run-item.ts';
import type { RunChoices } from '../../../src/vscode/starter.ts';
import {
  EditedDocument,
  type EditorOptions,
  editorOf,
  type FakePosition,
  FakeRange,
} from '../../support/fake-editor.ts';
import { FakeUri, FakeVscode } from '../../support/fake-vscode.ts';
import { makeWorkspace } from '../../support/sluice.ts';

const BATCH = '/workspace/a.batch.yaml';

/** A document with its cursor at `|`. */
function edited(marked: string, path = BATCH) {
  const document = new EditedDocument(path, marked.replace('|', ''));
  const position = document.positionAt(marked.indexOf('|'));
  return {
    document: document as unknown as TextDocument,
    position: position as unknown as Position,
    at: document.positionAt(marked.indexOf('|')) satisfies FakePosition,
  };
}

function editor(options: EditorOptions = {}, folder = '/workspace') {
  const fake = new FakeVscode();
  fake.folders = [folder];
  return editorOf(fake, options);
}

describe('lenses', () => {
  async function lensesOf(
    path: string,
    text: string,
    options: EditorOptions = {},
    folder?: string,
  ) {
    const { module, batchChanged } = editor(options, folder);
    const index = new BatchIndex(module);
    const lenses = new Lenses(module, index);
    const provide = async (shown = text): Promise<string[]> => {
      const { document } = edited(shown, path);
      return (await lenses.provide(document)).map(
        ({ range, command }: CodeLens) =>
          `${range.start.line + 1} ${command?.title} ${command?.command} ${command?.arguments?.[1] ?? ''}`,
      );
    };
    return { provide, batchChanged, index };
  }

  test('stand above a batch file and on each of its own items', async () => {
    const block = await lensesOf(BATCH, 'inputs:\n  - a\n  - b\nsteps: []\n|');
    expect(await block.provide()).toEqual([
      '1 $(play) Run sluice.runBatch ',
      '2 Run this item sluice.runItem 1',
      '3 Run this item sluice.runItem 2',
    ]);
    const flow = await lensesOf(BATCH, 'steps: []\ninputs: [a, b]\n|');
    expect(await flow.provide()).toEqual([
      '1 $(play) Run sluice.runBatch ',
      '2 Run item 1 sluice.runItem 1',
      '2 Run item 2 sluice.runItem 2',
    ]);
    const many = await lensesOf(BATCH, `inputs:\n${'  - a\n'.repeat(1000)}|`);
    expect((await many.provide()).length).toBe(201);
  });

  test('stand on the prompts of a file that a batch file names', async () => {
    const folder = makeWorkspace({
      'sub/a.batch.yaml': 'inputs: { lines: ../prompts.txt }\nsteps: [{ run: [x] }]\n',
      'other.batch.yaml': 'inputs: [prompts.txt]\n',
    });
    const files = [`${folder}/sub/a.batch.yaml`, `${folder}/other.batch.yaml`];
    const text = '# Prompts\none\n\n  two\n|';
    const named = await lensesOf(`${folder}/prompts.txt`, text, { files }, folder);
    expect(await named.provide()).toEqual([
      '1 $(play) Run 2 prompts sluice.runBatch ',
      '2 Run this item sluice.runItem 1',
      '4 Run this item sluice.runItem 2',
    ]);
    expect((await named.provide('one\n'.repeat(5000))).length).toBe(201);
    const other = await lensesOf(`${folder}/other.txt`, text, { files }, folder);
    expect(await other.provide()).toEqual([]);
  });

  test('name the batch file where several name the prompts, and follow what changes', async () => {
    const folder = makeWorkspace({
      'a.batch.yaml': 'inputs: { lines: p.txt }\n',
      'b$(x).batch.yaml': 'inputs: { lines: p.txt }\n',
    });
    const files = [`${folder}/a.batch.yaml`];
    const { provide, batchChanged, index } = await lensesOf(
      `${folder}/p.txt`,
      'one\n|',
      { files },
      folder,
    );
    expect((await provide())[0]).toContain('$(play) Run 1 prompt sluice.runBatch');
    let told = 0;
    index.changed.on(() => {
      told += 1;
    });
    files.push(`${folder}/b$(x).batch.yaml`);
    batchChanged.fire();
    expect(told).toBe(1);
    expect(await provide()).toEqual([
      '1 $(play) Run 1 prompt with a.batch.yaml sluice.runBatch ',
      '1 $(play) Run 1 prompt with b$\u200b(x).batch.yaml sluice.runBatch ',
      '1 Run this item with a.batch.yaml sluice.runItem 1',
      '1 Run this item with b$\u200b(x).batch.yaml sluice.runItem 1',
    ]);
  });

  test('are none when they are turned off', async () => {
    const { provide } = await lensesOf(BATCH, 'inputs: [a]|', { settings: { codeLens: false } });
    expect(await provide()).toEqual([]);
  });
});

describe('completion', () => {
  async function items(marked: string, options: EditorOptions = {}): Promise<CompletionItem[]> {
    const { document, position } = edited(marked);
    return new BatchCompletion(editor(options).module).provide(askedPlace(document, position));
  }
  const find = (found: readonly CompletionItem[], label: string): CompletionItem | undefined =>
    found.find((one) => one.label === label);

  test('inserts keys where they are typed, in the order of the docs', async () => {
    const found = await items('conc|\nsteps: []\n');
    const item = find(found, 'concurrency');
    expect(item).toMatchObject({ insertText: 'concurrency: ', filterText: 'concurrency' });
    expect(item).toMatchObject({
      range: new FakeRange(0, 0, 0, 4),
      documentation: { value: expect.stringMatching(/^Items under way at once/) },
    });
    expect(found.map(({ sortText }) => sortText)).toEqual(
      found.map(({ sortText }) => sortText).sort(),
    );
    const run = find(await items('steps:\n  - ru|'), 'run');
    expect(run?.insertText).toMatchObject({ value: 'run: [$0]' });
    const uses = find(await items('steps:\n  - us|'), 'uses');
    expect(uses?.command?.command).toBe('editor.action.triggerSuggest');
  });

  test('takes quotes for a part of what is typed', async () => {
    const [write] = await items('steps: [{ uses: "w|" }]');
    expect(write).toMatchObject({
      filterText: '"write',
      insertText: 'write',
      range: new FakeRange(0, 16, 0, 19),
    });
  });

  test('offers files, and patterns of files that are alike', async () => {
    const files = ['music/a.mp3', 'music/b.mp3', 'x.txt', 'a.batch.yaml'].map(
      (name) => `/workspace/${name}`,
    );
    const found = await items('inputs: { files: | }', { files });
    expect(found.map(({ label }) => label)).toEqual([
      'music/*.mp3',
      'music/a.mp3',
      'music/b.mp3',
      'x.txt',
    ]);
    expect(find(found, 'music/*.mp3')?.insertText).toBe('music/*.mp3');
  });

  test('leaves keys and values to the YAML extension where that is there', async () => {
    expect(await items('conc|', { yaml: true })).toEqual([]);
    expect(find(await items('output: "{|"', { yaml: true }), '{slug}')).toBeDefined();
    expect(
      (await items('inputs: { lines: | }', { yaml: true, files: ['/workspace/p.txt'] })).length,
    ).toBe(1);
  });

  test('and everything else that reads it again at each key, leaves out a file that is very long', async () => {
    const long = `inputs:\n${'  - a text\n'.repeat(10_000)}`;
    expect(await items(`${long}conc|`)).toEqual([]);
    const { document, position } = edited(`${long}retr|ies: 1`);
    const { module } = editor();
    expect(new BatchHover(module).provideHover(document, position)).toBeUndefined();
    expect((await new Lenses(module, new BatchIndex(module)).provide(document)).length).toBe(1);
  });

  test('offers the columns of a CSV file', async () => {
    const folder = makeWorkspace({ 'p.csv': '\ufeffname, full name\nA,B\n' });
    const { document, position } = edited(
      'inputs: { rows: p.csv }\noutput: "{row|"\n',
      `${folder}/a.batch.yaml`,
    );
    const place = askedPlace(document, position);
    const found = await new BatchCompletion(editor().module).provide(place);
    expect(found.map(({ label }) => label)).toContain('{row.full name}');
  });
});

describe('a hover', () => {
  function hover(marked: string, options: EditorOptions = {}) {
    const { document, position } = edited(marked);
    const found: Hover | undefined = new BatchHover(editor(options).module).provideHover(
      document,
      position,
    );
    return found === undefined ? undefined : (found.contents as unknown as MarkdownString).value;
  }

  test('says what a key is for and what it takes', () => {
    expect(hover('retr|ies: 1')).toBe(
      '**retries** — whole number, 0 to 100\n\nMore attempts at an item that failed.\n\nWithout it: `0`',
    );
    expect(hover('time|out: 1s')).toContain('number of seconds, or duration');
    expect(hover('steps: [{ us|es: x }]')).toContain('- `speak`: Speaks a text');
    expect(hover('overw|rite: true')).toContain('One of `true`, `false`');
  });

  test('says what a placeholder stands for', () => {
    expect(hover('output: "{ind|ex:3}"')).toContain("The item's number");
    const hostile = hover('output: "{row.[x](command:a)|}"') ?? '';
    expect(hostile).toContain('\\[x\\]');
  });

  test('leaves keys to the YAML extension where that is there', () => {
    expect(hover('retr|ies: 1', { yaml: true })).toBeUndefined();
    expect(hover('output: "{sl|ug}"', { yaml: true })).toContain('slug');
  });
});

test('a quick fix puts in what was meant', () => {
  const { module } = editor();
  const text = 'inputs: [a]\nretris: 2\nsteps: [{ uses: speek, with: { voice: "{slgu}" } }]\n';
  const problems: Problem[] = [
    ...checkBatch(text, BATCH),
    ...checkBatch(text.replace('retris', 'retries').replace('speek', 'speak'), BATCH),
  ];
  const fixes = new Fixes(module, () => problems);
  const { document } = edited(`${text}|`);
  const fixed = problems.flatMap((problem) => {
    const range = rangeOf(module, problem);
    const actions: CodeAction[] = fixes.provideCodeActions(document, range, {
      diagnostics: [{ range } as unknown as import('vscode').Diagnostic],
    });
    return actions.map(({ title, edit, diagnostics }) => [
      title,
      (edit as unknown as { replaced: unknown[][] }).replaced[0]?.slice(1),
      diagnostics?.length,
    ]);
  });
  expect(fixed).toEqual([
    ['Change to retries', [[1, 0, 1, 6], 'retries'], 1],
    ['Change to speak', [[2, 16, 2, 21], 'speak'], 1],
    ['Change to {slug}', [[2, 39, 2, 45], '{slug}'], 1],
  ]);
  const elsewhere = new FakeRange(0, 0, 0, 1) as unknown as Range;
  expect(fixes.provideCodeActions(document, elsewhere, { diagnostics: [] })).toEqual([]);
});

test('items are run anew, of batch files alone', async () => {
  const { module } = editor();
  const started: unknown[] = [];
  const starter = {
    start: async ({ fsPath }: Uri, choices?: RunChoices) => {
      started.push([fsPath, choices]);
      return undefined;
    },
  };
  await runItem(module, starter, [new FakeUri(BATCH), 3]);
  await runItem(module, starter, [new FakeUri(BATCH), [1, 2]]);
  expect(started).toEqual([
    [BATCH, { items: [3], force: true }],
    [BATCH, { items: [1, 2], force: true }],
  ]);
  for (const wrong of [
    [],
    [new FakeUri(BATCH)],
    [new FakeUri('/workspace/p.txt'), 1],
    [BATCH, 1],
  ]) {
    await expect(runItem(module, starter, wrong)).rejects.toThrow('numbers of its items');
  }
});
