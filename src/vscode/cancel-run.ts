import { finishedCount } from '../protocol/progress.ts';
import type { RunActions } from './run-actions.ts';
import type { Runs } from './runs.ts';
import type { Vscode } from './vscode.ts';

/** Cancels the run that is under way; asks which when there are several. */
export async function cancelRun(vscode: Vscode, runs: Runs, actions: RunActions): Promise<void> {
  const { l10n, window } = vscode;
  const live = runs.live.filter((run) => run.state.state !== 'cancelling');
  const [first, second] = live;
  if (first === undefined) {
    void window.showInformationMessage(l10n.t('No run is under way.'));
    return;
  }
  if (second === undefined) return actions.cancel(first.id);
  const picked = await window.showQuickPick(
    live.map((run) => ({
      id: run.id,
      label: run.state.run.name,
      description: l10n.t('{0} of {1}', finishedCount(run.state), run.state.run.total),
      detail: run.state.run.batch,
    })),
    { title: l10n.t('Cancel Run'), placeHolder: l10n.t('Which runs?'), canPickMany: true },
  );
  await Promise.all((picked ?? []).map((item) => actions.cancel(item.id)));
}
