import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { layoutOf, makeLayout } from '../../runner/layout.ts';
import { type CommandDraft, commandText } from './command-batch.ts';
import { batchFileOf, isTaken, writeNew } from './new-files.ts';

/** Writes a batch file to the root of the workspace folder. Answers its path; rejects with code EEXIST. */
export async function saveCommand(
  workspace: string,
  name: string,
  about: string,
  draft: CommandDraft,
): Promise<string> {
  const file = batchFileOf(name);
  await writeNew(workspace, { [file]: `# ${about}\n${commandText(name, draft)}` });
  return join(workspace, file);
}

/**
 * Writes a batch file that the person does not want to see, beside the runs, so that the run can be run again.
 * The same text is in one file. Answers its path.
 */
export async function keepCommand(
  workspace: string,
  name: string,
  draft: CommandDraft,
): Promise<string> {
  const layout = layoutOf(workspace);
  await makeLayout(layout);
  const folder = layout.batches;
  const text = commandText(name, draft, relative(folder, workspace).replaceAll('\\', '/'));
  for (let number = 1; ; number += 1) {
    const file = batchFileOf(number === 1 ? name : `${name} ${number}`);
    const path = join(folder, file);
    if (!(await isTaken(folder, [file]))) {
      await writeNew(folder, { [file]: text });
      return path;
    }
    if ((await readFile(path, 'utf8')) === text) return path;
  }
}
