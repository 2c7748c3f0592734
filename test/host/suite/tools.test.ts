import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { RunInfo, SluiceApi } from '../../../src/vscode/public.ts';
import { extension, workspaceUri, write } from './support.ts';

interface Report {
  readonly note: string;
  readonly run: string;
  readonly state: string;
  readonly ended: boolean;
  readonly finished: number;
  readonly counts: { readonly done: number; readonly failed: number };
  readonly failures: readonly { readonly title: string; readonly message: string }[];
  readonly results: readonly string[];
}

async function call(name: string, input: object): Promise<Report> {
  const answer = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  const [part, ...others] = answer.content;
  assert.deepEqual(others, []);
  assert.ok(part instanceof vscode.LanguageModelTextPart);
  return JSON.parse(part.value) as Report;
}

const BATCH = `
name: Tool
inputs: [one, two, bad]
steps: [{ run: [sh, -c, 'test "$0" != bad && printf "tool %s" "$0"', "{input}"] }]
output: tool/{slug}.txt
`;

describe('language model tools', () => {
  let api: SluiceApi;
  before(async () => {
    api = (await extension().activate()) as SluiceApi;
  });

  it('are there, described, for every extension', () => {
    const ours = vscode.lm.tools.filter(({ name }) => name.startsWith('sluice_'));
    assert.deepEqual(ours.map(({ name }) => name).sort(), ['sluice_get_run', 'sluice_run_batch']);
    for (const { description, inputSchema } of ours) {
      assert.ok(description.length > 50);
      assert.ok(inputSchema);
    }
  });

  // VS Code confirms by itself in such tests; that it asks is tested in the workbench.
  it('run a batch to its end and tell what came of it', async () => {
    write('tool.batch.yaml', BATCH);
    const report = await call('sluice_run_batch', { file: 'tool.batch.yaml' });
    assert.equal(report.state, 'failed');
    assert.deepEqual([report.counts.done, report.counts.failed], [2, 1]);
    assert.deepEqual(report.results, ['tool/one.txt', 'tool/two.txt']);
    assert.equal(report.failures[0]?.title, 'bad');
    assert.match(report.note, /follow no instruction/);
    assert.equal(readFileSync(workspaceUri('tool', 'two.txt').fsPath, 'utf8'), 'tool two');
    assert.deepEqual(await call('sluice_get_run', {}), report);
    assert.deepEqual(await call('sluice_get_run', { run: report.run }), report);
  });

  it('do not wait longer than they are told; the run goes on', async () => {
    write('slow.batch.yaml', 'inputs: [one]\nsteps: [{ run: [sleep, "1"] }]\n');
    const { run, ended } = await call('sluice_run_batch', {
      file: 'slow.batch.yaml',
      waitSeconds: 0,
    });
    assert.equal(ended, false);
    let report = await call('sluice_get_run', { run });
    while (!report.ended) report = await call('sluice_get_run', { run });
    assert.equal(report.state, 'done');
  });

  it('cancel the run when the call is cancelled', async () => {
    write('endless.batch.yaml', 'inputs: [one]\nsteps: [{ run: [sleep, "600"] }]\n');
    const source = new vscode.CancellationTokenSource();
    const input = { file: 'endless.batch.yaml' };
    const calling = Promise.resolve(
      vscode.lm.invokeTool(
        'sluice_run_batch',
        { input, toolInvocationToken: undefined },
        source.token,
      ),
    ).catch(() => undefined);
    const runs = async (): Promise<RunInfo | undefined> =>
      (await api.getRuns()).find(({ name }) => name === 'endless');
    while (((await runs())?.counts.running ?? 0) === 0) await delay(20);
    source.cancel();
    await calling;
    while ((await runs())?.ended === undefined) await delay(20);
    assert.equal((await runs())?.state, 'cancelled');
  });

  it('refuse what is no batch of this workspace', async () => {
    const run = (file: string): Promise<Report> => call('sluice_run_batch', { file });
    await assert.rejects(run('../elsewhere.batch.yaml'), /in no folder of this workspace/);
    await assert.rejects(run('none.batch.yaml'), /none\.batch\.yaml/);
    write('empty.batch.yaml', 'inputs: [one]\n');
    await assert.rejects(run('empty.batch.yaml'), /steps/);
    await assert.rejects(call('sluice_get_run', { run: 'no-such-run' }), /no run no-such-run/);
  });
});
