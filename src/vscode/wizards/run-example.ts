import { join } from 'node:path';
import type { Runs } from '../../runner/runs.ts';
import type { Starter } from '../starter.ts';
import { requireTrust } from '../trust.ts';
import type { Vscode } from '../vscode.ts';
import { isTaken, type NewFiles, writeNew } from './new-files.ts';
import { readyVoice } from './ready-voice.ts';
import { chooseFolder } from './selection.ts';

const FOLDER = 'sluice-example';
const BATCH = `${FOLDER}/example.batch.yaml`;
const PROMPTS = `${FOLDER}/prompts.txt`;

export interface ExampleParts {
  readonly starter: Starter;
  readonly runs: Runs;
  readonly panel: { show(id: string): Promise<void> };
}

/**
 * Makes a small example in the workspace, unless it is there, and runs it, without a question: what a newcomer
 * hears first. Called again, what is made already is kept, and what was changed is made anew.
 */
export async function runExample(
  vscode: Vscode,
  { starter, runs, panel }: ExampleParts,
): Promise<void> {
  if (!(await requireTrust(vscode))) return;
  const workspace = await chooseFolder(vscode, vscode.workspace.workspaceFolders?.[0]?.uri);
  if (workspace === undefined) return;
  const live = runs.live.find(
    ({ state }) => state.run.workspace === workspace && state.run.batch === BATCH,
  );
  if (live !== undefined) return panel.show(live.id);
  if (!(await isTaken(workspace, [BATCH]))) {
    const files = exampleFiles(vscode, await readyVoice(vscode));
    const { [PROMPTS]: _, ...batchAlone } = files;
    // Prompts that the person has changed stay theirs.
    await writeNew(workspace, (await isTaken(workspace, [PROMPTS])) ? batchAlone : files);
  }
  await starter.start(vscode.Uri.file(join(workspace, BATCH)));
}

/** The example's files, relative to the workspace. */
export function exampleFiles({ l10n }: Pick<Vscode, 'l10n'>, voice: string | undefined): NewFiles {
  const options = voice === undefined ? '' : `\n    with: { voice: ${voice} }`;
  return {
    [PROMPTS]: `# ${l10n.t('One line for each sound. Lines that begin with # are left out.')}
Hello from Sluice.
Every line of this file becomes a sound.
Change a line, and only that one is made anew.
`,
    [BATCH]: `# ${l10n.t('Each line is spoken. Run this file again after a change: what is made already is kept.')}
name: ${l10n.t('Example')}
inputs: { lines: prompts.txt }
steps:
  - uses: speak${options}
output: out/{index}-{slug}.mp3
`,
  };
}
