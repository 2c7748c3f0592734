import { expect, test } from 'vitest';
import type { ItemPlan, Plan } from '../../../src/batch/plan.ts';
import { batchSchema } from '../../../src/batch/schema.ts';
import { type PreviewPart, previewRun } from '../../../src/vscode/run-preview.ts';

const t = (message: string, ...values: unknown[]): string =>
  message.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)]));

function plan(batch: unknown, titles: readonly string[]): Plan {
  const items = titles.map(
    (title, index): ItemPlan => ({
      item: index + 1,
      title,
      output: `out/${index + 1}.mp3`,
      values: {},
      outputs: [],
    }),
  );
  return {
    batch: batchSchema.parse({ inputs: ['x'], ...(batch as object) }),
    batchFile: '/w/a.batch.yaml',
    workspace: '/w',
    name: 'a',
    items,
  } as unknown as Plan;
}

const code = (parts: readonly PreviewPart[]): string[] =>
  parts.flatMap((part) => ('code' in part ? [part.code] : []));

test('every step is shown with all that decides what it does', () => {
  const steps = [
    { uses: 'write', with: { words: 60 } },
    { run: ['ffmpeg', '-i', '{input}', 'two words', ''], env: { PATH: '/tmp/evil' }, cwd: '..' },
    { run: 'rm -rf "$HOME"', shell: true },
  ];
  const parts = previewRun(plan({ steps }, ['one', 'two']), false, t);
  expect(code(parts)).toEqual([
    [
      '1. write',
      '   with: {"words":60}',
      '2. ffmpeg -i {input} "two words" ""',
      '   env: {"PATH":"/tmp/evil"}',
      '   cwd: ".."',
      '3. shell: rm -rf "$HOME"',
    ].join('\n'),
    '1. one\n2. two',
    'out/1.mp3',
  ]);
  expect(JSON.stringify(parts)).not.toContain('replaced');
});

test('nothing can be hidden in it', () => {
  const steps = [{ run: ['echo', `safe\u202e\n1. fake\u2028${'x'.repeat(3000)}; rm -rf ~`] }];
  const [shown = ''] = code(previewRun(plan({ steps }, ['a\u0007b']), false, t));
  expect(shown).not.toMatch(/[\u202e\u2028\n]/);
  expect(shown).toContain('\\u{202e}');
  expect(shown).toMatch(/… and \d{4} characters more$/);
});

test('how many items there are is said, and that files are replaced', () => {
  const titles = Array.from({ length: 12 }, (_, index) => `title ${index + 1}`);
  const parts = previewRun(plan({ steps: [{ run: ['true'] }] }, titles), true, t);
  expect(parts).toContainEqual({ text: 'Items: 12' });
  expect(code(parts)[1]).toMatch(/5\. title 5\n… and 7 more$/);
  expect(parts).toContainEqual({ text: 'Files that stand where a result goes are replaced.' });
});
