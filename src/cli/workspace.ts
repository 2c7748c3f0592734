import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { UsageError } from './exit.ts';

/**
 * The workspace of a batch file: the one that was named (also by SLUICE_WORKSPACE, which the terminals of
 * a VS Code window have), or the nearest folder above the file with a `.sluice`, or the present folder
 * where the file lies in it, or the file's own. Absolute.
 */
export async function workspaceOf(file: string, named: string | undefined): Promise<string> {
  const given = named ?? process.env['SLUICE_WORKSPACE'];
  if (given !== undefined && (named !== undefined || contains(resolve(given), file))) {
    if (!(await isFolder(resolve(given)))) throw new UsageError(`There is no folder ${given}.`);
    return resolve(given);
  }
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (await isFolder(join(folder, '.sluice'))) return folder;
    if (folder === dirname(folder)) break;
  }
  return contains(process.cwd(), file) ? process.cwd() : dirname(file);
}

function contains(folder: string, file: string): boolean {
  const inside = relative(folder, file);
  return inside !== '' && !inside.startsWith('..');
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
