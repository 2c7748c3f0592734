import { describe, expect, test } from 'vitest';
import type { CustomExecution, Pseudoterminal, Task, TaskDefinition, Uri } from 'vscode';
import { BatchError } from '../../../src/batch/problem.ts';
import { EMPTY_STATE } from '../../../src/protocol/state.ts';
import { Runs } from '../../../src/runner/runs.ts';
import type { RunChoices, Starter } from '../../../src/vscode/starter.ts';
import { Tasks } from '../../../src/vscode/tasks.ts';
import { eventually } from '../../support/eventually.ts';
import { editorOf } from '../../support/fake-editor.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { FakeVscode } from '../../support/fake-vscode.ts';
import { RunFixture } from '../../support/run-fixture.ts';

type Begin = (batch: Uri, choices?: RunChoices) => Promise<FakeRun | undefined>;

function tasksOf(begin: Begin = async () => undefined) {
  const { module } = editorOf(new FakeVscode(), {
    files: ['/workspace/b.batch.yaml', '/workspace/a.batch.yaml', '/elsewhere/c.batch.yaml'],
  });
  const runs = new Runs(async () => new FakeList());
  const starter = {
    begin: async (batch: Uri, choices?: RunChoices) => {
      const run = await begin(batch, choices);
      return run === undefined ? undefined : runs.begin(async () => run);
    },
  } as unknown as Starter;
  const fail = (error: unknown): never => {
    throw error;
  };
  return new Tasks(module, async () => ({ runs, starter }), fail);
}

/** A task as VS Code reads it from `tasks.json`. */
function written(definition: Readonly<Record<string, unknown>>): Task {
  return { definition, name: 'Mine', scope: 2, source: 'Workspace' } as unknown as Task;
}

/** Opens the terminal of a task, and reads what it says. */
async function opened(task: Task | undefined, definition = task?.definition) {
  const execution = task?.execution as unknown as {
    open(
      resolved: TaskDefinition | undefined,
    ): ReturnType<ConstructorParameters<typeof CustomExecution>[0]>;
  };
  const terminal: Pseudoterminal = await execution.open(definition);
  const said = { text: '', code: undefined as number | undefined };
  terminal.onDidWrite((text) => {
    said.text += text;
  });
  terminal.onDidClose?.((code) => {
    said.code = code ?? -1;
  });
  terminal.open(undefined);
  return { terminal, said };
}

test('each batch file of the workspace has a task', async () => {
  const tasks = await tasksOf().provideTasks();
  expect(tasks).toMatchObject([
    { name: 'a.batch.yaml', definition: { type: 'sluice', batch: 'a.batch.yaml' } },
    { name: 'b.batch.yaml', problemMatchers: '$sluice', source: 'sluice' },
  ]);
});

test('a task of tasks.json is run as it says', async () => {
  const begun: unknown[] = [];
  const tasks = tasksOf(async ({ fsPath }, choices) => {
    begun.push([fsPath, choices]);
    return undefined;
  });
  const definition = {
    type: 'sluice',
    batch: 'AS_IT_IS',
    items: [2, 3],
    concurrency: 4,
    force: true,
  };
  const task = tasks.resolveTask(written(definition));
  // VS Code wants the definition back as it is; its variables are filled in when it is run.
  expect(task?.definition).toBe(definition);
  const { said } = await opened(task, { ...definition, batch: 'sub/a.batch.yaml' });
  await eventually(() => said.code).toBe(2);
  expect(said.text).toBe('Nothing was started.\r\n');
  expect(begun).toEqual([
    ['/workspace/sub/a.batch.yaml', { items: [2, 3], concurrency: 4, force: true }],
  ]);
  for (const wrong of [{ type: 'sluice' }, { type: 'sluice', batch: 'a', items: [0] }]) {
    expect(tasks.resolveTask(written(wrong))).toBeUndefined();
  }
});

describe('the terminal of a task', () => {
  const started = async () => {
    const fixture = new RunFixture('run', 'A', ['one', 'two']);
    const run = new FakeRun(EMPTY_STATE);
    run.emit(...fixture.events);
    const tasks = tasksOf(async () => run);
    const opening = await opened(
      tasks.resolveTask(written({ type: 'sluice', batch: 'a.batch.yaml' })),
    );
    await eventually(() => opening.said.text).toContain('──── A');
    const add = (...given: Parameters<RunFixture['add']>): void => run.emit(fixture.add(...given));
    return { ...opening, run, add };
  };

  test('says what happens, the failed items last, and ends with the exit code of the run', async () => {
    const { said, add } = await started();
    add({ type: 'start', item: 1, attempt: 1 });
    add({ type: 'log', item: 1, step: 0, stream: 'out', lines: ['x.py:1:1: no\x1b]0;y\x07'] });
    add({ type: 'end', item: 1, state: 'failed', failure: { message: 'It\nbroke.' } });
    add({ type: 'end', item: 2, state: 'done' });
    add({ type: 'finish', state: 'failed' });
    await eventually(() => said.code).toBe(1);
    const lines = said.text.split('\r\n');
    expect(lines).toContain('[1/2] one');
    expect(lines.slice(-2)).toEqual(['prompts.txt:1:1: It broke.', '']);
    expect(said.text).not.toContain('\x1b]');
  });

  test('cancels its run when it is closed', async () => {
    const { terminal, run, said } = await started();
    terminal.close();
    expect(run.requests).toEqual([['cancel', {}]]);
    run.emit({ type: 'finish', state: 'cancelled', seq: 3, time: 0 });
    expect(said.code).toBeUndefined();
  });

  test('tells what is wrong in a batch file, at its place', async () => {
    const problem = { file: 'a.batch.yaml', line: 2, column: 3, message: 'Unknown key `x`.' };
    const tasks = tasksOf(() => Promise.reject(new BatchError([problem])));
    const { said } = await opened(
      tasks.resolveTask(written({ type: 'sluice', batch: 'a.batch.yaml' })),
    );
    await eventually(() => said.code).toBe(2);
    expect(said.text).toBe('a.batch.yaml:2:3: Unknown key `x`.\r\n');
  });

  test('says any other fault, and fails', async () => {
    const tasks = tasksOf(() => Promise.reject(new Error('The runner broke.')));
    const { said } = await opened(
      tasks.resolveTask(written({ type: 'sluice', batch: 'a.batch.yaml' })),
    );
    await eventually(() => said.code).toBe(1);
    expect(said.text).toBe('The runner broke.\r\n');
  });
});
