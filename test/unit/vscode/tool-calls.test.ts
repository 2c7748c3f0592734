import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { CancellationToken, MarkdownString } from 'vscode';
import { Runs } from '../../../src/runner/runs.ts';
import { ToolCalls } from '../../../src/vscode/tool-calls.ts';
import type { SluiceWindow } from '../../../src/vscode/window.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { FakeVscode, fakeDocument } from '../../support/fake-vscode.ts';
import { RunFixture } from '../../support/run-fixture.ts';

const BATCH = `
inputs: { lines: prompts.txt }
steps: [{ run: [echo, "{input}"] }]
`;

/** A token that `cancel` cancels. */
function cancellation(): { readonly token: CancellationToken; cancel(): void } {
  const listeners: (() => void)[] = [];
  const token = {
    isCancellationRequested: false,
    onCancellationRequested: (listener: () => void) => {
      listeners.push(listener);
      return { dispose: () => undefined };
    },
  };
  return {
    token: token as unknown as CancellationToken,
    cancel: () => {
      for (const listener of listeners) listener();
    },
  };
}

let folder: string;
let vscode: FakeVscode;
let run: FakeRun;
let begun: unknown[];
let calls: ToolCalls;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-tools-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'a.batch.yaml'), BATCH);
  await writeFile(join(folder, 'prompts.txt'), 'one\ntwo\n');
  vscode = new FakeVscode();
  vscode.folders = [folder];
  run = new FakeRun(new RunFixture('run', 'Run', ['one']).state);
  begun = [];
  const starter = {
    workspaceOf: () => folder,
    begin: async (...call: unknown[]) => {
      begun.push(call[1]);
      return run;
    },
  };
  const runs = new Runs(async () => new FakeList(run));
  await runs.watch(folder);
  calls = new ToolCalls(vscode.module, { starter, runs } as unknown as SluiceWindow);
});

const input = { file: 'a.batch.yaml', waitSeconds: 0 };
const { token } = cancellation();

describe('a run that a language model asks for', () => {
  test('starts once it was confirmed, as it was shown', async () => {
    const { confirmationMessages } = await calls.prepare({ ...input, overwrite: true });
    expect(confirmationMessages?.title).toBe('Run a.batch.yaml?');
    const { value = '' } = (confirmationMessages?.message ?? {}) as Partial<MarkdownString>;
    expect(value).toContain('⟦1. echo {input}\n⟧');
    expect(value).toContain('⟦1. one\n2. two\n⟧');
    expect(value).toContain('⟨Files that stand where a result goes are replaced.⟩');
    await calls.runBatch({ ...input, overwrite: true }, token);
    expect(begun).toEqual([{ overwrite: true }]);
  });

  test('does not start when it was not confirmed, or a second time', async () => {
    await expect(calls.runBatch(input, token)).rejects.toThrow('changed after it was confirmed');
    await calls.prepare(input);
    await calls.runBatch(input, token);
    await expect(calls.runBatch(input, token)).rejects.toThrow('changed after it was confirmed');
    expect(begun.length).toBe(1);
  });

  test.each([
    ['the batch', 'a.batch.yaml', BATCH.replace('echo', 'rm')],
    ['its inputs', 'prompts.txt', 'one\n$(reboot)\n'],
  ])('does not start when %s changed meanwhile', async (_, name, text) => {
    await calls.prepare(input);
    await writeFile(join(folder, name), text);
    await expect(calls.runBatch(input, token)).rejects.toThrow('changed after it was confirmed');
    expect(begun).toEqual([]);
  });

  test('does not start when it would be run in another way', async () => {
    await calls.prepare(input);
    await expect(calls.runBatch({ ...input, overwrite: true }, token)).rejects.toThrow('changed');
    expect(begun).toEqual([]);
  });

  test('needs saved files: what is shown is what is on disk', async () => {
    const document = fakeDocument(join(folder, 'prompts.txt'), 'three');
    document.isDirty = true;
    vscode.documents.push(document);
    await expect(calls.prepare(input)).rejects.toThrow(
      'prompts.txt has changes that are not saved',
    );
  });

  test('needs a trusted workspace, as asking about runs does', async () => {
    vscode.trusted = false;
    await expect(calls.prepare(input)).rejects.toThrow('Restricted Mode');
    await expect(calls.runBatch(input, token)).rejects.toThrow('Restricted Mode');
    await expect(calls.getRun({})).rejects.toThrow('Restricted Mode');
  });

  test('is cancelled with the call', async () => {
    const source = cancellation();
    await calls.prepare(input);
    const called = calls.runBatch({ ...input, waitSeconds: 600 }, source.token);
    await expect.poll(() => run.listeners).toBe(2);
    source.cancel();
    expect(run.requests).toEqual([['cancel', {}]]);
    const { events } = new RunFixture('run', 'Run', ['one']);
    const end = { type: 'finish', state: 'cancelled', seq: events.length + 1, time: 1 } as const;
    run.emit(end);
    const { content } = await called;
    expect(JSON.stringify(content)).toContain('cancelled');
    expect(run.listeners).toBe(1);
  });
});
