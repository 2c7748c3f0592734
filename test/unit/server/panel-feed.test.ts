import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ToPanel } from '../../../src/protocol/panel.ts';
import { Runs } from '../../../src/runner/runs.ts';
import { PanelFeed } from '../../../src/server/panel-feed.ts';
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
  /** When each was sent. */
  times: number[];
}> {
  const fixture = new RunFixture('run', 'Run', ['a', 'b']);
  const run = new FakeRun(fixture.state);
  const list = new FakeList(run);
  const runs = new Runs(async () => list);
  await runs.watch('/workspace');
  const sent: ToPanel[] = [];
  const times: number[] = [];
  const feed = new PanelFeed({
    runs,
    send: (message) => {
      sent.push(message);
      times.push(performance.now());
    },
    snapshot: () => snapshot(runs.all.map((one) => one.state)),
  });
  return { feed, fixture, run, list, sent, times };
}

describe('a run that the panel has', () => {
  test('is not sent whole again when it ends, is retried, or its runner is left', async () => {
    const { feed, fixture, run, list, sent } = await feeding();
    feed.show();
    run.emit(fixture.add({ type: 'end', item: 1, state: 'failed', failure: { message: 'No.' } }));
    run.emit(fixture.add({ type: 'queued', items: [1] }));
    fixture.make(1, 3);
    run.emit(...fixture.events);
    run.emit(fixture.add({ type: 'finish', state: 'done' }));
    vi.advanceTimersByTime(100);
    // The connection to the runner closes, and the list has a handle of its own.
    run.live = false;
    run.emit();
    list.set(new FakeRun(fixture.state));
    vi.advanceTimersByTime(100);
    expect(sent.map((message) => message.type)).toEqual(['snapshot', 'events']);
  });

  test('is sent whole when its state was replaced by another one', async () => {
    const { feed, run, sent } = await feeding();
    feed.show();
    run.state = { ...run.state, state: 'interrupted', ended: 1 };
    run.emit();
    vi.advanceTimersByTime(100);
    expect(sent.slice(1)).toEqual([{ type: 'run', state: run.state }]);
  });

  test('is brought into view; one that it has not is sent as well', async () => {
    const { feed, list, run, sent } = await feeding();
    feed.show();
    feed.reveal({ type: 'reveal', run: 'run', item: 2 });
    const old = new FakeRun(new RunFixture('old', 'Old', ['a'], 1000).state);
    list.set(run, old);
    feed.reveal({ type: 'reveal', run: 'old' });
    vi.advanceTimersByTime(100);
    expect(sent.slice(1).map((message) => message.type)).toEqual(['reveal', 'reveal', 'run']);
  });
});

test('one message a frame at most goes out, whatever happens in it', async () => {
  const { feed, fixture, run, list, sent, times } = await feeding();
  feed.show();
  vi.advanceTimersByTime(17);
  const others = ['b', 'c', 'd'].map((id) => new FakeRun(new RunFixture(id, id, ['a']).state));
  list.set(run, ...others);
  run.emit(fixture.add({ type: 'start', item: 1, attempt: 1 }));
  list.set(run, ...others.slice(1));
  vi.advanceTimersByTime(100);
  expect(times).toHaveLength(4);
  times.forEach((time, index) => {
    expect(time - (times[index - 1] ?? -17)).toBeGreaterThanOrEqual(17);
  });
  expect(sent.slice(1).map((message) => message.type)).toEqual(['run', 'run', 'events']);
});

describe('the feed', () => {
  test('sends a snapshot, then one message a frame', async () => {
    const { feed, fixture, run, sent } = await feeding();
    feed.show();
    for (let frame = 0; frame < 3; frame += 1) {
      for (let index = 0; index < 100; index += 1) {
        const progress = { fraction: index / 100 };
        run.emit(fixture.add({ type: 'progress', item: 1, step: 0, progress }));
      }
      vi.advanceTimersByTime(17);
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

  test('sends whole what is new, and says what is gone', async () => {
    const { feed, fixture, run, list, sent } = await feeding();
    feed.show();
    const other = new FakeRun(new RunFixture('other', 'Other', ['a']).state);
    list.set(run, other);
    run.emit(fixture.add({ type: 'start', item: 1, attempt: 1 }));
    vi.advanceTimersByTime(34);
    list.set(other);
    vi.advanceTimersByTime(17);
    expect(
      sent.slice(1).map((message) => {
        if (message.type === 'run') return `run ${message.state.run.id}`;
        return message.type === 'removed' ? `removed ${message.run}` : message.type;
      }),
    ).toEqual(['run other', 'events', 'removed run']);
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
