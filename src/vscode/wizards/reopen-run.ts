import { basename } from 'node:path';
import type { QuickInputButton, QuickPickItem } from 'vscode';
import { PastRun } from '../../runner/client.ts';
import { layoutOf, runLayout } from '../../runner/layout.ts';
import { loadState } from '../../runner/load.ts';
import { type RunRecord, runRecords } from '../../runner/past.ts';
import type { Runs } from '../../runner/runs.ts';
import { Disposables } from '../disposables.ts';
import { plain } from '../plain.ts';
import { relativeTime } from '../relative-time.ts';
import { requireTrust } from '../trust.ts';
import type { Vscode } from '../vscode.ts';

interface RunItem extends QuickPickItem {
  readonly id: string;
  readonly workspace: string;
}

export interface ReopenParts {
  readonly runs: Runs;
  readonly panel: { show(id: string): Promise<void> };
}

/** Asks for one of all runs in the history of the workspace, and shows it in the panel. */
export async function reopenRun(vscode: Vscode, { runs, panel }: ReopenParts): Promise<void> {
  if (!(await requireTrust(vscode))) return;
  const { commands, l10n, window } = vscode;
  const items = await runItems(vscode, runs);
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t('Nothing was run in this workspace yet.'));
    return;
  }
  const chosen = await ask(vscode, items);
  if (chosen === undefined) return;
  const { item, openLog } = chosen;
  if (!(await hold(runs, item))) {
    void window.showWarningMessage(
      plain(l10n.t('The files of this run are gone: {0}.', runFolder(item))),
    );
  } else if (openLog) {
    await commands.executeCommand('sluice.openLog', item.id);
  } else {
    await panel.show(item.id);
  }
}

/** Makes a run one of those that the window knows. False when nothing is left of it. */
async function hold(runs: Runs, { id, workspace }: RunItem): Promise<boolean> {
  if (runs.get(id) !== undefined) return true;
  const state = await loadState(runLayout(layoutOf(workspace), id));
  if (state === undefined) return false;
  await runs.begin(async () => new PastRun(state));
  return true;
}

function runFolder({ id, workspace }: RunItem): string {
  return runLayout(layoutOf(workspace), id).folder;
}

async function runItems(vscode: Vscode, runs: Runs): Promise<readonly RunItem[]> {
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
  const found = await Promise.all(
    folders.map(async (workspace) =>
      (await runRecords(workspace)).map((record) => ({ record, workspace })),
    ),
  );
  const now = Date.now();
  return found
    .flat()
    .sort((a, b) => b.record.started - a.record.started)
    .map(({ record, workspace }) => {
      const held = runs.get(record.id);
      const live = held !== undefined && held.state.ended === undefined;
      // A runner that was killed could not say so.
      const state = record.state === 'running' && !live ? 'interrupted' : record.state;
      return { id: record.id, workspace, ...describe(vscode, { ...record, state }, now) };
    });
}

const ICONS: Readonly<Record<RunRecord['state'], string>> = {
  running: 'sync',
  done: 'pass',
  failed: 'error',
  cancelled: 'circle-slash',
  interrupted: 'debug-disconnect',
};

function describe(
  { env, l10n, ThemeIcon }: Vscode,
  { name, batch, state, total, done, failed, started }: RunRecord,
  now: number,
): QuickPickItem {
  const words: Readonly<Record<RunRecord['state'], string>> = {
    running: l10n.t('under way'),
    done: l10n.t('done'),
    failed: l10n.t('done'),
    cancelled: l10n.t('cancelled'),
    interrupted: l10n.t('interrupted'),
  };
  const parts = [
    `${l10n.t('{0} of {1}', done, total)} ${words[state]}`,
    ...(failed > 0 ? [l10n.t('{0} failed', failed)] : []),
    basename(batch),
  ];
  return {
    label: plain(name),
    description: relativeTime(started, now, env.language),
    detail: plain(parts.join(', ')),
    iconPath: new ThemeIcon(ICONS[state]),
  };
}

/** Asks for a run; its button asks for its log instead. */
async function ask(
  { l10n, ThemeIcon, window }: Vscode,
  items: readonly RunItem[],
): Promise<{ readonly item: RunItem; readonly openLog: boolean } | undefined> {
  const log: QuickInputButton = {
    iconPath: new ThemeIcon('output'),
    tooltip: l10n.t('Open Log'),
  };
  const owned = new Disposables();
  const pick = owned.add(window.createQuickPick<RunItem>());
  pick.title = l10n.t('Reopen Run');
  pick.placeholder = l10n.t('Which run?');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = items.map((item) => ({ ...item, buttons: [log] }));
  return new Promise<{ item: RunItem; openLog: boolean } | undefined>((resolve) => {
    owned.add(
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item !== undefined) resolve({ item, openLog: false });
      }),
    );
    owned.add(pick.onDidTriggerItemButton(({ item }) => resolve({ item, openLog: true })));
    owned.add(pick.onDidHide(() => resolve(undefined)));
    pick.show();
  }).finally(() => owned.dispose());
}
