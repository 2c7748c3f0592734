import { extname } from 'node:path';
import { escapePath } from 'tinyglobby';
import type { Uri } from 'vscode';
import type { Vscode } from '../vscode.ts';
import { pathFrom } from './new-files.ts';
import { isFolder } from './selection.ts';
import type { PreviewRow } from './wizard.ts';

const SUGGESTED = 6;
const LOOKED_AT = 2000;
const NOT_INPUTS = '**/{node_modules,.git,.sluice,out}/**';

export interface Selected {
  /** Patterns and paths, relative to the workspace folder. */
  readonly patterns: readonly string[];
  /** Whether it is one folder and nothing else. */
  readonly folder: boolean;
}

/** What a batch file names, as `inputs: { files }`, for files and folders; `ending` is what folders are asked for. */
export async function patternsOf(
  vscode: Vscode,
  selected: readonly Uri[],
  base: string,
  ending = '*',
): Promise<Selected> {
  const folders = await Promise.all(selected.map((uri) => isFolder(vscode, uri)));
  const patterns = selected.map(({ fsPath }, index) => {
    const path = pathFrom(base, fsPath);
    return folders[index] === true ? within(path, ending) : path;
  });
  return { patterns, folder: patterns.length === 1 && folders[0] === true };
}

function within(folder: string, ending: string): string {
  return folder === '' ? `**/${ending}` : `${escapePath(folder)}/**/${ending}`;
}

/** Patterns for the endings that a workspace folder has, the most frequent first. */
export async function suggestPatterns(
  { l10n, RelativePattern, ThemeIcon, workspace }: Vscode,
  folder: string,
): Promise<readonly PreviewRow[]> {
  const counts = new Map<string, number>();
  const all = new RelativePattern(folder, '**/*.*');
  for (const { fsPath } of await workspace.findFiles(all, NOT_INPUTS, LOOKED_AT)) {
    const ending = extname(fsPath);
    if (/^\.\w+$/.test(ending)) counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SUGGESTED)
    .map(([ending, count]) => ({
      label: `**/*${ending}`,
      description: count === 1 ? l10n.t('1 file') : l10n.t('{0} files', count),
      iconPath: new ThemeIcon('files'),
      fill: `**/*${ending}`,
    }));
}
