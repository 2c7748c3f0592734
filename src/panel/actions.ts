import type { QueueMove, RunAction } from '../protocol/panel.ts';
import { finishedCount } from '../protocol/progress.ts';
import type { ItemState, RunState } from '../protocol/state.ts';
import { baseName } from './kinds.ts';
import type { MenuEntry, MenuPlace, OpenMenu } from './menu.ts';
import { isPlayable, recordingOf } from './recording.ts';
import type { PanelStore } from './store.ts';
import { text } from './text.ts';
import { isListenable } from './track.ts';
import { visible } from './visible.ts';

/** What can be done with runs and items, as entries of their menus. */

/** Numbers of items at once that are offered. */
const AT_ONCE = [1, 2, 3, 4, 6, 8, 12, 16, 32];

type Groups = readonly (readonly MenuEntry[])[];

/** What retrying a run would do, as words; `undefined` when there is nothing to retry. */
export function retryOf(store: PanelStore, state: RunState): string | undefined {
  if (state.ended === undefined) return state.counts.failed > 0 ? text.retryFailed : undefined;
  if (store.isResumed(state)) return undefined;
  if (state.counts.failed > 0) return text.retryFailed;
  const unfinished = state.run.total - finishedCount(state) + state.counts.cancelled;
  return unfinished > 0 ? text.goOn : undefined;
}

/** Whether it matters how many items of a run are under way at once, and can be changed. */
export function isWide({ state, run }: RunState): boolean {
  return (state === 'running' || state === 'paused') && run.total > 1;
}

/** How many items of a run may be under way at once: what is likely to be wanted. */
export function concurrencyMenu(store: PanelStore, state: RunState, at: MenuPlace): OpenMenu {
  const { concurrency } = state;
  const likely = AT_ONCE.filter((count) => count <= state.run.total);
  const counts = [...new Set([...likely, concurrency])].sort((a, b) => a - b);
  return {
    ...at,
    label: text.atOnceMenu,
    groups: [
      counts.map((count) => ({
        label: text.atOnce(count),
        checked: count === concurrency,
        choose: () => store.setConcurrency(state.run.id, count),
      })),
    ],
  };
}

/** `at` is where it is opened. */
export function runMenu(store: PanelStore, state: RunState, at: MenuPlace): Groups {
  const run = state.run.id;
  const ask = (label: string, type: RunAction | 'cancel' | 'finish' | 'retry'): MenuEntry[] =>
    store.can(type) ? [{ label, choose: () => store.post({ type, run }) }] : [];
  const live: MenuEntry[] = [];
  if (state.ended === undefined) {
    live.push(
      ...(state.state === 'paused' ? ask(text.resume, 'resume') : ask(text.pause, 'pause')),
      ...ask(text.cancelRun, 'cancel'),
    );
    const under = state.active.flatMap((item) => state.items[item - 1] ?? []);
    if (under.some((item) => possible(item).canFinish))
      live.push(...ask(text.finishItem, 'finish'));
    if (isWide(state)) {
      const widen = (): void => store.showMenu(concurrencyMenu(store, state, at));
      live.push({ label: text.changeAtOnce(state.concurrency), choose: widen });
    }
  }
  const retry = retryOf(store, state);
  const again = retry === undefined ? [] : ask(retry, 'retry');
  return [
    live,
    [...again, ...ask(text.runAgain, 'runAgain')],
    [...ask(text.openResults, 'openResults'), ...ask(text.openLog, 'openLog')],
    [...ask(text.copyCommandLine, 'copyCommandLine'), ...ask(text.openBatch, 'openBatch')],
  ];
}

export function itemMenu(store: PanelStore, state: RunState, item: ItemState): Groups {
  const row = { run: state.run.id, item: item.item };
  const { canCancel, canFinish, canRetry } = possible(item);
  const work: MenuEntry[] = [];
  if (canRetry) {
    work.push({ label: text.retryItem, choose: () => store.post({ type: 'retry', ...row }) });
  }
  if (canFinish) {
    work.push({ label: text.finishItem, choose: () => store.post({ type: 'finish', ...row }) });
  }
  if (canCancel) {
    work.push({ label: text.cancelItem, choose: () => store.post({ type: 'cancel', ...row }) });
  }
  const place = item.state === 'queued' ? state.queue.indexOf(item.item) : -1;
  const move = (label: string, to: QueueMove): MenuEntry => ({
    label,
    choose: () => store.moveItem(row, to),
  });
  const queue: MenuEntry[] = [];
  const behind = place === -1 ? 0 : state.queue.length - 1 - place;
  if (place > 1) queue.push(move(text.moveFirst, 'first'));
  if (place > 0) queue.push(move(text.moveUp, 'up'));
  if (behind > 0) queue.push(move(text.moveDown, 'down'));
  if (behind > 1) queue.push(move(text.moveLast, 'last'));
  const files: MenuEntry[] = [];
  const { failure, source } = item;
  if ((failure?.where ?? source) !== undefined && store.can('openSource')) {
    files.push({ label: text.openInput, choose: () => store.post({ type: 'openSource', ...row }) });
  }
  if (item.state !== 'queued') {
    files.push({
      label: text.revealOutput,
      choose: () => store.post({ type: 'revealOutput', ...row }),
    });
  }
  const listen: MenuEntry[] = isListenable(item)
    ? [{ label: text.listen, choose: () => void store.player.play(row) }]
    : [];
  return [[...listen, ...resultEntries(store, state, item)], work, queue, files];
}

/** What can be asked of an item in its state. */
export function possible({ state, canFinish }: ItemState): {
  canCancel: boolean;
  canFinish: boolean;
  canRetry: boolean;
} {
  return {
    canFinish: state === 'running' && canFinish === true,
    canCancel: state === 'running' || state === 'queued' || state === 'waiting',
    canRetry: state === 'failed' || state === 'cancelled',
  };
}

function resultEntries(store: PanelStore, state: RunState, item: ItemState): MenuEntry[] {
  const single = item.results.length === 1;
  const row = { run: state.run.id, item: item.item };
  const mixed = store.isMixed(item, row.run);
  const all: MenuEntry[] = mixed
    ? [{ label: text.playStems, choose: () => void store.playItem(row) }]
    : [];
  const each = item.results.flatMap((file, result) => {
    const id = { ...row, result };
    const name = visible(baseName(file.path));
    const open: MenuEntry = {
      label: single ? text.open : text.openNamed(name),
      choose: () => store.post({ type: 'openResult', ...id }),
    };
    // One stem is heard by its solo.
    if (!isPlayable(item, result) || mixed) return [open];
    if (recordingOf(item) === result) {
      return [{ label: text.playRecording, choose: () => void store.player.play(id) }, open];
    }
    const label = single ? text.play : text.playNamed(name);
    return [{ label, choose: () => void store.player.play(id) }, open];
  });
  return [...all, ...each];
}
