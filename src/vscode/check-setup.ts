import type { QuickPickItem } from 'vscode';
import type { Check } from '../cli/checks.ts';
import type { Vscode } from './vscode.ts';

interface CheckItem extends QuickPickItem {
  readonly fix?: string;
}

/** Shows what `sluice doctor` finds. Choosing a line that can be put right copies the command for it. */
export async function showSetup(vscode: Vscode, checks: Promise<readonly Check[]>): Promise<void> {
  const { env, l10n, window } = vscode;
  const items = checks.then((found) => found.map((check) => item(vscode, check)));
  const chosen = await window.showQuickPick<CheckItem>(items, {
    title: l10n.t('Check Setup'),
    placeHolder: l10n.t('What Sluice found on this machine. Choose a line to copy its command.'),
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  if (chosen?.fix === undefined) return;
  await env.clipboard.writeText(chosen.fix);
  void window.setStatusBarMessage(l10n.t('Copied: {0}', chosen.fix), 6000);
}

function item(vscode: Vscode, check: Check): CheckItem {
  const { l10n } = vscode;
  const icon = check.ok ? '$(pass)' : check.level === 'required' ? '$(error)' : '$(circle-outline)';
  const need = check.ok
    ? l10n.t('ready')
    : check.level === 'required'
      ? l10n.t('required')
      : l10n.t('optional');
  const label = `${icon} ${check.name}`;
  if (check.ok || check.fix === undefined) {
    return { label, description: need, detail: check.detail };
  }
  const detail = `${check.detail}  $(copy) ${check.fix}`;
  return { label, description: need, detail, fix: check.fix };
}
