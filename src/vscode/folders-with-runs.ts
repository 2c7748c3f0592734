import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Vscode } from './vscode.ts';

/** Whether anything was ever run in a folder of this workspace. */
export async function hasRuns({ workspace }: Vscode): Promise<boolean> {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const found = folders.map(({ uri }) => access(join(uri.fsPath, '.sluice')));
  return (await Promise.allSettled(found)).some(({ status }) => status === 'fulfilled');
}
