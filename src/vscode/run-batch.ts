import type { QuickPickItem, Uri } from 'vscode';
import { BATCH_ENDING, isBatchFile } from './diagnostics.ts';
import type { Vscode } from './vscode.ts';

const FILES_SHOWN = 500;

/**
 * The batch file that the person means: the one that was clicked on, or the one in the editor, or one
 * picked from the workspace's. `generate` is offered when there is none.
 */
export async function chooseBatch(
  vscode: Vscode,
  resource: unknown,
  generate: () => Promise<void>,
): Promise<Uri | undefined> {
  const { l10n, Uri, window, workspace } = vscode;
  if (resource instanceof Uri && isBatchFile(resource)) return resource;
  const active = window.activeTextEditor?.document.uri;
  if (active !== undefined && isBatchFile(active)) return active;
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
    return undefined;
  }
  const items = found
    .map((uri): QuickPickItem & { readonly uri: Uri } => ({
      uri,
      label: workspace.asRelativePath(uri),
      iconPath: new vscode.ThemeIcon('list-ordered'),
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Run Batch File'),
    placeHolder: l10n.t('Which batch file?'),
  });
  return picked?.uri;
}
