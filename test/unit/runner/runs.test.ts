import { describe, expect, test } from 'vitest';
import { Runs } from '../../../src/runner/runs.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { RunFixture } from '../../support/run-fixture.ts';

function fakeRun(id: string, started = 1000): FakeRun {
  return new FakeRun(new RunFixture(id, id, ['a'], started).state);
}

function record(runs: Runs): string[] {
  const said: string[] = [];
  runs.added.on((run) => said.push(`added ${run.id}`));
  runs.removed.on((run) => said.push(`removed ${run.id}`));
  runs.changed.on(({ run, events }) => said.push(`changed ${run.id} ${events.length}`));
  return said;
}

describe('runs', () => {
  test('of all folders, newest first', async () => {
    const lists = new Map([
      ['/a', new FakeList(fakeRun('old', 1000))],
      ['/b', new FakeList(fakeRun('new', 2000))],
    ]);
    const runs = new Runs(async (workspace) => lists.get(workspace) ?? new FakeList());
    await runs.watch('/a');
    await runs.watch('/b');
    await runs.watch('/b');
    expect(runs.all.map((run) => run.id)).toEqual(['new', 'old']);
    runs.unwatch('/b');
    expect(runs.all.map((run) => run.id)).toEqual(['old']);
    expect(lists.get('/b')?.disposed).toBe(true);
  });

  test('come, change and go with their list', async () => {
    const list = new FakeList();
    const runs = new Runs(async () => list);
    const said = record(runs);
    await runs.watch('/a');
    const run = fakeRun('one');
    list.set(run);
    run.emit({ type: 'finish', state: 'done', seq: 3, time: 2000 });
    list.set();
    run.emit({ type: 'note', level: 'info', message: '', seq: 4, time: 2000 });
    expect(said).toEqual(['added one', 'changed one 1', 'removed one']);
    expect(run.listeners).toBe(0);
    expect(run.disposed).toBe(0);
  });

  test('one that is started here keeps the handle that has every event', async () => {
    const list = new FakeList();
    const runs = new Runs(async () => list);
    const said = record(runs);
    await runs.watch('/a');
    const own = fakeRun('one');
    const kept = await runs.begin(async () => {
      // The list finds the run before its start is answered.
      list.set(fakeRun('one'));
      return own;
    });
    expect(kept).toBe(own);
    expect(runs.get('one')).toBe(own);
    expect(said).toEqual(['added one']);
    expect(own.disposed).toBe(0);
  });

  test('others that appear during a start are not lost', async () => {
    const list = new FakeList();
    const runs = new Runs(async () => list);
    await runs.watch('/a');
    await expect(
      runs.begin(async () => {
        list.set(fakeRun('other'));
        throw new Error('No.');
      }),
    ).rejects.toThrow('No.');
    expect(runs.all.map((run) => run.id)).toEqual(['other']);
  });

  test('dispose lets go of every handle, and of a list that comes too late', async () => {
    const [list, late] = [new FakeList(), new FakeList()];
    const own = fakeRun('own');
    let open = (): void => {};
    const runs = new Runs(async (workspace) => {
      if (workspace === '/late') {
        await new Promise<void>((resolve) => {
          open = resolve;
        });
        return late;
      }
      return list;
    });
    await runs.watch('/a');
    await runs.begin(async () => own);
    const watching = runs.watch('/late');
    runs.dispose();
    open();
    await watching;
    expect([list.disposed, late.disposed, own.disposed]).toEqual([true, true, 1]);
    expect(runs.all).toEqual([]);
  });

  test('a folder whose runs cannot be read may be watched again', async () => {
    let broken = true;
    const runs = new Runs(async () => {
      if (broken) throw new Error('Unreadable.');
      return new FakeList(fakeRun('one'));
    });
    await expect(runs.watch('/a')).rejects.toThrow('Unreadable.');
    broken = false;
    await runs.watch('/a');
    expect(runs.all.length).toBe(1);
  });
});
