import type { Place, Result } from '../protocol/events.ts';
import { clock } from '../protocol/progress.ts';
import type { ItemPhase, ItemState, RunState } from '../protocol/state.ts';
import { text } from './text.ts';

export interface Icon {
  /** Name of a codicon. */
  readonly name: string;
  /** Class that gives the colour; see panel.css. */
  readonly tone: 'good' | 'bad' | 'busy' | 'calm';
}

const ITEM_ICONS: Readonly<Record<ItemPhase, Icon>> = {
  queued: { name: 'circle-outline', tone: 'calm' },
  running: { name: 'loading', tone: 'busy' },
  waiting: { name: 'clock', tone: 'calm' },
  done: { name: 'pass', tone: 'good' },
  failed: { name: 'error', tone: 'bad' },
  cancelled: { name: 'circle-slash', tone: 'calm' },
  skipped: { name: 'pass', tone: 'calm' },
};

const RUN_ICONS: Readonly<Record<RunState['state'], Icon>> = {
  running: { name: 'loading', tone: 'busy' },
  paused: { name: 'debug-pause', tone: 'calm' },
  cancelling: { name: 'loading', tone: 'calm' },
  done: { name: 'pass', tone: 'good' },
  failed: { name: 'error', tone: 'bad' },
  cancelled: { name: 'circle-slash', tone: 'calm' },
  interrupted: { name: 'debug-disconnect', tone: 'calm' },
};

export function itemIcon(item: ItemState): Icon {
  return ITEM_ICONS[item.state];
}

export function runIcon(state: RunState): Icon {
  return RUN_ICONS[state.state];
}

/** What stands at the right of an item: `speak 43%`, `0:42`, `queued`. */
export function itemRight(item: ItemState, steps: readonly { readonly name: string }[]): string {
  if (item.state === 'running') {
    const name = steps[item.step]?.name ?? text.itemState.running;
    const fraction = item.progress?.fraction;
    if (fraction !== undefined) return `${name} ${text.percent(fraction)}`;
    const { done, total } = item.progress ?? {};
    return done === undefined || total === undefined ? name : `${name} ${done}/${total}`;
  }
  if (item.state === 'failed') return '';
  const made = item.state === 'done' || item.state === 'skipped';
  if (!made) return text.itemState[item.state];
  const result = item.results.at(-1);
  return result === undefined ? '' : size(result);
}

/** What the pointer is told of an item: where its result goes, and that it was made before. */
export function itemHint(item: ItemState): string | undefined {
  if (item.state !== 'skipped') return item.output;
  return [item.output, text.itemState.skipped].filter((part) => part !== undefined).join(', ');
}

/** A sound's length, or a file's size. */
function size(result: Result): string {
  if (result.seconds !== undefined) return clock(result.seconds * 1000);
  if (result.bytes < 1000) return `${result.bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = result.bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** `prompts.txt:4` */
export function placeName(place: Place): string {
  const name = place.file.split(/[\\/]/).at(-1) ?? place.file;
  return place.line === undefined ? name : `${name}:${place.line}`;
}

/** Items whose result is there, made now or before. */
export function madeCount(state: RunState): number {
  return state.counts.done + state.counts.skipped;
}

/** The line of a closed run: `12 done`, `3 of 8, cancelled`. */
export function closedSummary(state: RunState): string {
  const { total } = state.run;
  const made = madeCount(state);
  const parts = [made === total ? text.done(made) : text.of(made, total)];
  if (state.counts.failed > 0) parts.push(text.failed(state.counts.failed));
  if (state.state !== 'done' && state.state !== 'failed' && state.state !== 'running') {
    parts.push(text.runState[state.state]);
  }
  return parts.join(', ');
}

export function runLabel(state: RunState): string {
  const { name, total } = state.run;
  const word = text.runState[state.state];
  return text.runLabel(name, word, madeCount(state), total, state.counts.failed);
}

/** Without the percentage: a screen reader would say every change of it. */
export function itemLabel(item: ItemState): string {
  return text.itemLabel(item.item, item.title, text.itemState[item.state]);
}
