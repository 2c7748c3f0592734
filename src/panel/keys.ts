import type { ItemState, RunState } from '../protocol/state.ts';
import { possible } from './actions.ts';
import { isPlayable, mainResult } from './recording.ts';
import type { PanelStore } from './store.ts';
import { isListenable } from './track.ts';

export interface Key {
  readonly key: string;
  readonly altKey: boolean;
  /** A button of the row has the focus, and keeps Enter and Space. */
  readonly onButton: boolean;
}

/**
 * Does what a key means in VS Code's trees, at the row that the keyboard is at. False when the key means
 * nothing there.
 */
export function handleKey(store: PanelStore, { key, altKey, onButton }: Key): boolean {
  const { row } = store.tree;
  const state = store.runs.find((one) => one.run.id === row?.run);
  if (row === undefined || state === undefined) return false;
  const item = row.item === 0 ? undefined : state.items[row.item - 1];
  if (altKey) return moveInQueue(store, state, item, key);
  switch (key) {
    case 'ArrowUp':
      return store.tree.move('previous');
    case 'ArrowDown':
      return store.tree.move('next');
    case 'Home':
      return store.tree.move('first');
    case 'End':
      return store.tree.move('last');
    case 'ArrowRight':
      return item === undefined ? openRun(store, state) : openItem(store, state, item);
    case 'ArrowLeft':
      if (item === undefined) store.expand(state, false);
      else if (store.tree.isOpen(row)) store.open(row, false);
      else store.tree.goTo({ run: row.run, item: 0 });
      return true;
    case 'Escape':
      // From a button to its row, from an item to its run.
      if (!onButton) store.tree.goTo({ run: row.run, item: 0 });
      return true;
    case 'Delete':
      if (onButton || item === undefined || !possible(item).canCancel) return false;
      store.post({ type: 'cancel', ...row });
      return true;
    case 'Enter':
    case ' ':
      if (onButton) return false;
      if (item === undefined) store.expand(state, !store.tree.isExpanded(state));
      else useItem(store, state, item);
      return true;
    default:
      return false;
  }
}

function openRun(store: PanelStore, state: RunState): boolean {
  if (store.tree.isExpanded(state)) return store.tree.move('next');
  store.expand(state, true);
  return true;
}

function openItem(store: PanelStore, state: RunState, item: ItemState): boolean {
  if (item.results.length === 0) return false;
  store.open({ run: state.run.id, item: item.item }, true);
  return true;
}

function moveInQueue(
  store: PanelStore,
  state: RunState,
  item: ItemState | undefined,
  key: string,
): boolean {
  if (item?.state !== 'queued' || (key !== 'ArrowUp' && key !== 'ArrowDown')) return false;
  store.moveItem({ run: state.run.id, item: item.item }, key === 'ArrowUp' ? 'up' : 'down');
  return true;
}

/** Plays or opens an item's result, or what it is making, or opens what there is instead: the input that failed. */
function useItem(store: PanelStore, state: RunState, found: ItemState): void {
  const { item, results, failure } = found;
  const run = state.run.id;
  if (isListenable(found)) {
    void store.player.play({ run, item });
    return;
  }
  const result = mainResult(found);
  const file = results[result];
  if (file === undefined) {
    if (failure !== undefined && store.can('openSource')) {
      store.post({ type: 'openSource', run, item });
    }
  } else if (isPlayable(found, result)) void store.playItem({ run, item });
  else store.post({ type: 'openResult', run, item, result });
}
