import type { Translate } from '../protocol/log-lines.ts';
import { clock, finishedCount, overall, remaining, runFraction } from '../protocol/progress.ts';
import type { RunState } from '../protocol/state.ts';

/** What the status bar says: live runs as one, or else the run that ended last. */
export function statusText(
  live: readonly RunState[],
  last: RunState | undefined,
  now: number,
): string {
  if (live.length > 0) {
    const sum = overall(live, now);
    const paused = live.every((state) => state.state === 'paused');
    const icon = paused ? '$(debug-pause)' : '$(sync~spin)';
    const left = sum.remaining === undefined ? '' : ` ${clock(sum.remaining)}`;
    return `${icon} Sluice ${sum.done}/${sum.total} ${percent(sum.fraction)}${left}`;
  }
  if (last === undefined) return '';
  const icon =
    last.counts.failed > 0 ? '$(error)' : last.state === 'done' ? '$(check)' : '$(circle-slash)';
  return `${icon} Sluice ${finishedCount(last)}/${last.run.total}`;
}

/** One line a run: `Biology: 3 of 10, 42%, 1 failed, 1:20 left`. */
export function statusTooltip(states: readonly RunState[], now: number, t: Translate): string {
  return states.map((state) => runLine(state, now, t)).join('\n');
}

function runLine(state: RunState, now: number, t: Translate): string {
  const parts = [t('{0} of {1}', finishedCount(state), state.run.total)];
  if (state.ended === undefined) parts.push(percent(runFraction(state)));
  if (state.counts.failed > 0) parts.push(t('{0} failed', state.counts.failed));
  const left = remaining(state, now);
  if (state.state === 'paused') parts.push(t('paused'));
  else if (state.state === 'cancelling') parts.push(t('cancelling'));
  else if (left !== undefined) parts.push(t('{0} left', clock(left)));
  else if (state.state === 'cancelled') parts.push(t('cancelled'));
  else if (state.state === 'interrupted') parts.push(t('interrupted'));
  return `${state.run.name}: ${parts.join(', ')}`;
}

/** Rounded down: 100% is said when all is done, and not before. */
function percent(fraction: number): string {
  return `${Math.floor(fraction * 100)}%`;
}
