import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { RunInfo, RunNews, SluiceApi } from '../../../src/vscode/public.ts';
import { eventually, extension, workspaceUri, write } from './support.ts';

const NOTES = `
name: Notes
inputs: [one, two]
steps: [{ run: [printf, "%s", "note {input}"] }]
output: notes/{slug}.txt
`;

describe('the API', () => {
  let api: SluiceApi;
  before(async () => {
    api = (await extension().activate()) as SluiceApi;
  });

  it('serves another extension: the one that docs/api.md shows', async () => {
    write('notes.batch.yaml', NOTES);
    const run = await vscode.commands.executeCommand<RunInfo>('notes.speak');
    assert.equal(run.name, 'Notes');
    // It opens every result.
    for (const name of ['one', 'two']) {
      const uri = workspaceUri('notes', `${name}.txt`);
      await eventually(() =>
        vscode.window.tabGroups.all
          .flatMap(({ tabs }) => tabs)
          .find(({ label }) => label === `${name}.txt`),
      );
      assert.equal(readFileSync(uri.fsPath, 'utf8'), `note ${name}`);
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('tells every event of a run in order, and what came of it', async () => {
    const news: RunNews[] = [];
    const listening = api.onDidEvent((one) => news.push(one));
    try {
      const uri = write(
        'told.batch.yaml',
        NOTES.replaceAll('Notes', 'Told').replace('notes/', 'told/'),
      );
      const run = await api.runBatch(uri, { force: true });
      assert.ok(run);
      assert.equal(run.batch.fsPath, uri.fsPath);
      const ours = (): RunNews[] => news.filter((one) => one.run === run.id);
      await eventually(() => ours().find(({ event }) => event?.type === 'finish'));
      const numbers = ours().flatMap(({ event }) => event?.seq ?? []);
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index + 1),
      );
      const [newest] = await api.getRuns();
      assert.equal(newest?.id, run.id);
      assert.equal(newest.state, 'done');
      assert.equal(newest.counts.done, 2);
      assert.deepEqual(
        newest.items.map(({ state, results }) => [state, results.map(({ fsPath }) => fsPath)]),
        [
          ['done', [workspaceUri('told', 'one.txt').fsPath]],
          ['done', [workspaceUri('told', 'two.txt').fsPath]],
        ],
      );
    } finally {
      listening.dispose();
    }
  });

  it('says what is wrong in a batch file, and starts nothing', async () => {
    const before = (await api.getRuns()).length;
    write('wrong.batch.yaml', 'inputs: [one]\nsteps: [{ run: [echo], usse: speak }]\n');
    await assert.rejects(
      () => api.runBatch('wrong.batch.yaml'),
      /wrong\.batch\.yaml:2:\d+: Unknown key `usse`\. Did you mean `uses`\?/,
    );
    assert.equal((await api.getRuns()).length, before);
  });
});
