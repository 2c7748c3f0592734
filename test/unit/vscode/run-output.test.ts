import { expect, onTestFinished, test } from 'vitest';
import { Runs } from '../../../src/runner/runs.ts';
import { RunOutput } from '../../../src/vscode/run-output.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { FakeVscode } from '../../support/fake-vscode.ts';
import { writeLog } from '../../support/run-files.ts';
import { RunFixture } from '../../support/run-fixture.ts';
import { makeWorkspace } from '../../support/sluice.ts';

async function makeOutput(...fixtures: readonly RunFixture[]) {
  const vscode = new FakeVscode();
  const list = new FakeList(...fixtures.map((fixture) => new FakeRun(fixture.state)));
  const runs = new Runs(async () => list);
  const output = new RunOutput(vscode.module, runs);
  onTestFinished(() => output.dispose());
  await runs.watch('/workspace');
  const open = () => vscode.channels.filter((channel) => !channel.disposed);
  return { vscode, list, runs, output, open };
}

const ENDED = { type: 'finish', state: 'done' } as const;

test('a run that is started here is written from its first event, in order', async () => {
  const { vscode, runs } = await makeOutput();
  const fixture = new RunFixture('run', 'Biology', ['a', 'b']);
  fixture.add({ type: 'start', item: 1, attempt: 1 });
  fixture.add({ type: 'step', item: 1, step: 0 });
  fixture.add({ type: 'text', item: 1, step: 0, text: 'One cell.\nTwo' });
  fixture.add({ type: 'log', item: 2, step: 1, stream: 'err', lines: ['\x1b[31mloading\x1b[0m'] });
  fixture.make(1, 42);
  const run = new FakeRun(fixture.state);
  await runs.begin(async () => run);
  run.emit(...fixture.events);
  run.emit(...fixture.events);
  const [channel] = vscode.channels;
  expect(channel?.name).toBe('Sluice: Biology');
  await eventually(() => channel?.text).toContain('0:42');
  const [title, ...lines] = (channel?.text ?? '').split('\n');
  expect(title).toContain('Biology (run.batch.yaml)');
  expect(lines.filter((line) => line.includes(': '))).toEqual([
    '[1/2] write: One cell.',
    '[2/2] speak: loading',
    '[1/2] write: Two',
    '[1/2] speak: out/1.mp3 (0:42)',
  ]);
  // Nobody asked for it: it is written and not shown.
  expect(channel?.shown).toBe(0);
});

test('the log of a past run is written when it is asked for', async () => {
  const folder = makeWorkspace({});
  const past = new RunFixture('past', 'Past', ['a'], undefined, folder);
  past.make(1, 42);
  past.add(ENDED, 3000);
  writeLog(folder, past.events);
  const { output, open } = await makeOutput(past);
  expect(open()).toEqual([]);
  await output.show('past');
  const [channel] = open();
  expect(channel?.shown).toBe(1);
  expect(channel?.text.split('\n').slice(1)).toEqual([
    '[1/1] a',
    '[1/1] speak: out/1.mp3 (0:42)',
    '[1/1] done',
    '──── Past: 1 of 1 done, 0:23 ────',
    '',
  ]);
});

test('a run whose runner is gone says so', async () => {
  const folder = makeWorkspace({});
  const fixture = new RunFixture('run', 'Run', ['a'], undefined, folder);
  fixture.add({ type: 'start', item: 1, attempt: 1 });
  writeLog(folder, fixture.events);
  const { list, open } = await makeOutput(fixture);
  const [run] = list.runs;
  if (run === undefined) throw new Error('no run');
  await eventually(() => open()[0]?.text).toContain('[1/1] a');
  run.state = { ...run.state, state: 'interrupted', ended: 1 };
  run.emit();
  await eventually(() => open()[0]?.text.split('\n').at(-2)).toMatch(/interrupted/);
});

test('runs of one name are told apart, and hostile names are text', async () => {
  const first = new RunFixture('first', 'Same\n\x1b]0;x\x07 name', ['a'], 1_700_000_000_000);
  const second = new RunFixture('second', 'Same name', ['a'], 1_700_000_060_000);
  const { open } = await makeOutput(first, second);
  const names = open().map(({ name }) => name);
  expect(names[0]).toBe('Sluice: Same name');
  expect(names[1]).toMatch(/^Sluice: Same name \(.*\d+.*\)$/);
});

test('channels go with their runs, and those that ended longest ago', async () => {
  const fixtures = Array.from({ length: 8 }, (_, index) => {
    return new RunFixture(`run${index}`, `Run ${index}`, ['a'], 1_700_000_000_000 - index);
  });
  const { list, open } = await makeOutput(...fixtures);
  expect(open()).toHaveLength(8);
  for (const [index, run] of list.runs.entries()) {
    const finish = fixtures[index]?.add(ENDED);
    if (finish !== undefined) run.emit(finish);
  }
  expect(open().map(({ name }) => name)).toEqual([3, 4, 5, 6, 7].map((n) => `Sluice: Run ${n}`));
  list.set(...list.runs.slice(0, 7));
  expect(open()).toHaveLength(4);
});
