import { expect, test } from 'vitest';
import { english } from '../../../src/panel/english.ts';
import type { Fact, RunEvent } from '../../../src/protocol/events.ts';
import type { ToPanel } from '../../../src/protocol/panel.ts';
import { applyEvents, type RunState } from '../../../src/protocol/state.ts';
import { Runs } from '../../../src/runner/runs.ts';
import { PanelFeed } from '../../../src/server/panel-feed.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import type { PanelPage } from '../../support/panel-page.ts';
import { snapshot } from '../../support/panel-scenes.ts';
import { panelTests } from '../../support/panel-test.ts';
import { RunFixture } from '../../support/run-fixture.ts';

const ITEMS = 60;
const TICKS = 200;
const withPanel = panelTests();

/** Deterministic, so that a failure comes again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** A flood of events of every kind, the panel hidden and shown in the middle of it. */
test('after a flood every number is exactly right, and stays so when the panel is hidden and shown', async () => {
  await withPanel({ height: 500 }, async (panel) => {
    const titles = Array.from({ length: ITEMS }, (_, index) => `Chapter ${index + 1}`);
    const run = new FakeRun(new RunFixture('flood', 'A flood', titles).state);
    const runs = new Runs(async () => new FakeList(run));
    await runs.watch('/workspace');
    const sent: Promise<unknown>[] = [];
    const post = (message: ToPanel): void => {
      const json = JSON.stringify(message);
      sent.push(panel.page.evaluate((text) => window.postMessage(JSON.parse(text)), json));
    };
    const feed = new PanelFeed({
      runs,
      snapshot: () =>
        snapshot([run.state], { now: run.state.started }) as Extract<ToPanel, { type: 'snapshot' }>,
      send: post,
    });
    feed.show();
    const next = random(7);
    for (let tick = 0; tick < TICKS; tick += 1) {
      run.emit(...number(run.state, facts(run.state, next)));
      if (tick === 80) feed.hide();
      if (tick === 120) feed.show();
      // Frames pass, so that events come in parts.
      if (tick % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 4));
    }
    await eventually(async () => {
      await Promise.all(sent);
      await panel.send();
      return panel.page.locator('.facts span').first().textContent();
    }).toBe(`${run.state.counts.done} of ${ITEMS}`);
    expect(run.state.counts.failed).toBeGreaterThan(0);
    expect(run.state.counts.running).toBeGreaterThan(0);
    const { failed } = run.state.counts;
    expect(await panel.page.locator('.facts .bad').textContent()).toBe(`${failed} failed`);
    expect(await shownRows(panel)).toEqual(
      run.state.items.map((item) => expectedRow(run.state, item)),
    );
    feed.dispose();
    runs.dispose();
  });
}, 120_000);

/** What happens in a moment: some items begin, go on, fail and end. */
function facts(state: RunState, next: () => number): Fact[] {
  const made: Fact[] = [];
  for (const { item, state: phase, attempt } of state.items) {
    if (phase === 'queued' && next() < 0.1)
      made.push({ type: 'start', item, attempt: attempt + 1 });
    if (phase === 'failed' && next() < 0.02) made.push({ type: 'queued', items: [item] });
    if (phase !== 'running') continue;
    const dice = next();
    if (dice < 0.4) {
      made.push({ type: 'progress', item, step: 0, progress: { fraction: next() } });
      made.push({ type: 'progress', item, step: 0, progress: { fraction: next() } });
    } else if (dice < 0.6) {
      made.push({ type: 'text', item, step: 0, text: `word-${Math.floor(next() * 1000)} ` });
    } else if (dice < 0.8) {
      const lines = [`line ${Math.floor(next() * 1000)}`, `line ${Math.floor(next() * 1000)}`];
      made.push({ type: 'log', item, step: 0, stream: 'out', lines });
    } else if (dice < 0.81) {
      const result = {
        path: `out/${item}.txt`,
        mime: 'text/plain',
        bytes: Math.floor(next() * 999),
      };
      made.push({ type: 'result', item, step: 0, result }, { type: 'end', item, state: 'done' });
    } else if (dice < 0.83) {
      const failure = { message: `Reason ${Math.floor(next() * 1000)}.` };
      made.push({ type: 'end', item, state: 'failed', failure });
    }
  }
  return made;
}

function number(state: RunState, made: readonly Fact[]): RunEvent[] {
  return made.map((fact, index) => ({
    ...fact,
    seq: state.seq + index + 1,
    time: state.started + state.seq + index,
  }));
}

function expectedRow({ queue }: RunState, item: RunState['items'][number]): string {
  const parts = [String(item.item), item.title];
  if (item.state === 'running') {
    const { fraction } = item.progress ?? {};
    parts.push(fraction === undefined ? 'write' : `write ${Math.floor(fraction * 100 + 1e-9)}%`);
    const said = item.text === '' ? (item.lastLine ?? '') : item.text.trim();
    if (said !== '') parts.push(said.slice(-30));
  } else if (item.state === 'done') parts.push(`${item.results[0]?.bytes} B`);
  else if (item.state === 'failed') parts.push(item.failure?.message ?? '');
  else if (inOrder(queue)) parts.push(item.state);
  else parts.push(english.place(queue.indexOf(item.item) + 1));
  return parts.join(' | ');
}

function inOrder(queue: readonly number[]): boolean {
  return queue.join() === queue.toSorted((a, b) => a - b).join();
}

/** What the rows say, one after another: they are rendered where the keyboard is. */
async function shownRows(panel: PanelPage): Promise<string[]> {
  const rows: string[] = [];
  await panel.page.getByRole('treeitem').first().focus();
  for (let item = 1; item <= ITEMS; item += 1) {
    await panel.page.keyboard.press('ArrowDown');
    const row = panel.page.locator(`sluice-item[data-item="${item}"]`);
    rows.push(
      await row.evaluate((element) => {
        const said = (selector: string): string =>
          (element.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
        const detail = said('.live, .last-line, .bad').slice(-30);
        return [said('.number'), said('.title'), said('.right'), detail]
          .filter((part) => part !== '')
          .join(' | ');
      }),
    );
  }
  return rows;
}

test('the reducer of the page is the reducer of the host', () => {
  const run = new RunFixture('same', 'Same', ['one']);
  expect(applyEvents(run.state, run.events)).toEqual(run.state);
});
