import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ToPanel } from '../../../src/protocol/panel.ts';
import { PanelFeed } from '../../../src/vscode/panel-feed.ts';
import { Runs } from '../../../src/vscode/runs.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { snapshot } from '../../support/panel-scenes.ts';
import { RunFixture } from '../../support/run-fixture.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function feeding(): Promise<{
  feed: PanelFeed;
  fixture: RunFixture;
  run: FakeRun;
  list: FakeList;
  sent: ToPanel[];
}> {
  const fixture = new RunFixture('run', 'Run', ['a', 'b']);
  const run = new FakeRun(fixture.state);
  const list = new FakeList(run);
  const runs = new Runs(async () => list);
  await runs.watch('/workspace');
  const sent: ToPanel[] = [];
  const feed = new PanelFeed({
    runs,
    send: (message) => sent.push(message),
    snapshot: () => snapshot(runs.all.map((one) => one.state)),
  });
  return { feed, fixture, run, list, sent };
}

describe('the feed', () => {
  test('sends a snapshot, then one message a frame', async () => {
    const { feed, fixture, run, sent } = await feeding();
    feed.show();
    for (let frame = 0; frame < 3; frame += 1) {
      for (let index = 0; index < 100; index += 1) {
        const progress = { fraction: index / 100 };
        run.emit(fixture.add({ type: 'progress', item: 1, step: 0, progress }));
      }
      vi.advanceTimersByTime(16);
    }
    expect(sent.map((message) => message.type)).toEqual(['snapshot', 'events', 'events', 'events']);
    const last = sent.at(-1);
    expect(last?.type === 'events' && last.runs[0]?.events.length).toBe(1);
  });

  test('sends nothing while hidden, and a snapshot with everything afterwards', async () => {
    const { feed, fixture, run, sent } = await feeding();
    run.emit(fixture.add({ type: 'start', item: 1, attempt: 1 }));
    vi.advanceTimersByTime(100);
    expect(sent).toEqual([]);
    feed.show();
    feed.hide();
    run.emit(fixture.add({ type: 'start', item: 2, attempt: 1 }));
    vi.advanceTimersByTime(100);
    expect(sent.length).toBe(1);
    feed.show();
    const [, again] = sent;
    expect(again?.type === 'snapshot' && again.runs[0]?.counts.running).toBe(2);
  });

  test('events on their way when it is hidden are not sent after the snapshot', async () => {
    const { feed, fixture, run, sent } = await feeding();
    feed.show();
    run.emit(fixture.add({ type: 'start', item: 1, attempt: 1 }));
    feed.hide();
    feed.show();
    vi.advanceTimersByTime(100);
    expect(sent.map((message) => message.type)).toEqual(['snapshot', 'snapshot']);
  });

  test('sends whole what is new or replaced, and says what is gone', async () => {
    const { feed, fixture, run, list, sent } = await feeding();
    feed.show();
    const other = new FakeRun(new RunFixture('other', 'Other', ['a']).state);
    list.set(run, other);
    run.emit(fixture.add({ type: 'start', item: 1, attempt: 1 }));
    vi.advanceTimersByTime(16);
    run.emit();
    vi.advanceTimersByTime(16);
    list.set(other);
    vi.advanceTimersByTime(16);
    expect(
      sent.slice(1).map((message) => {
        if (message.type === 'run') return `run ${message.state.run.id}`;
        return message.type === 'removed' ? `removed ${message.run}` : message.type;
      }),
    ).toEqual(['run other', 'events', 'run run', 'removed run']);
  });

  test('after dispose nothing is sent and no timer is left', async () => {
    const { feed, fixture, run, sent } = await feeding();
    feed.show();
    run.emit(fixture.add({ type: 'start', item: 1, attempt: 1 }));
    feed.dispose();
    expect(vi.getTimerCount()).toBe(0);
    run.emit(fixture.add({ type: 'start', item: 2, attempt: 1 }));
    vi.advanceTimersByTime(100);
    expect(sent.length).toBe(1);
  });
});
