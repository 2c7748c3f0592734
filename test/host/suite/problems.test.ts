import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, write } from './support.ts';

describe('problems of a batch file', () => {
  const text = 'name: Bad\ninputs: [one]\nsteps:\n  - run: [echo, hello]\nconcurency: 2\n';
  let uri: vscode.Uri;
  before(() => {
    uri = write('bad.batch.yaml', text);
  });
  const problems = (): vscode.Diagnostic[] | undefined => {
    const found = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Sluice');
    return found.length > 0 ? found : undefined;
  };

  it('stand at their line, and go when they are put right', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    const [problem, ...others] = await eventually(problems);
    assert.ok(problem);
    assert.deepEqual(others, []);
    assert.equal(problem.range.start.line, 4);
    assert.equal(document.getText(problem.range), 'concurency');
    assert.match(problem.message, /concurrency/);
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);

    await editor.edit((edit) => edit.replace(problem.range, 'concurrency'));
    await eventually(() => (problems() === undefined ? true : undefined));
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
