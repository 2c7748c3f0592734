import type { PanelCommand } from '../protocol/panel.ts';
import { COMMANDS, type CommandTable } from './command-ids.ts';
import { type Disposable, Disposables } from './disposables.ts';
import type { Vscode } from './vscode.ts';

/**
 * Registers every command; `load` gives what they do when the first of them is called. What one rejects
 * with is reported, and is not the caller's.
 */
export function registerCommands(
  vscode: Vscode,
  load: () => Promise<CommandTable>,
  report: (error: unknown) => void,
): Disposable {
  const owned = new Disposables();
  for (const id of COMMANDS) {
    const run = async (...args: readonly unknown[]): Promise<void> => {
      try {
        await (await load())[id](...args);
      } catch (error) {
        report(error);
      }
    };
    owned.add(vscode.commands.registerCommand(id, run));
  }
  return owned;
}

/** Does what a button of the panel asks for. */
export async function runPanelCommand(vscode: Vscode, command: PanelCommand): Promise<void> {
  const { executeCommand } = vscode.commands;
  switch (command) {
    case 'trust':
      await executeCommand('workbench.trust.manage');
      return;
    case 'openFolder':
      await executeCommand('vscode.openFolder');
      return;
    default:
      await executeCommand(`sluice.${command}`);
  }
}
