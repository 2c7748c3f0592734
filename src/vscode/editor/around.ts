import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, relative, resolve } from 'node:path';
import type { Uri } from 'vscode';
import type { Around, InputKind } from '../../batch/complete.ts';
import { BATCH_ENDING } from '../diagnostics.ts';
import type { Vscode } from '../vscode.ts';

const LOOKED_AT = 500;
const CSV_LIMIT = 4 << 20;
const NOT_INPUTS = '**/{node_modules,.git,.sluice}/**';

const PATTERNS: Readonly<Record<InputKind, string>> = {
  lines: '**/*.{txt,text,md,lst}',
  rows: '**/*.csv',
  files: '**/*',
};

/** What a batch file may name of the files around it. */
export function aroundBatch(vscode: Vscode, batch: Uri): Around {
  const folderOf = (folder = '.'): string => resolve(dirname(batch.fsPath), folder);
  return {
    async files(kind, folder) {
      const base = folderOf(folder);
      const pattern = new vscode.RelativePattern(base, PATTERNS[kind]);
      const found = await vscode.workspace.findFiles(pattern, NOT_INPUTS, LOOKED_AT);
      const paths = found
        .map(({ fsPath }) => relative(base, fsPath).replaceAll('\\', '/'))
        .filter((path) => !path.endsWith(BATCH_ENDING))
        .sort((a, b) => a.localeCompare(b));
      return kind === 'files' ? [...patternsIn(paths), ...paths] : paths;
    },
    async columns(file, folder) {
      const path = resolve(folderOf(folder), file);
      try {
        if ((await stat(path)).size > CSV_LIMIT) return [];
        const { parse } = await import('csv-parse/sync');
        const [header = []] = parse(await readFile(path, 'utf8'), { to: 1, trim: true, bom: true });
        return header;
      } catch {
        // It may not be there, or not be CSV: then it has no columns.
        return [];
      }
    },
  };
}

/** Patterns for the endings that two files or more of one folder have. */
function patternsIn(paths: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const [folder, ending] = [dirname(path), extname(path)];
    if (ending === '' || /[*?{}[\]()!]/.test(path)) continue;
    const pattern = folder === '.' ? `*${ending}` : `${folder}/*${ending}`;
    counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  return [...counts].flatMap(([pattern, count]) => (count > 1 ? [pattern] : []));
}
