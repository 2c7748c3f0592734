import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RunOutput } from '../../../src/vscode/run-output.ts';
import { Runs } from '../../../src/vscode/runs.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { FakeVscode } from '../../support/fake-vscode.ts';
import { RunFixture } from '../../support/run-fixture.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const { t } = new FakeVscode().module.l10n;

test('a run that is started here is written from its first event, in order', async () => {
  const runs = new Runs(async () => new FakeList());
  const written: string[] = [];
  const output = new RunOutput(runs, { append: (text) => written.push(text) }, t);
  const fixture = new RunFixture('run', 'Biology', ['a', 'b']);
  fixture.add({ type: 'start', item: 1, attempt: 1 });
  fixture.add({ type: 'step', item: 1, step: 0 });
  fixture.add({ type: 'text', item: 1, step: 0, text: 'One cell.\nTwo' });
  fixture.add({ type: 'log', item: 2, step: 1, stream: 'err', lines: ['loading'] });
  fixture.make(1, 42);
  const run = new FakeRun(fixture.state);
  await runs.begin(async () => run);
  run.emit(...fixture.events);
  run.emit(...fixture.events);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(100);
  const [, title, ...lines] = written.join('').split('\n');
  expect(title).toContain('Biology (run.batch.yaml)');
  expect(lines.filter((line) => line.includes(': '))).toEqual([
    '[1/2] write: One cell.',
    '[2/2] speak: loading',
    '[1/2] write: Two',
    '[1/2] speak: out/1.mp3 (0:42)',
  ]);
  output.dispose();
});

test('of a run that is found under way, what is new is written; of a past run, nothing', async () => {
  const fixture = new RunFixture('run', 'Biology', ['a', 'b']);
  fixture.make(1, 42);
  const run = new FakeRun(fixture.state);
  const past = new RunFixture('past', 'Past', ['a']);
  past.add({ type: 'finish', state: 'done' });
  const runs = new Runs(async () => new FakeList(run, new FakeRun(past.state)));
  const written: string[] = [];
  const output = new RunOutput(runs, { append: (text) => written.push(text) }, t);
  await runs.watch('/workspace');
  run.emit(
    fixture.add({ type: 'log', item: 2, step: 0, stream: 'out', lines: ['x', 'y'] }),
    fixture.add({ type: 'end', item: 2, state: 'failed', failure: { message: 'Broken.' } }),
    fixture.add({ type: 'finish', state: 'failed' }, 3000),
  );
  output.dispose();
  expect(written.join('').split('\n').slice(2)).toEqual([
    '1 of 2 items were finished before.',
    '[2/2] write: x',
    '[2/2] write: y',
    '[2/2] write: failed: Broken.',
    '──── Biology: 1 of 2 done, 1 failed, 0:23 ────',
    '',
  ]);
});
