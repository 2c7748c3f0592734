import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Runs } from '../../../src/vscode/runs.ts';
import { Status } from '../../../src/vscode/status.ts';
import { statusText, statusTooltip } from '../../../src/vscode/status-text.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { FakeVscode } from '../../support/fake-vscode.ts';
import { biology, interviews, stems } from '../../support/panel-scenes.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the text', () => {
  const { t } = new FakeVscode().module.l10n;
  const run = biology();

  test('sums up what is under way', () => {
    expect(statusText([run.state], undefined, run.now)).toBe('$(sync~spin) Sluice 5/10 57% 0:59');
    const paused = { ...run.state, state: 'paused' as const };
    expect(statusText([paused], undefined, run.now)).toBe('$(debug-pause) Sluice 5/10 57%');
  });

  test('says how the last run ended', () => {
    expect(statusText([], interviews(), 0)).toBe('$(check) Sluice 12/12');
    expect(statusText([], stems(), 0)).toBe('$(circle-slash) Sluice 8/8');
    expect(statusText([], undefined, 0)).toBe('');
  });

  test('has a line a run in its tooltip', () => {
    expect(statusTooltip([run.state, stems()], run.now, t).split('\n')).toEqual([
      'Biology in ten minutes: 5 of 10, 57%, 1 failed, 0:59 left',
      'Stems of the demo tape: 8 of 8, cancelled',
    ]);
  });
});

test('hidden until a run is there, red from a failure until the panel is looked at', async () => {
  const vscode = new FakeVscode();
  const list = new FakeList(new FakeRun(interviews()));
  const runs = new Runs(async () => list);
  await runs.watch('/workspace');
  const status = new Status(vscode.module, runs, 'sluice.showPanel');
  const item = vscode.status;
  vi.advanceTimersByTime(1000);
  expect(item.visible).toBe(false);

  const fixture = biology();
  const run = new FakeRun(fixture.state);
  list.set(run, ...list.runs);
  vi.advanceTimersByTime(300);
  expect(item.visible).toBe(true);
  expect(item.backgroundColor).toBeUndefined();

  run.emit(fixture.add({ type: 'end', item: 6, state: 'failed' }));
  vi.advanceTimersByTime(300);
  expect(item.backgroundColor?.id).toBe('statusBarItem.errorBackground');
  status.looking(true);
  status.looking(false);
  vi.advanceTimersByTime(300);
  expect(item.backgroundColor?.id).toBe('statusBarItem.errorBackground');
  status.looking(true);
  vi.advanceTimersByTime(300);
  expect(item.backgroundColor).toBeUndefined();

  run.emit(fixture.add({ type: 'finish', state: 'failed' }));
  vi.advanceTimersByTime(300);
  expect(item.text).toBe('$(error) Sluice 6/10');
  status.dispose();
  expect(vi.getTimerCount()).toBe(0);
});
