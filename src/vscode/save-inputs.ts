import { readFile } from 'node:fs/promises';
import type { Uri } from 'vscode';
import type { Vscode } from './vscode.ts';

/**
 * Saves a batch file and the file that it reads its items from, where they are open and changed: what runs is
 * what is seen. False when one of them could not be saved.
 */
export async function saveInputs({ workspace }: Vscode, batch: Uri): Promise<boolean> {
  const save = async (path: string): Promise<boolean> => {
    const open = workspace.textDocuments.find(
      ({ uri }) => uri.scheme === 'file' && uri.fsPath === path,
    );
    return open?.isDirty !== true || open.save();
  };
  if (!(await save(batch.fsPath))) return false;
  if (!workspace.textDocuments.some((document) => document.isDirty)) return true;
  const { namedFile } = await import('../batch/named-inputs.ts');
  // A file that cannot be read is no reason here: the run says so.
  const text = await readFile(batch.fsPath, 'utf8').catch(() => '');
  const named = namedFile(text, batch.fsPath);
  return named === undefined || save(named.path);
}
