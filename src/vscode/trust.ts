import type { Vscode } from './vscode.ts';

/** True when programs may be started. Otherwise says why not, with the way to change it. */
export async function requireTrust(vscode: Vscode): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'This window is in Restricted Mode. A batch starts programs that its file names, so nothing runs before you trust this workspace.',
    ),
    manage,
  );
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return vscode.workspace.isTrusted;
}
