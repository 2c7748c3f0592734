import type { MarkdownString } from 'vscode';
import type { Translate } from '../protocol/log-lines.ts';
import { clock, finishedCount, overall, remaining, runFraction } from '../protocol/progress.ts';
import type { RunState } from '../protocol/state.ts';
import type { CommandId } from './command-ids.ts';
import type { Vscode } from './vscode.ts';

/** The commands that links of the tooltip may run. */
const LINKED: readonly CommandId[] = [
  'sluice.showPanel',
  'sluice.pauseRun',
  'sluice.resumeRun',
  'sluice.cancelRun',
  'sluice.retryFailed',
  'sluice.openResults',
];

/** As wide as a digit. */
const FIGURE_SPACE = '\u2007';

/**
 * What the status bar says of the live runs as one: `Sluice 3/10 42% 1:20`. Numbers keep their width, so that
 * what stands beside them does not move.
 */
export function liveText(live: readonly RunState[], now: number): string {
  const { done, total, fraction, remaining: left } = overall(live, now);
  const icon = live.every(({ state }) => state === 'paused') ? '$(debug-pause)' : '$(sync~spin)';
  const count = String(done).padStart(String(total).length, FIGURE_SPACE);
  const percent = percentText(fraction).padStart(3, FIGURE_SPACE);
  return `${icon} Sluice ${count}/${total} ${percent}${left === undefined ? '' : ` ${clock(left)}`}`;
}

/** What it says of the run that ended last. */
export function endedText(last: RunState): string {
  const icon =
    last.counts.failed > 0 ? '$(error)' : last.state === 'done' ? '$(check)' : '$(circle-slash)';
  return `${icon} Sluice ${finishedCount(last)}/${last.run.total}`;
}

/** A line a run, its name a link to it in the panel, and what can be done with it. */
export function statusTooltip(
  vscode: Vscode,
  states: readonly RunState[],
  now: number,
): MarkdownString {
  const { t } = vscode.l10n;
  const tooltip = new vscode.MarkdownString('', true);
  tooltip.isTrusted = { enabledCommands: LINKED };
  states.forEach((state, index) => {
    if (index > 0) tooltip.appendMarkdown('\n\n');
    // Names come from files: they are text, and may look like anything.
    tooltip.appendMarkdown('[');
    tooltip.appendText(state.run.name.replace(/\s+/g, ' '));
    tooltip.appendMarkdown(`](${address('sluice.showPanel', state.run.id)})  \n`);
    tooltip.appendText(runLine(state, now, t));
    for (const { icon, label, command } of actionsOf(state, t)) {
      const link = address(command, state.run.id);
      tooltip.appendMarkdown(` &nbsp;[$(${icon}) ${label}](${link})`);
    }
  });
  return tooltip;
}

/** `3 of 10, 42%, 1 failed, 1:20 left` */
function runLine(state: RunState, now: number, t: Translate): string {
  const parts = [t('{0} of {1}', finishedCount(state), state.run.total)];
  if (state.ended === undefined) parts.push(percentText(runFraction(state)));
  if (state.counts.failed > 0) parts.push(t('{0} failed', state.counts.failed));
  const left = remaining(state, now);
  if (state.state === 'paused') parts.push(t('paused'));
  else if (state.state === 'cancelling') parts.push(t('cancelling'));
  else if (left !== undefined) parts.push(t('{0} left', clock(left)));
  else if (state.state === 'cancelled') parts.push(t('cancelled'));
  else if (state.state === 'interrupted') parts.push(t('interrupted'));
  return parts.join(', ');
}

interface Action {
  readonly icon: string;
  readonly label: string;
  readonly command: CommandId;
}

function actionsOf({ state, counts, ended, items }: RunState, t: Translate): Action[] {
  if (state === 'cancelling') return [];
  const retry: Action = {
    icon: 'refresh',
    label: t('Retry failed'),
    command: 'sluice.retryFailed',
  };
  if (ended !== undefined) {
    const results: Action = {
      icon: 'folder-opened',
      label: t('Results'),
      command: 'sluice.openResults',
    };
    const made = items.some((item) => item.results.length > 0);
    return [...(counts.failed > 0 ? [retry] : []), ...(made ? [results] : [])];
  }
  const hold: Action =
    state === 'paused'
      ? { icon: 'debug-continue', label: t('Resume'), command: 'sluice.resumeRun' }
      : { icon: 'debug-pause', label: t('Pause'), command: 'sluice.pauseRun' };
  const cancel: Action = { icon: 'debug-stop', label: t('Cancel'), command: 'sluice.cancelRun' };
  return [hold, cancel];
}

function address(command: CommandId, run: string): string {
  const argument = encodeURIComponent(JSON.stringify([run])).replace(/[()]/g, (one) =>
    one === '(' ? '%28' : '%29',
  );
  return `command:${command}?${argument}`;
}

/** Rounded down: 100% is said when all is done, and not before. */
function percentText(fraction: number): string {
  return `${Math.floor(fraction * 100)}%`;
}
