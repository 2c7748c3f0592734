import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { eventually, workspaceUri, write } from './support.ts';

interface Handle {
  readonly id: string;
  readonly state?: string;
}

const GOOD = `
name: Good
inputs: [one, two]
steps: [{ run: [printf, "made of %s", "{input}"] }]
output: out/{slug}.txt
`;

describe('Run Batch File', () => {
  it('runs the file that it is given, and leaves results and a record', async () => {
    await vscode.commands.executeCommand('sluice.runBatch', write('good.batch.yaml', GOOD));
    const { id } = await eventually(newestRun);
    const { state } = await eventually(() => (newestRun()?.state ? newestRun() : undefined));
    assert.equal(state, 'done');
    for (const name of ['one', 'two']) {
      assert.equal(
        readFileSync(workspaceUri('out', `${name}.txt`).fsPath, 'utf8'),
        `made of ${name}`,
      );
    }
    const manifest = read('.sluice', 'runs', id, 'manifest.json') as { results: unknown[] };
    assert.equal(manifest.results.length, 2);
    assert.equal(readFileSync(workspaceUri('.sluice', '.gitignore').fsPath, 'utf8'), '*\n');
    // The runner says no more where it listens.
    await eventually(() =>
      readdirSync(workspaceUri('.sluice', 'sockets').fsPath).length === 0 ? true : undefined,
    );
  });

  it('starts nothing of a file that is wrong', async () => {
    const before = newestRun()?.id;
    const uri = write('empty.batch.yaml', 'inputs: [one]\n');
    // It says what is wrong in a message, and waits for its button.
    void vscode.commands.executeCommand('sluice.runBatch', uri);
    await eventually(() => vscode.languages.getDiagnostics(uri)[0]);
    assert.equal(newestRun()?.id, before);
  });
});

function newestRun(): Handle | undefined {
  const runs = workspaceUri('.sluice', 'runs').fsPath;
  const id = existsSync(runs) ? readdirSync(runs).sort().at(-1) : undefined;
  if (id === undefined) return undefined;
  const ended = existsSync(workspaceUri('.sluice', 'runs', id, 'state.json').fsPath);
  return ended
    ? { id, state: (read('.sluice', 'runs', id, 'state.json') as Handle).state ?? '' }
    : { id };
}

function read(...path: readonly string[]): unknown {
  return JSON.parse(readFileSync(workspaceUri(...path).fsPath, 'utf8'));
}
