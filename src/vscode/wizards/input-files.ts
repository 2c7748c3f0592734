import { basename, dirname, extname, join } from 'node:path';
import { stringify } from 'yaml';
import { folderOf } from '../../batch/expand.ts';
import { type Input, readInputs } from '../../batch/inputs.ts';
import { parseBatch } from '../../batch/parse.ts';
import { relativePath } from '../../batch/paths.ts';
import { fill } from '../../batch/placeholders.ts';
import { BatchError, type Problem } from '../../batch/problem.ts';
import { plain } from '../plain.ts';
import type { Vscode } from '../vscode.ts';

/**
 * The files that patterns and paths name, in order, as a batch file at the root of `folder` finds them.
 * Rejects with BatchError when one of them names none.
 */
export async function filesFor(
  patterns: readonly string[],
  folder: string,
): Promise<readonly Input[]> {
  const file = join(folder, 'files.batch.yaml');
  const text = stringify({ inputs: { files: patterns }, steps: [{ run: ['any'] }] });
  const { batch, problems, positionOf } = parseBatch(text, file);
  if (batch === undefined) throw new BatchError(problems);
  const shown = (path: string): string => relativePath(folder, path);
  return readInputs(batch, file, folderOf(batch, file), positionOf, shown);
}

/** The same; `undefined` when one of them names none, which the person is told. */
export async function filesOrSay(
  { window }: Vscode,
  patterns: readonly string[],
  folder: string,
): Promise<readonly Input[] | undefined> {
  try {
    return await filesFor(patterns, folder);
  } catch (error) {
    const { message, hint = '' } = problemOf(error);
    void window.showErrorMessage(plain(`${message} ${hint}`.trim()));
    return undefined;
  }
}

/** What is wrong first with a batch. Throws anything that is no BatchError. */
export function problemOf(error: unknown): Pick<Problem, 'message' | 'hint'> {
  if (!(error instanceof BatchError)) throw error;
  return error.problems[0] ?? { message: error.message };
}

/** Names for results whose ending is not that of their file. */
export const STEMS = [
  '{input.stem}',
  '{input.dir}/{input.stem}',
  '{input.dir}/{input.name}',
] as const;

/** The first of these names, with placeholders, that no two of the files share; the last one otherwise. */
export function distinctName(
  inputs: readonly Input[],
  names: readonly [string, ...string[]],
): string {
  const distinct = (name: string): boolean => {
    const filled = inputs.map(({ file = '' }) =>
      fill(name, {
        'input.name': basename(file),
        'input.stem': basename(file, extname(file)),
        'input.dir': dirname(file),
      }).toLowerCase(),
    );
    return new Set(filled).size === inputs.length;
  };
  return names.find(distinct) ?? names.at(-1) ?? names[0];
}
