import { beforeEach, describe, expect, test } from 'vitest';
import type { RunEnd } from '../../../src/protocol/events.ts';
import type { RunHandle } from '../../../src/runner/client.ts';
import { RunActions } from '../../../src/runner/run-actions.ts';
import { Runs } from '../../../src/runner/runs.ts';
import type { CommandId, CommandTable } from '../../../src/vscode/command-ids.ts';
import { runAgain } from '../../../src/vscode/run-again.ts';
import { runCommands } from '../../../src/vscode/run-commands.ts';
import type { RunChoices } from '../../../src/vscode/starter.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { type FakeUri, FakeVscode } from '../../support/fake-vscode.ts';
import { RunFixture } from '../../support/run-fixture.ts';

interface Entry {
  readonly label: string;
  readonly run: RunHandle;
}

let vscode: FakeVscode;
let commands: Partial<CommandTable>;
let done: string[];

beforeEach(() => {
  vscode = new FakeVscode();
  done = [];
});

/** The commands of a window with these runs, the newest first. */
async function open(...runs: readonly FakeRun[]): Promise<void> {
  const known = new Runs(async () => new FakeList(...runs));
  await known.watch('/workspace');
  const act = (what: string) => async (run?: RunHandle | string) => {
    done.push(`${what} ${typeof run === 'object' ? run.id : (run ?? '')}`.trim());
  };
  const options = {
    runs: known,
    actions: new RunActions(known, act('go on')),
    opener: { results: act('results') },
    output: { show: act('log') },
    terminals: { show: act('terminal') },
    panel: { show: act('panel'), openInEditor: act('tab') },
    runAgain: act('again'),
    copyCommandLine: act('copy'),
    showOwnLog: act('own log'),
  };
  commands = runCommands(vscode.module, options as unknown as Parameters<typeof runCommands>[1]);
}

let started = 1_700_000_000_000;

/** A run of two items, newer than those before it; the first item is made, the second has failed. */
function makeRun(id: string, end?: RunEnd, batch = id): FakeRun {
  started += 1000;
  const fixture = new RunFixture(id, `Run $(${id})`, ['a', 'b'], started);
  fixture.make(1, 42, 100);
  if (end === 'failed') fixture.fail(2, 'No.');
  if (end === 'done') fixture.add({ type: 'end', item: 2, state: 'skipped' });
  if (end !== undefined) fixture.add({ type: 'finish', state: end });
  const { state } = fixture;
  const run = new FakeRun({ ...state, run: { ...state.run, batch: `${batch}.batch.yaml` } });
  run.live = end === undefined;
  return run;
}

async function call(id: CommandId, argument?: unknown): Promise<void> {
  await commands[id]?.(argument);
}

describe('a command about a run', () => {
  test('is about the only one that fits, without a question', async () => {
    const live = makeRun('live');
    await open(live, makeRun('failed', 'failed'), makeRun('done', 'done'));
    await call('sluice.pauseRun');
    await call('sluice.cancelRun');
    await call('sluice.retryFailed');
    await call('sluice.showOutput');
    expect(live.requests).toEqual([
      ['pause', {}],
      ['cancel', {}],
    ]);
    expect(done).toEqual(['go on failed', 'log live']);
  });

  test('asks which when several fit, and shows names as text', async () => {
    await open(makeRun('one', 'done'), makeRun('two', 'failed'));
    vscode.answers.push((entries: Entry[]) => {
      expect(entries.map(({ label }) => label)).toEqual(['Run $\u200b(two)', 'Run $\u200b(one)']);
      return entries[1];
    });
    await call('sluice.openResults');
    vscode.answers.push(undefined);
    await call('sluice.openLog');
    expect(done).toEqual(['results one']);
  });

  test('takes a run by its id, from a link or a menu', async () => {
    const live = makeRun('live');
    await open(live, makeRun('done', 'done'));
    await call('sluice.openLogInTerminal', 'done');
    await call('sluice.openResults', { webview: 'sluice.panel', run: 'live' });
    await call('sluice.pauseRun', 'gone');
    await call('sluice.showPanel', 'live');
    await call('sluice.showPanel', { some: 'context' });
    expect(done).toEqual(['terminal done', 'results live', 'panel live', 'panel']);
    expect(vscode.messages).toEqual(['This run is not in the list of runs any more.']);
  });

  test('says when no run fits', async () => {
    await open();
    const ids = [
      'sluice.pauseRun',
      'sluice.resumeRun',
      'sluice.changeConcurrency',
      'sluice.cancelRun',
      'sluice.retryFailed',
      'sluice.runAgain',
      'sluice.openResults',
      'sluice.openLog',
      'sluice.openLogInTerminal',
      'sluice.copyCommandLine',
    ] as const;
    for (const id of ids) await call(id);
    expect(vscode.messages).toHaveLength(ids.length);
    await call('sluice.showOutput');
    expect(done).toEqual(['own log']);
  });

  test('that starts a batch again offers each batch once, by its newest run', async () => {
    await open(makeRun('old', 'failed', 'a'), makeRun('new', 'done', 'a'), makeRun('b', 'done'));
    vscode.answers.push((entries: Entry[]) => entries.find(({ run }) => run.id === 'new'));
    await call('sluice.runAgain');
    vscode.answers.push((entries: Entry[]) => {
      expect(entries.map(({ run }) => run.id)).toEqual(['b', 'new']);
      return undefined;
    });
    await call('sluice.copyCommandLine');
    expect(done).toEqual(['again new']);
  });
});

describe('the concurrency of a run', () => {
  test('is asked for, and changed while the run is under way', async () => {
    const live = makeRun('live');
    await open(live, makeRun('done', 'done'));
    vscode.answers.push(undefined, '0', '2.5', '257', 'many', '5');
    for (let answer = 0; answer < 5; answer += 1) await call('sluice.changeConcurrency');
    expect(live.requests).toEqual([]);
    expect(vscode.messages).toEqual(Array(4).fill('A whole number from 1 to 256.'));
    await call('sluice.changeConcurrency');
    expect(live.requests).toEqual([['concurrency', { concurrency: 5 }]]);
  });

  test('cannot be changed once the run is being cancelled', async () => {
    const live = makeRun('live');
    live.state = { ...live.state, state: 'cancelling' };
    await open(live);
    vscode.answers.push('5');
    await call('sluice.changeConcurrency', 'live');
    expect(live.requests).toEqual([]);
  });
});

describe('running again', () => {
  const asked: [string, RunChoices][] = [];
  const starter = {
    start: async (batch: unknown, choices: RunChoices = {}) => {
      asked.push([(batch as FakeUri).fsPath, choices]);
      return undefined;
    },
  };

  beforeEach(() => {
    asked.length = 0;
  });

  test('asks what is to be made when results are there', async () => {
    const run = makeRun('done', 'done');
    for (const label of ['Make what is missing or has changed', 'Make everything anew', '']) {
      vscode.answers.push((entries: Entry[]) => entries.find((entry) => entry.label === label));
      await runAgain(vscode.module, starter, run);
    }
    expect(asked).toEqual([
      ['/workspace/done.batch.yaml', {}],
      ['/workspace/done.batch.yaml', { force: true }],
    ]);
  });

  test('asks nothing when there are none', async () => {
    const { state } = new RunFixture('bare', 'Bare', ['a']);
    await runAgain(vscode.module, starter, new FakeRun(state));
    expect(asked).toEqual([['/workspace/bare.batch.yaml', {}]]);
  });
});
