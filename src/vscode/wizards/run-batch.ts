import type { QuickPickItem, Uri } from 'vscode';
import { BATCH_ENDING, isBatchFile } from '../diagnostics.ts';
import { plain } from '../plain.ts';
import type { Starter } from '../starter.ts';
import type { Vscode } from '../vscode.ts';
import { selectedUris } from './selection.ts';

const FILES_SHOWN = 500;

/** Starts a run of each batch file that the person means. `generate` is offered when there is none. */
export async function runBatch(
  vscode: Vscode,
  starter: Starter,
  called: readonly unknown[],
  generate: () => Promise<void>,
): Promise<void> {
  for (const batch of await chooseBatches(vscode, called, generate)) await starter.start(batch);
}

/** The batch files that were clicked on, or the one in the editor, or one picked from the workspace's. */
async function chooseBatches(
  vscode: Vscode,
  called: readonly unknown[],
  generate: () => Promise<void>,
): Promise<readonly Uri[]> {
  const { l10n, window, workspace } = vscode;
  const given = selectedUris(vscode, called).filter(isBatchFile);
  if (given.length > 0) return given;
  const active = window.activeTextEditor?.document.uri;
  if (active !== undefined && isBatchFile(active)) return [active];
  const found = await workspace.findFiles(
    `**/*${BATCH_ENDING}`,
    '**/{node_modules,.git,.sluice}/**',
    FILES_SHOWN,
  );
  if (found.length === 0) {
    const offer = l10n.t('Generate Audio from Prompts…');
    const chosen = await window.showInformationMessage(
      l10n.t('No batch file ({0}) in this workspace.', `NAME${BATCH_ENDING}`),
      offer,
    );
    if (chosen === offer) await generate();
    return [];
  }
  const items = found
    .map((uri): QuickPickItem & { readonly uri: Uri } => ({
      uri,
      label: plain(workspace.asRelativePath(uri)),
      iconPath: new vscode.ThemeIcon('list-ordered'),
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Run Batch File'),
    placeHolder: l10n.t('Which batch file?'),
  });
  return picked === undefined ? [] : [picked.uri];
}
