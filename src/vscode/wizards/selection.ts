import type { Uri, WorkspaceFolder } from 'vscode';
import type { Vscode } from '../vscode.ts';

/**
 * The files and folders that a command was called on: `(uri, uris)` from the explorer, a `Uri` from another
 * extension. Empty when it was called from the palette.
 */
export function selectedUris(
  { Uri }: Vscode,
  [one, many]: readonly unknown[],
): readonly [Uri, ...Uri[]] | readonly [] {
  const given: unknown[] = Array.isArray(many) && many.length > 0 ? many : [one];
  const [first, ...rest] = given.filter(
    (uri): uri is Uri => uri instanceof Uri && uri.scheme === 'file',
  );
  return first === undefined ? [] : [first, ...rest];
}

/** Whether a path is a folder's. */
export async function isFolder({ FileType, workspace }: Vscode, uri: Uri): Promise<boolean> {
  const { type } = await workspace.fs.stat(uri);
  return (type & FileType.Directory) !== 0;
}

/**
 * Absolute path of the folder of the workspace that a command works in: that of what it was called on, or
 * the only one, or one that the person picks. `undefined` when there is none, which is said.
 */
export async function chooseFolder(vscode: Vscode, on?: Uri): Promise<string | undefined> {
  const { commands, l10n, window, workspace } = vscode;
  const own = on === undefined ? undefined : workspace.getWorkspaceFolder(on);
  if (own !== undefined) return own.uri.fsPath;
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const [only, ...others] = folders;
  if (others.length > 0) {
    const picked: WorkspaceFolder | undefined = await window.showWorkspaceFolderPick();
    return picked?.uri.fsPath;
  }
  if (only !== undefined) return only.uri.fsPath;
  const open = l10n.t('Open Folder');
  const chosen = await window.showInformationMessage(
    l10n.t('Open a folder first: the batch file and the results go there.'),
    open,
  );
  if (chosen === open) await commands.executeCommand('vscode.openFolder');
  return undefined;
}
