import { resolve } from 'node:path';
import type { QuickPickItem } from 'vscode';
import type { RunHandle } from '../runner/client.ts';
import { hasResults } from './opener.ts';
import { plain } from './plain.ts';
import type { RunChoices, Starter } from './starter.ts';
import type { Vscode } from './vscode.ts';

/**
 * Runs the batch file of a run once more. Where the run has made results, which a new one would keep, the person
 * is asked whether they are to be made anew.
 */
export async function runAgain(
  vscode: Vscode,
  starter: Pick<Starter, 'start'>,
  { state }: RunHandle,
): Promise<void> {
  const choices = hasResults(state) ? await askWhat(vscode, state.run.name) : {};
  if (choices === undefined) return;
  const { workspace, batch, only } = state.run;
  await starter.start(vscode.Uri.file(resolve(workspace, batch)), {
    ...choices,
    ...(only === undefined ? {} : { items: only }),
  });
}

async function askWhat({ l10n, window }: Vscode, name: string): Promise<RunChoices | undefined> {
  const items: (QuickPickItem & { readonly choices: RunChoices })[] = [
    {
      label: l10n.t('Make what is missing or has changed'),
      detail: l10n.t('Results that are there, from the same input by the same steps, are kept.'),
      choices: {},
    },
    {
      label: l10n.t('Make everything anew'),
      detail: l10n.t(
        'Its results are replaced. Files that you changed since are left as they are.',
      ),
      choices: { force: true },
    },
  ];
  const picked = await window.showQuickPick(items, {
    title: plain(l10n.t('Run {0} Again', name)),
    placeHolder: l10n.t('Results are there already. What is to be made?'),
  });
  return picked?.choices;
}
