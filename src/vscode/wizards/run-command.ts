import type { Memento } from 'vscode';
import type { Starter } from '../starter.ts';
import { requireTrust } from '../trust.ts';
import type { Vscode } from '../vscode.ts';
import { keepCommand, saveCommand } from './command-files.ts';
import { type CommandAnswers, CommandQuestions } from './command-questions.ts';
import { patternsOf } from './file-patterns.ts';
import { filesOrSay } from './input-files.ts';
import { chooseFolder, selectedUris } from './selection.ts';

const REMEMBERED = 'sluice.runCommand';

/**
 * Asks for files, a command and where its results go, shows what will run while it is typed, and runs it: from
 * a batch file that is saved where it can be seen, or from one that is kept with the runs. `called` is what
 * the command was called with: files and folders, or nothing.
 */
export async function runCommand(
  vscode: Vscode,
  starter: Starter,
  memory: Memento,
  called: readonly unknown[],
): Promise<void> {
  if (!(await requireTrust(vscode))) return;
  const selected = selectedUris(vscode, called);
  const workspace = await chooseFolder(vscode, selected[0]);
  if (workspace === undefined) return;
  const { patterns, folder } = await patternsOf(vscode, selected, workspace);
  const questions = new CommandQuestions(vscode, workspace, memory.get<string>(REMEMBERED) ?? '');
  // A folder has more in it than is meant: its pattern is asked for, with what it finds.
  const asked = patterns.length === 0 || folder;
  const inputs = asked ? [] : await filesOrSay(vscode, patterns, workspace);
  if (inputs === undefined) return;
  const answers = await questions.ask(patterns, inputs);
  if (answers === undefined) return;
  await memory.update(REMEMBERED, answers.line);
  const batch = vscode.Uri.file(await write(vscode, workspace, answers));
  if (answers.save) await vscode.window.showTextDocument(batch, { preserveFocus: true });
  await starter.start(batch);
}

function write(vscode: Vscode, workspace: string, answers: CommandAnswers): Promise<string> {
  if (!answers.save) return keepCommand(workspace, answers.name, answers);
  const about = vscode.l10n.t('Change this file and run it again: what is made already is kept.');
  return saveCommand(workspace, answers.name, about, answers);
}
