import type { QuickPickItem } from 'vscode';
import type { RunHandle } from '../runner/client.ts';
import type { Runs } from '../runner/runs.ts';
import { plain } from './plain.ts';
import type { Vscode } from './vscode.ts';

export interface RunQuestion {
  /** Title of the list that asks. */
  readonly title: string;
  /** Said when no run fits. */
  readonly none: string;
  readonly fits: (run: RunHandle) => boolean;
}

/**
 * The run that a command is about: the one that its argument names, or the only one that fits, or the one that
 * the person picks. `undefined` when there is none, which they are told, or when they pick none.
 */
export async function chooseRun(
  vscode: Vscode,
  runs: Runs,
  argument: unknown,
  { title, none, fits }: RunQuestion,
): Promise<RunHandle | undefined> {
  const { l10n, window } = vscode;
  const say = (message: string): void => void window.showInformationMessage(message);
  const named = runNamed(argument);
  if (named !== undefined) {
    const run = runs.get(named);
    if (run === undefined) say(l10n.t('This run is not in the list of runs any more.'));
    return run;
  }
  // Its runs may just be being found.
  await runs.settled();
  const found = runs.all.filter(fits);
  if (found.length === 0) say(none);
  if (found.length < 2) return found[0];
  const items = found.map((run) => ({ run, ...describe(vscode, run) }));
  const picked = await window.showQuickPick(items, {
    title,
    placeHolder: l10n.t('Which run?'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.run;
}

/** A run's id, as links and buttons give it, or as the context of a menu. Menus of VS Code give other things. */
export function runNamed(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (typeof argument !== 'object' || argument === null || !('run' in argument)) return undefined;
  return typeof argument.run === 'string' ? argument.run : undefined;
}

function describe({ l10n, ThemeIcon }: Vscode, { state }: RunHandle): QuickPickItem {
  const { run, counts, started } = state;
  const parts = [l10n.t('{0} of {1}', counts.done + counts.skipped, run.total)];
  if (counts.failed > 0) parts.push(l10n.t('{0} failed', counts.failed));
  if (state.state === 'paused') parts.push(l10n.t('paused'));
  else if (state.state === 'cancelled') parts.push(l10n.t('cancelled'));
  else if (state.state === 'interrupted') parts.push(l10n.t('interrupted'));
  return {
    label: plain(run.name),
    description: parts.join(', '),
    detail: plain(`${run.batch}, ${new Date(started).toLocaleString()}`),
    iconPath: new ThemeIcon(iconOf(state.state)),
  };
}

function iconOf(state: RunHandle['state']['state']): string {
  switch (state) {
    case 'running':
    case 'cancelling':
      return 'sync';
    case 'paused':
      return 'debug-pause';
    case 'done':
      return 'check';
    case 'failed':
      return 'error';
    default:
      return 'circle-slash';
  }
}
