import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Fact } from '../../../src/protocol/events.ts';
import { Runs } from '../../../src/runner/runs.ts';
import { FailedItems } from '../../../src/vscode/editor/failed-items.ts';
import { editorOf } from '../../support/fake-editor.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { FakeVscode } from '../../support/fake-vscode.ts';
import { RunFixture } from '../../support/run-fixture.ts';
import { ofType } from '../../support/sluice.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const NOW = 1_700_000_000_000;
const PROMPTS = '/workspace/prompts.txt';

/** A run of the batch `a`, of the items on these lines of its prompts, the `started`th that was begun. */
function runOf(started: number, lines: readonly number[], only?: readonly number[]) {
  const titles = lines.map((line) => `line ${line}`);
  const fixture = new RunFixture(`run${started}`, 'A', titles, NOW + started * 1000);
  const [header] = ofType(fixture.events, 'run');
  const [items] = ofType(fixture.events, 'items');
  Object.assign(header?.run ?? {}, { batch: 'a.batch.yaml', ...(only && { only }) });
  items?.items.forEach((item, index) => {
    Object.assign(item, { source: { file: 'prompts.txt', line: lines[index], column: 1 } });
  });
  const run = new FakeRun(fixture.state);
  const fail = (item: number, message: string): void => {
    const failure = { message, hint: 'Do this.' };
    run.emit(fixture.add({ type: 'end', item, state: 'failed', failure }));
  };
  return { run, fixture, fail, add: (fact: Fact) => run.emit(fixture.add(fact)) };
}

async function watching(...runs: readonly FakeRun[]) {
  const vscode = new FakeVscode();
  const editor = editorOf(vscode);
  const list = new FakeList(...runs);
  const all = new Runs(async () => list);
  await all.watch('/workspace');
  const failed = new FailedItems(editor.module, all);
  const shown = async (path = PROMPTS): Promise<string[]> => {
    await vi.advanceTimersByTimeAsync(1000);
    return (vscode.diagnostics.get(path) ?? []).map(
      ({ range, message }) => `${Number(range.numbers[0]) + 1}: ${message}`,
    );
  };
  return { ...editor, vscode, list, failed, shown };
}

describe('an item that failed', () => {
  test('is shown at its line until it is tried again', async () => {
    const { run, fail, add } = runOf(1, [2, 4, 5]);
    const { shown, vscode, failed } = await watching(run);
    expect(await shown()).toEqual([]);
    fail(2, 'It broke');
    fail(3, 'It broke, too.');
    expect(await shown()).toEqual(['4: It broke. Do this.', '5: It broke, too. Do this.']);
    const [first] = vscode.diagnostics.get(PROMPTS) ?? [];
    expect(first).toMatchObject({
      source: 'Sluice',
      relatedInformation: [
        { message: 'Item 2 of A', location: { uri: { fsPath: '/workspace/a.batch.yaml' } } },
      ],
    });
    add({ type: 'queued', items: [2] });
    expect(await shown()).toEqual(['5: It broke, too. Do this.']);
    add({ type: 'queued', items: [3] });
    expect(await shown()).toEqual([]);
    expect(vscode.diagnostics.has(PROMPTS)).toBe(false);
    failed.dispose();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is shown at the place that its failure names', async () => {
    const { run, add } = runOf(1, [1]);
    const { shown } = await watching(run);
    const failure = { message: 'No voice.', where: { file: 'sub/b.yaml', line: 7 } };
    add({ type: 'end', item: 1, state: 'failed', failure });
    expect(await shown('/workspace/sub/b.yaml')).toEqual(['7: No voice.']);
    expect(await shown()).toEqual([]);
  });

  test('of a run that was over before is not', async () => {
    const past = runOf(1, [1]);
    past.fail(1, 'Yesterday.');
    past.add({ type: 'finish', state: 'failed' });
    const { shown } = await watching(past.run);
    expect(await shown()).toEqual([]);
  });

  test('is gone when its batch is run again, or goes', async () => {
    const first = runOf(1, [1, 2]);
    const { shown, list } = await watching(first.run);
    first.fail(1, 'First.');
    expect(await shown()).toEqual(['1: First. Do this.']);
    first.add({ type: 'finish', state: 'failed' });
    const second = runOf(2, [1, 2]);
    list.set(second.run, first.run);
    expect(await shown()).toEqual([]);
    second.fail(2, 'Second.');
    expect(await shown()).toEqual(['2: Second. Do this.']);
    list.set();
    expect(await shown()).toEqual([]);
  });

  test('stays while others of its batch are run alone', async () => {
    const whole = runOf(1, [1, 3, 5]);
    const { shown, list } = await watching(whole.run);
    for (const item of [1, 2, 3]) whole.fail(item, 'Whole.');
    whole.add({ type: 'finish', state: 'failed' });
    const one = runOf(2, [3], [2]);
    list.set(one.run, whole.run);
    expect(await shown()).toEqual(['1: Whole. Do this.', '5: Whole. Do this.']);
    one.fail(1, 'Again.');
    expect((await shown()).sort()).toEqual([
      '1: Whole. Do this.',
      '3: Again. Do this.',
      '5: Whole. Do this.',
    ]);
  });
});

test('of thousands the first are shown', async () => {
  const lines = Array.from({ length: 2000 }, (_, index) => index + 1);
  const { run, fixture } = runOf(1, lines);
  const { shown } = await watching(run);
  const failure = { message: 'No.' };
  run.emit(...lines.map((item) => fixture.add({ type: 'end', item, state: 'failed', failure })));
  const found = await shown();
  expect([found.length, found[0], found.at(-1)]).toEqual([500, '1: No.', '500: No.']);
});

test('what a task takes away at its end is shown again', async () => {
  const { run, fail } = runOf(1, [1]);
  const { shown, vscode, taskEnded } = await watching(run);
  fail(1, 'It broke.');
  await shown();
  vscode.diagnostics.clear();
  taskEnded.fire();
  expect(await shown()).toEqual(['1: It broke. Do this.']);
});
