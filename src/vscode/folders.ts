import type { Runs } from '../runner/runs.ts';
import { type Disposable, Disposables } from './disposables.ts';
import type { Vscode } from './vscode.ts';

/**
 * Follows the runs of every folder of the workspace. In Restricted Mode it waits: the addresses of
 * runners are in the folder, and a stranger's folder may name anything.
 */
export function followFolders(
  vscode: Vscode,
  runs: Runs,
  report: (error: unknown) => void,
): Disposable {
  const { workspace } = vscode;
  const owned = new Disposables();
  const followAll = (): void => {
    if (!workspace.isTrusted) return;
    for (const { uri } of workspace.workspaceFolders ?? []) {
      if (uri.scheme === 'file') runs.watch(uri.fsPath).catch(report);
    }
  };
  owned.add(workspace.onDidGrantWorkspaceTrust(followAll));
  owned.add(
    workspace.onDidChangeWorkspaceFolders(({ removed }) => {
      for (const { uri } of removed) runs.unwatch(uri.fsPath);
      followAll();
    }),
  );
  followAll();
  return owned;
}
