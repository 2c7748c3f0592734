import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

const ID = 'sluice.sluice';

export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(ID);
  assert.ok(found, `There is no extension ${ID}.`);
  return found;
}

export function workspaceUri(...path: readonly string[]): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'No folder is open.');
  return vscode.Uri.joinPath(folder.uri, ...path);
}

/** Writes a file of the workspace, which is empty when the tests begin. */
export function write(name: string, content: string): vscode.Uri {
  const uri = workspaceUri(name);
  writeFileSync(uri.fsPath, content);
  return uri;
}

/** What `look` gives once that is something. Rejects after a while. */
export async function eventually<T>(look: () => T | undefined, patience = 20_000): Promise<T> {
  for (const end = Date.now() + patience; Date.now() < end; await delay(20)) {
    const found = look();
    if (found !== undefined) return found;
  }
  throw new Error(`not so within ${patience / 1000} s: ${look}`);
}
