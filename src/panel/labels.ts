import type { Place, Result } from '../protocol/events.ts';
import { clock, tellingStep, timeLeft } from '../protocol/progress.ts';
import type { ItemPhase, ItemState, RunState } from '../protocol/state.ts';
import { extent } from './format.ts';
import { baseName } from './kinds.ts';
import { mainResult } from './recording.ts';
import { stemsOf } from './stems.ts';
import { text } from './text.ts';
import { visible } from './visible.ts';

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

/** What stands at the right of an item, in parts: `speak`, `43%` and `1:20 left`; `0:42`; `queued`. */
export function itemRight(
  item: ItemState,
  steps: readonly { readonly name: string }[],
  place: number | undefined,
): { readonly word: string; readonly share?: string; readonly left?: string } {
  switch (item.state) {
    case 'running': {
      const { step, progress } = tellingStep(item);
      const { fraction, done, total, phase } = progress ?? {};
      const name = visible(steps[step]?.name ?? text.itemState.running);
      const word = phase === 'load' ? text.loading : name;
      const time = timeLeft(item);
      const left = time === undefined ? {} : { left: text.left(clock(time)) };
      if (fraction !== undefined) return { word, share: text.percent(fraction), ...left };
      if (done === undefined || total === undefined) return { word };
      return { word, share: `${done}/${total}`, ...left };
    }
    case 'failed':
      return { word: '' };
    case 'done':
    case 'skipped': {
      const result = item.results[mainResult(item)];
      const stems = stemsOf(item).length;
      const long = result === undefined ? '' : extent(result);
      return stems === 0 ? { word: long } : { word: text.stems(stems), share: long };
    }
    case 'queued':
      if (item.waits !== undefined) return { word: text.waits };
      return { word: place === undefined ? text.itemState.queued : text.place(place) };
    default:
      return { word: text.itemState[item.state] };
  }
}

/** What the pointer is told of an item: where its result goes, and that it was made before. */
export function itemHint(item: ItemState): string | undefined {
  const output = item.output === undefined ? undefined : visible(item.output);
  if (item.state !== 'skipped') return output;
  return [output, text.itemState.skipped].filter((part) => part !== undefined).join(', ');
}

/** `prompts.txt:4` */
export function placeName(place: Place): string {
  const name = visible(baseName(place.file));
  return place.line === undefined ? name : `${name}:${place.line}`;
}

/** The name of a result's file. */
export function resultName(result: Result): string {
  return visible(baseName(result.path));
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
  return text.runLabel(visible(name), word, madeCount(state), total, state.counts.failed);
}

/** Without the percentage: a screen reader would say every change of it. */
export function itemLabel(item: ItemState, place: number | undefined): string {
  const word = item.waits === undefined ? text.itemState[item.state] : text.waits;
  const state = place === undefined ? word : `${word}, ${text.place(place)}`;
  return text.itemLabel(item.item, visible(item.title), state);
}
