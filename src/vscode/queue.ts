import { parseQueue } from '../cluster/address.ts';
import { QueueError } from '../cluster/error.ts';
import type { QueueOptions } from '../runner/start.ts';
import type { Secrets } from './secrets.ts';
import type { Vscode } from './vscode.ts';

/** The queue that the settings name, if one is; its password comes out of the secret storage. Rejects with QueueError. */
export async function chosenQueue(
  vscode: Vscode,
  secrets: Secrets,
): Promise<QueueOptions | undefined> {
  const { l10n, workspace } = vscode;
  const settings = workspace.getConfiguration('sluice');
  const setting = settings.get<string>('queue', '').trim();
  if (setting === '') return undefined;
  if (parseQueue(setting).options.password !== undefined) {
    throw new QueueError(
      l10n.t('There is a password in the setting sluice.queue.'),
      l10n.t('Take it out, and keep it with “Sluice: Set Queue Password”.'),
    );
  }
  const url = new URL(setting);
  const password = await secrets.queuePassword(setting);
  if (password !== undefined) url.password = encodeURIComponent(password);
  const key = settings.get<string>('queueKey', '').trim();
  return { url: url.href, ...(key === '' ? {} : { key }) };
}

/** Asks for the password of the queue that the settings name; an empty answer removes the one that is kept. */
export async function askQueuePassword(vscode: Vscode, secrets: Secrets): Promise<void> {
  const { commands, l10n, window, workspace } = vscode;
  const setting = workspace.getConfiguration('sluice').get<string>('queue', '').trim();
  if (setting === '') {
    const open = l10n.t('Open Settings');
    const chosen = await window.showInformationMessage(
      l10n.t('First say where the queue is, in the setting sluice.queue.'),
      open,
    );
    if (chosen === open)
      await commands.executeCommand('workbench.action.openSettings', 'sluice.queue');
    return;
  }
  const { shown } = parseQueue(setting);
  const answer = await window.showInputBox({
    title: l10n.t('Queue Password'),
    prompt: l10n.t(
      'The password of {0}. It is kept in the secret storage of VS Code; an empty one removes it.',
      shown,
    ),
    password: true,
    ignoreFocusOut: true,
  });
  if (answer === undefined) return;
  await secrets.keepQueuePassword(setting, answer);
  void window.setStatusBarMessage(
    answer === ''
      ? l10n.t('Sluice: the password is removed.')
      : l10n.t('Sluice: the password is kept.'),
    4000,
  );
}
