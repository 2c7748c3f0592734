import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Workbench } from '../../scripts/vscode/workbench.mjs';
import { eventually } from '../support/eventually.ts';
import { chooseInExplorer } from '../support/explorer.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { answer, type PanelPart, panelOf, pick } from '../support/window.ts';

const MATRIX = readFileSync(fileOf('examples/schedule/hcsp/u_i_lolo.0'), 'utf8');
const NIGHT = readFileSync(fileOf('examples/schedule/night.yaml'), 'utf8');

/** Chooses from the menu of the chart. */
async function chart({ frame }: PanelPart, entry: string): Promise<void> {
  await frame.getByRole('button', { name: 'Chart' }).first().click();
  await frame.getByRole('menuitem', { name: entry }).click();
}

/** Accepts the name that is suggested for a file. */
async function save(window: Workbench): Promise<void> {
  const ok = window.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' });
  await ok.waitFor();
  await ok.click();
}

test('a matrix of the explorer is scheduled; the search is stopped, and its best is kept', async () => {
  const { folder, window } = await openScene({ 'u_i_lolo.0': MATRIX, 'other.yaml': 'a: 1\n' });
  await window.command('View: Show Explorer');
  await chooseInExplorer(window, ['u_i_lolo.0'], ['Sluice', 'Optimise Schedule…']);
  await pick(window, 'simulated annealing');
  await answer(window, 'Seconds', '3600');
  await answer(window, 'Name of the batch', 'Matrix');
  const panel = await panelOf(window);
  const { frame } = panel;
  // It gets better before our eyes.
  const headline = frame.locator('.headline').first();
  const iteration = async (): Promise<number> =>
    Number(/iteration (\d+)/.exec((await headline.textContent()) ?? '')?.[1]);
  await eventually(iteration, 60_000).toBeGreaterThan(3);
  const seen = await iteration();
  await eventually(iteration, 60_000).toBeGreaterThan(seen);
  expect(await headline.textContent()).toContain('above the bound');
  await eventually(() => frame.locator('sluice-gantt canvas').count()).toBe(1);
  const result = join(folder, 'out/matrix/u_i_lolo.csv');
  expect(existsSync(result)).toBe(false);
  await panel.item(1).getByRole('button', { name: 'Stop and keep the best' }).click();
  await eventually(() => existsSync(result)).toBe(true);
  await eventually(() => panel.items('done').count()).toBe(1);
  const rows = readFileSync(result, 'utf8').trim().split('\n');
  expect(rows).toHaveLength(513);
  const found = JSON.parse(readFileSync(join(folder, 'out/matrix/u_i_lolo.json'), 'utf8'));
  expect(found).toMatchObject({ algorithm: 'SA', bound: expect.closeTo(2529.0, 1) });
  expect(found.makespan).toBeLessThan(2785.6);
  expect(readFileSync(join(folder, 'matrix.batch.yaml'), 'utf8')).toContain('uses: schedule');

  await chart(panel, 'Save schedule as SVG…');
  await save(window);
  const picture = join(folder, 'u_i_lolo.0-schedule.svg');
  await eventually(() => existsSync(picture) && readFileSync(picture, 'utf8')).toContain('</svg>');
  await chart(panel, 'Save curves as PNG…');
  await save(window);
  const curves = join(folder, 'u_i_lolo.0-curves.png');
  await eventually(() => existsSync(curves) && readFileSync(curves).length > 1000).toBe(true);
});

test('algorithms are compared: one batch, one drawing, a table with mean and best', async () => {
  const { folder, window } = await openScene({
    'tasks/night.yaml': NIGHT,
    'tasks/notes.yaml': 'remember: everything\n',
    'package.json': '{}\n',
  });
  await window.command('Sluice: Compare Algorithms…');
  // Of all files of such endings only those with tasks are offered.
  const offered = window.page.locator('.quick-input-widget .monaco-list-row');
  await eventually(() => offered.count()).toBe(1);
  await pick(window, 'tasks/night.yaml');
  await window.page.keyboard.press('Enter');
  await offered.filter({ hasText: 'ant colony' }).waitFor();
  const filter = window.page.locator('.quick-input-widget input.input');
  for (const unwanted of ['tabu search', 'genetic algorithm', 'particle swarm']) {
    await filter.fill(unwanted);
    await eventually(() => offered.count()).toBe(1);
    await pick(window, unwanted);
  }
  await filter.fill('');
  await window.page.keyboard.press('Enter');
  await answer(window, 'Seeds', '2');
  await answer(window, 'Seconds', '1');
  await answer(window, 'Name of the batch', 'Contest');
  const panel = await panelOf(window);
  await eventually(() => panel.items('done').count(), 90_000).toBe(5);
  for (const name of ['SA-1', 'SA-2', 'ACO-1', 'ACO-2', 'MIN_MIN-1']) {
    expect(existsSync(join(folder, `out/contest/${name}.csv`))).toBe(true);
  }
  const rows = panel.frame.locator('.standings tbody tr');
  const names = await rows.locator('th').allTextContents();
  expect(names.map((name) => name.trim().replace(/\s+/g, ' ')).sort()).toEqual([
    'ACO × 2',
    'MIN_MIN',
    'SA × 2',
  ]);
  expect(readFileSync(join(folder, 'contest.csv'), 'utf8')).toBe(
    'name,algorithm,seed\nSA 1,SA,1\nSA 2,SA,2\nACO 1,ACO,1\nACO 2,ACO,2\nMIN_MIN,MIN_MIN,1\n',
  );
  await chart(panel, 'Save curves as CSV…');
  await save(window);
  const csv = join(folder, 'night.yaml-curves.csv');
  await eventually(() => existsSync(csv) && readFileSync(csv, 'utf8')).toContain('\nACO 2,ACO,');
});

test('a search is stopped from the palette', async () => {
  const { folder, window } = await openScene({
    'u_i_lolo.0': MATRIX,
    'long.batch.yaml':
      'inputs: { files: u_i_lolo.0 }\nsteps: [{ uses: schedule, with: { time_limit: 3600 } }]\noutput: out/long.csv\n',
  });
  await window.command('Sluice: Run Batch File');
  await pick(window, 'long.batch.yaml');
  const panel = await panelOf(window);
  await eventually(() => panel.frame.locator('sluice-convergence').count(), 60_000).toBe(1);
  await window.command('Sluice: Stop and Keep the Best');
  await eventually(() => existsSync(join(folder, 'out/long.csv'))).toBe(true);
});
