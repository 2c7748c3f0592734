import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { watchText } from '../support/watch-text.ts';
import { panelOf, runBatchFile } from '../support/window.ts';

const EXAMPLE = 'examples/audio-from-prompts/biology.batch.yaml';

test('texts are written and spoken by the real models, live in the panel', async () => {
  const batch = readFileSync(fileOf(EXAMPLE), 'utf8').replace(/words: \d+/, 'words: 25');
  const { folder, window } = await openScene({
    'biology.batch.yaml': batch,
    'prompts.txt': 'What is a cell?\nWhat is rain?\nWhat is bread?\n',
  });
  const panel = await panelOf(window);
  const live = await watchText(panel.frame, 'sluice-item[data-item="1"] .live');
  await runBatchFile(window, 'biology.batch.yaml');
  await eventually(() => panel.items('done').count(), 240_000).toBe(3);

  // The text grew in the panel, word by word; it is the one on disk.
  const texts = (await live()).map(({ text }) => text);
  expect(texts.length).toBeGreaterThan(10);
  for (const [index, text] of texts.entries()) expect(texts[index + 1] ?? text).toContain(text);
  const files = readdirSync(join(folder, 'out')).sort();
  expect(files.map((name) => name.replace(/-.*\./, '.'))).toEqual([
    '1.md',
    '1.mp3',
    '2.md',
    '2.mp3',
    '3.md',
    '3.mp3',
  ]);
  const written = readFileSync(join(folder, 'out', files[0] ?? ''), 'utf8');
  expect(flat(written)).toContain(flat(texts.at(-1) ?? ''));
  for (const name of files.filter((file) => file.endsWith('.mp3'))) {
    expect(readFileSync(join(folder, 'out', name)).length).toBeGreaterThan(20_000);
  }
});

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
