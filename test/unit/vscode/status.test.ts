import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Runs } from '../../../src/runner/runs.ts';
import { Status } from '../../../src/vscode/status.ts';
import { endedText, liveText, statusTooltip } from '../../../src/vscode/status-text.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { FakeVscode } from '../../support/fake-vscode.ts';
import { biology, interviews, stems } from '../../support/panel-scenes.ts';
import { RunFixture } from '../../support/run-fixture.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the text', () => {
  const run = biology();

  test('sums up what is under way, numbers in their width', () => {
    expect(liveText([run.state], run.now)).toBe('$(sync~spin) Sluice \u20075/10 57% 0:59');
    const paused = { ...run.state, state: 'paused' as const };
    expect(liveText([paused], run.now)).toBe('$(debug-pause) Sluice \u20075/10 57%');
    const fresh = new RunFixture('fresh', 'Fresh', ['a']).state;
    expect(liveText([fresh], run.now)).toBe('$(sync~spin) Sluice 0/1 \u20070%');
  });

  test('says how the last run ended', () => {
    expect(endedText(interviews())).toBe('$(check) Sluice 12/12');
    expect(endedText(stems())).toBe('$(circle-slash) Sluice 8/8');
  });
});

describe('the tooltip', () => {
  const { module } = new FakeVscode();
  const run = biology();

  test('has a line a run, with what can be done with it', () => {
    const { value } = statusTooltip(module, [run.state, stems()], run.now);
    expect(value.replaceAll(/%5B%22(\w+)%22%5D/g, '$1').split('\n\n')).toEqual([
      '[⟨Biology in ten minutes⟩](command:sluice.showPanel?biology)  \n' +
        '⟨5 of 10, 57%, 1 failed, 0:59 left⟩' +
        ' &nbsp;[$(debug-pause) Pause](command:sluice.pauseRun?biology)' +
        ' &nbsp;[$(debug-stop) Cancel](command:sluice.cancelRun?biology)',
      '[⟨Stems of the demo tape⟩](command:sluice.showPanel?stems)  \n' +
        '⟨8 of 8, cancelled⟩' +
        ' &nbsp;[$(folder-opened) Results](command:sluice.openResults?stems)',
    ]);
  });

  test('escapes names, and trusts its own commands alone', () => {
    const name = '](command:workbench.action.quit)\n<img src=x> $(trash)';
    const hostile = new RunFixture('") evil', name, ['a']).state;
    const tooltip = statusTooltip(module, [hostile], run.now);
    expect(tooltip.value).toContain('[⟨](command:workbench.action.quit) <img src=x> $(trash)⟩]');
    expect(tooltip.value).toContain('command:sluice.showPanel?%5B%22%5C%22%29%20evil%22%5D');
    expect(tooltip.isTrusted).toEqual({
      enabledCommands: expect.not.arrayContaining(['workbench.action.quit']),
    });
    expect(tooltip.supportHtml).not.toBe(true);
  });
});

test('hidden until a run is there, red from a failure until the panel is looked at', async () => {
  const vscode = new FakeVscode();
  const list = new FakeList(new FakeRun(interviews()));
  const runs = new Runs(async () => list);
  await runs.watch('/workspace');
  const status = new Status(vscode.module, runs);
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
  expect(item.command).toMatchObject({ command: 'sluice.showPanel', arguments: ['biology'] });
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
