import { describe, expect, test } from 'vitest';
import type { FromPanel } from '../../../src/protocol/panel.ts';
import { eventually } from '../../support/eventually.ts';
import type { PanelPage } from '../../support/panel-page.ts';
import { searching, snapshot } from '../../support/panel-scenes.ts';
import { panelTests } from '../../support/panel-test.ts';
import { RunFixture } from '../../support/run-fixture.ts';

const withPanel = panelTests();

/** How many pixels of a drawing have any colour. */
async function painted(panel: PanelPage, of: string): Promise<number> {
  return panel.page.locator(`${of} canvas`).evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas');
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
    return data?.filter((value, index) => index % 4 === 3 && value > 0).length ?? 0;
  });
}

/** The text, or for a picture the bytes, of what the panel asked to be kept. */
async function saved(panel: PanelPage): Promise<{ name: string; bytes: Uint8Array }> {
  await eventually(async () => (await panel.posted()).some(({ type }) => type === 'saveFile')).toBe(
    true,
  );
  return panel.page
    .evaluate(() => {
      const { posted } = window as unknown as { posted: FromPanel[] };
      const found = posted.findLast((message) => message.type === 'saveFile');
      if (found?.type !== 'saveFile') throw new Error('nothing is saved');
      posted.length = 0;
      return { name: found.name, bytes: [...found.bytes] };
    })
    .then(({ name, bytes }) => ({ name, bytes: Uint8Array.from(bytes) }));
}

async function choose(panel: PanelPage, entry: string): Promise<void> {
  await panel.page.getByRole('button', { name: 'Chart' }).click();
  await panel.page
    .getByRole('menuitem', { name: entry })
    .or(panel.page.getByRole('menuitemradio', { name: entry }))
    .click();
}

async function rows(panel: PanelPage): Promise<string[]> {
  const all = await panel.page.locator('.standings tbody tr').allTextContents();
  return all.map((row) => row.replaceAll(/\s+/g, ' ').trim());
}

test('searches are curves, a table and a schedule', async () => {
  await withPanel({}, async (panel) => {
    const run = searching();
    await panel.send(snapshot([run.state], { now: run.now }));
    await eventually(() => painted(panel, 'sluice-convergence')).toBeGreaterThan(1000);
    expect(await painted(panel, 'sluice-gantt')).toBeGreaterThan(10_000);
    const { page } = panel;
    expect(await page.locator('.plot').getAttribute('aria-label')).toBe(
      'How the best got better: SA, ACO, MIN_MIN. Best 7,384,988.6, 0.52% above the lower bound.',
    );
    expect(await page.locator('sluice-gantt canvas').getAttribute('aria-label')).toMatch(
      /^Schedule of 60 tasks on 8 machines, done at /,
    );
    expect(await page.locator('.headline').first().textContent()).toContain('iteration 412');
    expect(await rows(panel)).toEqual([
      'SA × 2 7,384,988.6 7,392,322.5 0.62%',
      'ACO 7,801,948.3 7,801,948.3 6.2%',
      'MIN_MIN 8,460,675 8,460,675 15.17%',
    ]);
  });
});

test('what gets better is shown', async () => {
  await withPanel({}, async (panel) => {
    const run = searching();
    await panel.send(snapshot([run.state], { now: run.now }));
    const better = run.add({
      type: 'iteration',
      item: 3,
      step: 0,
      iteration: 500,
      best: 7_350_000,
      seconds: 7,
      bound: 7_346_524.2,
      series: 'ACO',
    });
    await panel.send({ type: 'events', runs: [{ run: run.header.id, events: [better] }] });
    await eventually(() => rows(panel).then(([first]) => first)).toBe(
      'ACO 7,350,000 7,350,000 0.05%',
    );
    expect(await panel.page.locator('.headline').first().textContent()).toContain('iteration 500');
  });
});

test('the values of the curves stand where the pointer is', async () => {
  await withPanel({}, async (panel) => {
    const run = searching();
    await panel.send(snapshot([run.state], { now: run.now }));
    const over = panel.page.locator('.u-over');
    await over.hover({ position: { x: 120, y: 40 } });
    const legend = panel.page.locator('.legend');
    await eventually(() => legend.textContent()).toMatch(
      /SA 7\.\d+M\s*ACO 7\.\d+M\s*MIN_MIN 8\.46\dM/,
    );
    await panel.page.mouse.move(5, 5);
    await eventually(() => legend.textContent()).toMatch(/^\s*SA\s*ACO\s*MIN_MIN\s*$/);
  });
});

test('a task says where and when it is', async () => {
  await withPanel({}, async (panel) => {
    const run = searching();
    await panel.send(snapshot([run.state], { now: run.now }));
    const canvas = panel.page.locator('sluice-gantt canvas');
    await canvas.hover({ position: { x: 3, y: 3 } });
    expect(await canvas.getAttribute('title')).toMatch(/^t1 on m1: 0 to 4/);
  });
});

test('a search is stopped, and its best kept, from its row and from the menus', async () => {
  await withPanel({}, async (panel) => {
    const run = searching();
    await panel.send(snapshot([run.state], { now: run.now }));
    const { page } = panel;
    await page.locator('[data-item="2"]').getByRole('button', { name: 'Stop and keep' }).click();
    expect(
      await page.locator('[data-item="4"]').getByRole('button', { name: 'Stop' }).count(),
    ).toBe(0);
    await page.locator('[data-item="1"]').focus();
    await page.keyboard.press('Shift+F10');
    await panel.send();
    await page.getByRole('menuitem', { name: 'Stop and keep the best' }).click();
    await page.locator('[role=treeitem].run').focus();
    await page.keyboard.press('Shift+F10');
    await panel.send();
    await page.getByRole('menuitem', { name: 'Stop and keep the best' }).click();
    expect(await panel.posted()).toEqual([
      { type: 'finish', run: 'searching', item: 2 },
      { type: 'finish', run: 'searching', item: 1 },
      { type: 'finish', run: 'searching' },
    ]);
  });
});

describe('what is shown is kept as a file', () => {
  test('curves', async () => {
    await withPanel({}, async (panel) => {
      const run = searching();
      await panel.send(snapshot([run.state], { now: run.now }));
      await choose(panel, 'Save curves as PNG…');
      const png = await saved(panel);
      expect(png.name).toBe('u_c_hihi.0-curves.png');
      expect([...png.bytes.slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
      expect(png.bytes.length).toBeGreaterThan(2000);
      await choose(panel, 'Save curves as SVG…');
      const svg = new TextDecoder().decode((await saved(panel)).bytes);
      expect(svg.match(/<polyline/g)).toHaveLength(4);
      expect(svg).toContain('lower bound');
      expect(svg).not.toMatch(/NaN|undefined/);
      await choose(panel, 'Save curves as CSV…');
      const csv = new TextDecoder()
        .decode((await saved(panel)).bytes)
        .trim()
        .split('\n');
      expect(csv[0]).toBe('item,series,iteration,seconds,best');
      expect(csv[1]).toMatch(/^SA 1,SA,1,0\.015\d*,8460675$/);
      expect(csv.length).toBeGreaterThan(900);
    });
  });

  test('a schedule', async () => {
    await withPanel({}, async (panel) => {
      const run = searching();
      await panel.send(snapshot([run.state], { now: run.now }));
      await choose(panel, 'Save schedule as PNG…');
      expect((await saved(panel)).bytes.length).toBeGreaterThan(500);
      await choose(panel, 'Save schedule as SVG…');
      const svg = new TextDecoder().decode((await saved(panel)).bytes);
      expect(svg.match(/<rect x=/g)).toHaveLength(60);
      await choose(panel, 'Save schedule as CSV…');
      const { name, bytes } = await saved(panel);
      expect(name).toBe('u_c_hihi.0-schedule.csv');
      const csv = new TextDecoder().decode(bytes).trim().split('\n');
      expect([csv[0], csv.length]).toEqual(['task,machine,start,end', 61]);
    });
  });
});

test('against iterations, by the keyboard alone', async () => {
  await withPanel({}, async (panel) => {
    const run = searching();
    await panel.send(snapshot([run.state], { now: run.now }));
    const { page } = panel;
    await page.locator('[role=treeitem].run').focus();
    const chart = page.getByRole('button', { name: 'Chart' });
    await panel.send();
    for (let press = 0; press < 8; press += 1) {
      if (await chart.evaluate((button) => button === document.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await panel.send();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await panel.send();
    await chart.click();
    const entry = page.getByRole('menuitemradio', { name: 'Against iterations' });
    expect(await entry.getAttribute('aria-checked')).toBe('true');
  });
});

test('the machines as a table', async () => {
  await withPanel({}, async (panel) => {
    const run = searching();
    await panel.send(snapshot([run.state], { now: run.now }));
    const { page } = panel;
    await page.getByRole('button', { name: 'Show the machines as a table' }).click();
    const table = page.locator('.standings').last();
    expect(await table.locator('tbody tr').count()).toBe(8);
    expect(await table.locator('tbody tr').first().textContent()).toMatch(
      /^\s*m1\s+\d+\s+[\d,]+\s+[\d,]+\s*$/,
    );
    await page.getByRole('button', { name: 'Hide the table' }).click();
    expect(await page.locator('.standings').count()).toBe(1);
  });
});

/** Two problems in one run, each with a name that a file may have. */
function twoProblems(): RunFixture {
  const evil = '<img src=x onerror=alert(1)>\u202e';
  const run = new RunFixture('two', 'Two', [evil, 'second']);
  for (const item of [1, 2]) {
    run.add({ type: 'start', item, attempt: 1 });
    run.add({ type: 'step', item, step: 0 });
    const found = { iteration: 1, best: item * 100, seconds: 1, series: `${evil}${item}` };
    run.add({ type: 'iteration', item, step: 0, ...found });
    run.add({
      type: 'schedule',
      item,
      step: 0,
      schedule: { machines: [evil], tasks: [evil], assignment: [0], start: [0], end: [5] },
    });
  }
  return run;
}

test('of several problems the latest is shown, and the other one is chosen', async () => {
  await withPanel({}, async (panel) => {
    const run = twoProblems();
    await panel.send(snapshot([run.state], { now: run.now }));
    const best = panel.page.locator('.headline').first();
    expect(await best.textContent()).toContain('200');
    await panel.page.getByRole('button', { name: 'Chart' }).click();
    await panel.page.getByRole('menuitemradio').first().click();
    await panel.send();
    expect(await best.textContent()).toContain('100');
  });
});

test('names from files are text, in the page and in pictures', async () => {
  await withPanel({}, async (panel) => {
    const run = twoProblems();
    await panel.send(snapshot([run.state], { now: run.now }));
    expect(await panel.page.locator('img').count()).toBe(0);
    expect(await panel.page.locator('.legend').textContent()).toContain('[U+202E]');
    for (const what of ['curves', 'schedule']) {
      await choose(panel, `Save ${what} as SVG…`);
      const { name, bytes } = await saved(panel);
      expect(name).not.toMatch(/[<>/]/);
      const parsed = await panel.page.evaluate((text) => {
        const page = new DOMParser().parseFromString(text, 'image/svg+xml');
        return [
          page.querySelector('parsererror')?.textContent,
          page.querySelectorAll('img').length,
        ];
      }, new TextDecoder().decode(bytes));
      expect(parsed).toEqual([undefined, 0]);
    }
  });
});

test('in French', async () => {
  await withPanel({ language: 'fr' }, async (panel) => {
    const run = searching();
    await panel.send(snapshot([run.state], { now: run.now }));
    expect(await panel.page.locator('.headline').first().textContent()).toMatch(
      /itération 412[\s\S]*0,52\s%\sau-dessus de la borne/,
    );
    expect(await panel.page.locator('.standings thead').textContent()).toContain('Moyenne');
  });
});
