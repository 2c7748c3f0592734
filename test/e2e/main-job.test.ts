import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { watchText } from '../support/watch-text.ts';
import { panelOf, runBatchFile, runLogLines, sideBarTitle } from '../support/window.ts';

const PROMPTS = ['harbour', 'forest', 'city', 'desert'];
const BATCH = `
name: Four places
inputs: [${PROMPTS.join(', ')}]
steps:
  - run: [python3, writer.py]
    name: tell
    warm: true
    with: { pause: 0.2 }
  - uses: speak
    with: { engine: flite, voice: slt }
output: out/{index}-{slug}.mp3
concurrency: 1
`;

test('a batch is run, watched and opened in one window', async () => {
  const writer = readFileSync(fileOf('test/programs/writer.py'), 'utf8');
  const { folder, window } = await openScene({ 'places.batch.yaml': BATCH, 'writer.py': writer });

  await runBatchFile(window, 'places.batch.yaml');

  // While it runs: rows, bars and the text as it is being written.
  const panel = await panelOf(window);
  const run = panel.run('Four places');
  await eventually(() => panel.items('queued').count()).toBeGreaterThan(0);
  expect(await panel.frame.locator('sluice-item').count()).toBe(PROMPTS.length);
  expect(await panel.item(1).locator('.title').textContent()).toBe('harbour');
  const live = await watchText(panel.frame, 'sluice-item[data-item="4"] .live');
  const bar = run.getByRole('progressbar', { name: 'Progress' }).first();
  await eventually(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(25);

  // The status bar counts, with the share that is done and the time that is left.
  await window.statusBar(/Sluice [1-3]\/4 \d+% \d+:\d\d/).waitFor();

  // The results, on disk and from the panel.
  await eventually(() => panel.items('done').count(), 60_000).toBe(PROMPTS.length);
  await window.statusBar(/Sluice 4\/4$/).waitFor();
  const texts = (await live()).map(({ text }) => text);
  expect(texts.length).toBeGreaterThan(4);
  expect(texts.at(-1)).toBe('This is what was written about the desert.');
  for (const [index, text] of texts.entries()) expect(texts[index + 1] ?? text).toContain(text);
  for (const [index, name] of PROMPTS.entries()) {
    const sound = readFileSync(join(folder, `out/${index + 1}-${name}.mp3`));
    expect(sound.subarray(0, 3).toString()).toBe('ID3');
    expect(sound.length).toBeGreaterThan(4000);
  }
  await panel.item(2).getByRole('button', { name: 'Play result' }).click();
  const player = panel.frame.getByRole('region', { name: 'Player' });
  await eventually(() => player.locator('.time').textContent()).not.toBe('0:00');
  await panel.choose(panel.item(2), 'Open result');
  await window.page.getByRole('tab', { name: '2-forest.mp3' }).waitFor();

  // The status bar leads back to the panel.
  await window.command('View: Show Explorer');
  await eventually(() => sideBarTitle(window)).toMatch(/Explorer/i);
  await window.statusBar('Sluice').click();
  await eventually(() => sideBarTitle(window)).toMatch(/Sluice/i);
  expect(await (await panelOf(window)).items('done').count()).toBe(PROMPTS.length);
});

test('the lines of an item are read while later items have not begun', async () => {
  const names = ['one', 'two', 'three'];
  const { folder, window } = await openScene({
    'gated.py': readFileSync(fileOf('test/programs/gated.py'), 'utf8'),
    'lines.batch.yaml': `
name: Lines
inputs: [one, two, three]
steps: [{ run: [python3, gated.py, "{input}", "{output}"] }]
output: out/{slug}.txt
concurrency: 1
`,
  });
  const view = window.page.locator('.part.panel');
  await runBatchFile(window, 'lines.batch.yaml');
  await (await panelOf(window)).run('Lines').waitFor();
  await window.command('Sluice: Show Output');

  // In the output view: an item's lines are there while it is still working.
  for (const [index, name] of names.entries()) {
    await view
      .getByText(`[${index + 1}/3] python3: ${name} 3`)
      .first()
      .waitFor();
    const next = `[${index + 2}/3]`;
    expect(runLogLines(window, 'Lines').some((line) => line.startsWith(next))).toBe(false);
    writeFileSync(join(folder, `go-${name}`), '');
  }
  await view.getByText('Lines: 3 of 3 done').waitFor();

  // All of them, once and in order.
  const expected = names.flatMap((name, index) => [
    `[${index + 1}/3] ${name}`,
    ...[1, 2, 3].map((number) => `[${index + 1}/3] python3: ${name} ${number}`),
    `[${index + 1}/3] python3: out/${name}.txt`,
    `[${index + 1}/3] done`,
  ]);
  expect(runLogLines(window, 'Lines').filter((line) => line.startsWith('['))).toEqual(expected);
});
