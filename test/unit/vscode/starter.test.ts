import { describe, expect, test } from 'vitest';
import type { SecretStorage, Uri } from 'vscode';
import { BatchError, type Problem } from '../../../src/batch/problem.ts';
import type { startRun } from '../../../src/runner/client.ts';
import { RunActions } from '../../../src/runner/run-actions.ts';
import { Runs } from '../../../src/runner/runs.ts';
import { Secrets } from '../../../src/vscode/secrets.ts';
import { Starter } from '../../../src/vscode/starter.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { FakeUri, FakeVscode, fakeDocument } from '../../support/fake-vscode.ts';
import { biology, interviews, stems } from '../../support/panel-scenes.ts';
import { RunFixture } from '../../support/run-fixture.ts';

type Start = typeof startRun;

function starting(start: Start): {
  vscode: FakeVscode;
  runs: Runs;
  starter: Starter;
  shown: () => number;
  problems: Map<string, readonly Problem[]>;
} {
  const vscode = new FakeVscode();
  const runs = new Runs(async () => new FakeList());
  const storage = { get: async () => 'key', keys: async () => [] } as unknown as SecretStorage;
  const secrets = new Secrets(vscode.module, storage);
  const problems = new Map<string, readonly Problem[]>();
  let shown = 0;
  const started = async (): Promise<void> => {
    shown += 1;
  };
  const starter = new Starter(vscode.module, {
    runs,
    secrets,
    showProblems: (batch, found) => problems.set(batch.fsPath, found),
    start,
    queue: () => Promise.resolve(undefined),
    settings: () => ({ SLUICE_MODELS: '/models' }),
    started,
  });
  return { vscode, runs, starter, shown: () => shown, problems };
}

const file = (path: string): Uri => FakeUri.file(path) as unknown as Uri;
const run = (): FakeRun => new FakeRun(new RunFixture('run', 'Run', ['a']).state);

describe('a start', () => {
  test('saves the file, passes the key, and is seen', async () => {
    const given: Parameters<Start>[0][] = [];
    const { vscode, runs, starter, shown } = starting(async (options) => {
      given.push(options);
      return run();
    });
    let saved = 0;
    const document = fakeDocument('/workspace/sub/a.batch.yaml', '');
    document.isDirty = true;
    document.save = async () => {
      saved += 1;
      return true;
    };
    vscode.documents.push(document);
    await starter.start(file('/workspace/sub/a.batch.yaml'));
    await starter.start(file('/elsewhere/b.batch.yaml'));
    const env = { SLUICE_MODELS: '/models', OPENAI_API_KEY: 'key' };
    expect(given).toEqual([
      { batchFile: '/workspace/sub/a.batch.yaml', workspace: '/workspace', env },
      { batchFile: '/elsewhere/b.batch.yaml', workspace: '/elsewhere', env },
    ]);
    expect([saved, shown(), runs.all.length]).toEqual([1, 2, 1]);
  });

  test('does not happen in Restricted Mode, which is said', async () => {
    const { vscode, starter } = starting(() => Promise.reject(new Error('Started.')));
    vscode.trusted = false;
    vscode.answers.push('Manage Workspace Trust');
    expect(await starter.start(file('/workspace/a.batch.yaml'))).toBeUndefined();
    expect(vscode.messages[0]).toContain('Restricted Mode');
    expect(vscode.executed).toEqual([['workbench.trust.manage']]);
  });

  test('with a wrong batch shows where it is wrong', async () => {
    const problem = {
      file: 'a.batch.yaml',
      line: 2,
      column: 3,
      message: 'No such file: x.txt.',
      hint: 'Paths are relative to the batch file.',
    };
    let wrong = true;
    const { vscode, starter, problems } = starting(async () => {
      if (wrong) throw new BatchError([problem]);
      return run();
    });
    vscode.answers.push('Show');
    expect(await starter.start(file('/workspace/a.batch.yaml'))).toBeUndefined();
    expect(vscode.messages).toEqual([
      'a.batch.yaml cannot run: No such file: x.txt. Paths are relative to the batch file.',
    ]);
    expect(problems.get('/workspace/a.batch.yaml')).toEqual([problem]);
    expect(vscode.executed[0]?.[0]).toBe('showTextDocument');
    // What stood in the way is gone once it starts.
    wrong = false;
    await starter.start(file('/workspace/a.batch.yaml'));
    expect(problems.get('/workspace/a.batch.yaml')).toEqual([]);
  });

  test('that fails otherwise rejects', async () => {
    const { starter } = starting(() => Promise.reject(new Error('The runner broke.')));
    await expect(starter.start(file('/workspace/a.batch.yaml'))).rejects.toThrow('broke');
  });
});

test('a run is retried where it failed, or else where it was cancelled', async () => {
  const cancelled = new FakeRun(stems());
  const failed = new FakeRun(biology().state);
  const runs = new Runs(async () => new FakeList(cancelled, failed));
  await runs.watch('/workspace');
  const actions = new RunActions(runs, async () => undefined);
  await actions.retry('stems');
  await actions.retry('biology');
  expect(cancelled.requests).toEqual([['retry', { items: [4, 5, 6, 7, 8] }]]);
  expect(failed.requests).toEqual([['retry', { items: [4] }]]);
});

test('a retry asks the runner while it is there, and goes on in a new one afterwards', async () => {
  const past = new FakeRun(interviews());
  const runs = new Runs(async () => new FakeList(past));
  await runs.watch('/workspace');
  const gone: string[] = [];
  const actions = new RunActions(runs, async ({ id }) => gone.push(id));
  await actions.retry('interviews', 3);
  past.live = false;
  await actions.retry('interviews');
  await actions.retry('unknown');
  expect(past.requests).toEqual([['retry', { items: [3] }]]);
  expect(gone).toEqual(['interviews']);
});

test('a retry that comes while the run ends waits for that, and goes on in a new runner', async () => {
  const ending = new FakeRun(biology().state);
  ending.takesRetries = false;
  const runs = new Runs(async () => new FakeList(ending));
  await runs.watch('/workspace');
  const gone: string[] = [];
  const actions = new RunActions(runs, async ({ id }) => gone.push(id));
  const retried = actions.retry('biology');
  await new Promise((resolve) => setImmediate(resolve));
  expect(gone).toEqual([]);
  ending.close();
  await retried;
  expect(gone).toEqual(['biology']);
});

test('such a retry is not lost when the run has another handle by then', async () => {
  const ending = new FakeRun(biology().state);
  ending.takesRetries = false;
  const list = new FakeList(ending);
  const runs = new Runs(async () => list);
  await runs.watch('/workspace');
  const gone: unknown[] = [];
  const actions = new RunActions(runs, async (run) => gone.push(run));
  const retried = actions.retry('biology');
  const past = new FakeRun(ending.state);
  past.live = false;
  list.set(past);
  await retried;
  expect(gone).toEqual([past]);
});
