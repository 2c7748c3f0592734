import type { GlobalEnvironmentVariableCollection } from 'vscode';
import type { Vscode } from './vscode.ts';

/** Lets `sluice` in this window's terminals use the window's own folders, wherever in them it is called. */
export function nameWorkspaces(
  { l10n, workspace }: Vscode,
  collection: GlobalEnvironmentVariableCollection,
): void {
  collection.description = l10n.t('Runs started in a terminal show in the panel.');
  for (const folder of workspace.workspaceFolders ?? []) {
    collection
      .getScoped({ workspaceFolder: folder })
      .replace('SLUICE_WORKSPACE', folder.uri.fsPath);
  }
}
