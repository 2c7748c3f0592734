import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { wav } from '../support/panel-sound.ts';
import { openScene } from '../support/scene.ts';
import { panelOf, runBatchFile } from '../support/window.ts';

const SECONDS = 30;
const MAKE = `
import json, shutil, sys
item, output = sys.argv[1:]
if item == 'broken':
    sys.exit('no such song')
if output.endswith('.json'):
    json.dump({'title': item, 'bars': [1, 2]}, open(output, 'w'))
else:
    shutil.copy('tone.wav', output)
`;
const batch = (name: string, inputs: string, ending: string): string => `
name: ${name}
inputs: [${inputs}]
steps: [{ run: [python3, make.py, "{input}", "{output}"] }]
output: out/{slug}.${ending}
retries: 0
`;

test('results are searched, played and looked into in the panel', async () => {
  const { folder, window } = await openScene({
    'make.py': MAKE,
    'songs.batch.yaml': batch('Songs', 'harbour, forest, broken', 'wav'),
    'notes.batch.yaml': batch('Notes', 'the plan', 'json'),
  });
  writeFileSync(join(folder, 'tone.wav'), wav(SECONDS));
  const panel = await panelOf(window);
  const { frame } = panel;
  await runBatchFile(window, 'notes.batch.yaml');
  await eventually(() => panel.items('done').count()).toBe(1);
  await runBatchFile(window, 'songs.batch.yaml');
  await eventually(() => panel.items('failed').count()).toBe(1);
  await eventually(() => panel.items('done').count()).toBeGreaterThanOrEqual(2);

  // The search goes over both runs, the filter over what is left; both are cleared.
  const titles = () => frame.locator('sluice-item .title').allTextContents();
  await panel.run('Songs').locator('.head .name').hover();
  const search = frame.getByRole('textbox', { name: 'Search runs and items' });
  await search.fill('plan');
  await eventually(titles).toEqual(['the plan']);
  await search.fill('or');
  await eventually(titles).toEqual(['forest']);
  await search.press('Escape');
  await frame.getByRole('button', { name: 'Filter' }).click();
  await frame.getByRole('menuitemradio', { name: 'Failed' }).click();
  await eventually(titles).toEqual(['broken']);
  await frame.getByRole('button', { name: 'Filter: Failed' }).click();
  await frame.getByRole('menuitemradio', { name: 'All' }).click();
  await eventually(titles).toContain('harbour');

  // The player: from the row, on to the next result, to a place, faster, paused, closed.
  const songs = panel.run('Songs');
  const player = frame.getByRole('region', { name: 'Player' });
  const place = async (): Promise<number> =>
    Number(await player.getByRole('slider').getAttribute('aria-valuenow'));
  await panel.item(1, songs).getByRole('button', { name: 'Play result' }).click();
  await eventually(() => player.locator('.time').textContent()).not.toBe('0:00');
  expect(await player.locator('.length').textContent()).toBe('0:30');
  await player.getByRole('button', { name: 'Next result' }).click();
  await eventually(() => player.locator('.title').textContent()).toContain('forest');
  await eventually(() => player.locator('.time').textContent()).not.toBe('0:00');
  await player.getByRole('button', { name: 'Speed 1.0×' }).click();
  await frame.getByRole('menuitemradio', { name: '2.0×' }).click();
  const wave = await player.locator('sluice-wave').boundingBox();
  if (wave === null) throw new Error('The outline is not visible.');
  await window.page.mouse.click(wave.x + wave.width / 2, wave.y + wave.height / 2);
  await eventually(place).toBeGreaterThanOrEqual(SECONDS / 2);
  await player.getByRole('button', { name: 'Pause' }).click();
  const paused = await place();
  await player.getByRole('slider').press('Home');
  await eventually(place).toBeLessThan(paused);
  await player.getByRole('button', { name: 'Close player' }).click();
  await eventually(() => player.count()).toBe(0);

  // The contents of a text, and the file itself in VS Code.
  const notes = panel.run('Notes');
  await notes.locator('.head .name').click();
  await panel.item(1, notes).locator('.title').click();
  await eventually(() => notes.getByLabel('Contents of the-plan.json').textContent()).toBe(
    '{\n  "title": "the plan",\n  "bars": [\n    1,\n    2\n  ]\n}',
  );
  await notes.getByRole('button', { name: 'Open the-plan.json' }).click();
  await window.page.getByRole('tab', { name: 'the-plan.json' }).waitFor();
});
