import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Memento } from 'vscode';
import { Runs } from '../../../src/runner/runs.ts';
import { Notifier } from '../../../src/vscode/notify.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { FakeVscode } from '../../support/fake-vscode.ts';
import { RunFixture } from '../../support/run-fixture.ts';
import { makeWorkspace } from '../../support/sluice.ts';

class FakeMemento {
  readonly values = new Map<string, unknown>();

  get(key: string, otherwise: unknown): unknown {
    return this.values.get(key) ?? otherwise;
  }

  async update(key: string, value: unknown): Promise<void> {
    this.values.set(key, value);
  }
}

/** A window on a folder with one run under way. */
async function openWindow(folder: string, fixture: RunFixture) {
  const vscode = new FakeVscode();
  const run = new FakeRun(fixture.state);
  const runs = new Runs(async () => new FakeList(run));
  await runs.watch(folder);
  const done: string[] = [];
  const window = { vscode, run, done, panelVisible: false, memory: new FakeMemento() };
  const act = (what: string) => async (id: string) => void done.push(`${what} ${id}`);
  const notifier = new Notifier(vscode.module, {
    runs,
    panelVisible: () => window.panelVisible,
    memory: window.memory as unknown as Memento,
    openResults: act('results'),
    retry: act('retry'),
    show: act('show'),
    report: (problem) => done.push(String(problem)),
  });
  onTestFinished(() => notifier.dispose());
  return { ...window, notifier, window };
}

function longRun(folder: string): RunFixture {
  const fixture = new RunFixture('run', 'Biology [x](command:y)', ['a', 'b'], undefined, folder);
  fixture.make(1, 42);
  return fixture;
}

const FAILED = { type: 'end', item: 2, state: 'failed', failure: { message: 'No.' } } as const;

function finish(fixture: RunFixture, run: FakeRun, state: 'done' | 'failed' | 'cancelled'): void {
  if (state === 'failed') run.emit(fixture.add(FAILED));
  run.emit(fixture.add({ type: 'finish', state }));
}

test('one message says how a batch ended, with what can be done', async () => {
  const folder = makeWorkspace({});
  const fixture = longRun(folder);
  const { vscode, run, notifier, done } = await openWindow(folder, fixture);
  notifier.started(run);
  vscode.answers.push('Retry Failed');
  finish(fixture, run, 'failed');
  // The runner goes, and nothing more is said.
  run.emit();
  await eventually(() => done).toEqual(['retry run']);
  expect(vscode.messages).toEqual(['Biology [x]\u200b(command:y): 1 of 2 done, 1 failed, 0:20.']);
  expect(vscode.choices).toEqual([['Open Results', 'Retry Failed', 'Show']]);
});

test('of two windows, that which started the run says it, and no other', async () => {
  const folder = makeWorkspace({});
  const fixture = longRun(folder);
  const [here, there] = [await openWindow(folder, fixture), await openWindow(folder, fixture)];
  here.notifier.started(here.run);
  here.vscode.window.focused = false;
  for (const { run } of [there, here]) run.emit(fixture.add({ type: 'finish', state: 'done' }));
  await eventually(() => here.vscode.messages.length).toBe(1);
  // Whoever comes later finds that it is said.
  expect(existsSync(join(folder, '.sluice/runs/run/notified'))).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(there.vscode.messages).toEqual([]);
});

test('a run of a terminal is told of where the person is', async () => {
  const folder = makeWorkspace({});
  const fixture = longRun(folder);
  fixture.add({ type: 'end', item: 2, state: 'skipped' });
  const [away, here] = [await openWindow(folder, fixture), await openWindow(folder, fixture)];
  away.vscode.window.focused = false;
  for (const { run } of [away, here]) run.emit(fixture.add({ type: 'finish', state: 'done' }));
  await eventually(() => here.vscode.messages.length).toBe(1);
  expect(away.vscode.messages).toEqual([]);
  expect(here.vscode.choices).toEqual([['Open Results', 'Show']]);
});

test.each([
  ['it was cancelled', 'cancelled', {}, {}],
  ['nobody wants to be told', 'failed', { notifications: 'never' }, {}],
  ['the panel is in sight', 'failed', {}, { panelVisible: true }],
] as const)('nothing is said when %s', async (_, state, settings, more) => {
  const folder = makeWorkspace({});
  const fixture = longRun(folder);
  const { vscode, run, notifier, window } = await openWindow(folder, fixture);
  Object.assign(vscode.settings, settings);
  Object.assign(window, more);
  notifier.started(run);
  finish(fixture, run, state);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(vscode.messages).toEqual([]);
});

test('a run of a moment is told of when it failed, or when every end is to be told', async () => {
  for (const [state, settings, count] of [
    ['done', {}, 0],
    ['failed', {}, 1],
    ['done', { notifications: 'always' }, 1],
  ] as const) {
    const folder = makeWorkspace({});
    const fixture = new RunFixture('run', 'Short', ['a', 'b'], undefined, folder);
    const { vscode, run, notifier } = await openWindow(folder, fixture);
    Object.assign(vscode.settings, settings);
    if (state === 'failed') run.emit(fixture.add(FAILED));
    run.emit(fixture.add({ type: 'finish', state }));
    // It is over before its start is answered.
    notifier.started(run);
    await eventually(() => existsSync(join(folder, '.sluice/runs/run/notified'))).toBe(count === 1);
    expect(vscode.messages).toHaveLength(count);
  }
});

test('a run that lost its runner is told of, and can be gone on with', async () => {
  const folder = makeWorkspace({});
  const fixture = longRun(folder);
  const { vscode, run, notifier, done } = await openWindow(folder, fixture);
  notifier.started(run);
  vscode.answers.push('Go On');
  run.state = { ...run.state, state: 'interrupted', ended: run.state.started + 20_000 };
  run.emit();
  await eventually(() => done).toEqual(['retry run']);
  expect(vscode.messages[0]).toContain('The run was interrupted.');
});
