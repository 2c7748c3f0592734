import type { PanelStore } from './store.ts';

/**
 * Does what a key means in VS Code's trees, at the row that the keyboard is at. False when the key means
 * nothing there. `onButton`: a button of the row has the focus, and keeps Enter and Space.
 */
export function handleKey(store: PanelStore, key: string, onButton: boolean): boolean {
  const { row } = store;
  const state = store.runs.find((one) => one.run.id === row?.run);
  if (row === undefined || state === undefined) return false;
  const onRun = row.item === 0;
  switch (key) {
    case 'ArrowUp':
      return store.move('previous');
    case 'ArrowDown':
      return store.move('next');
    case 'Home':
      return store.move('first');
    case 'End':
      return store.move('last');
    case 'ArrowRight':
      if (!onRun) return false;
      if (store.isExpanded(state)) return store.move('next');
      store.expand(state, true);
      return true;
    case 'ArrowLeft':
      if (onRun) store.expand(state, false);
      else store.goTo({ run: row.run, item: 0 });
      return true;
    case 'Escape':
      // From a button to its row, from an item to its run.
      if (!onButton) store.goTo({ run: row.run, item: 0 });
      return true;
    case 'Enter':
    case ' ':
      if (onButton) return false;
      if (onRun) store.expand(state, !store.isExpanded(state));
      else openItem(store, row.run, row.item);
      return true;
    default:
      return false;
  }
}

/** Opens an item's result, or what there is instead: the input that failed. */
function openItem(store: PanelStore, run: string, item: number): void {
  const state = store.runs.find((one) => one.run.id === run)?.items[item - 1];
  if (state === undefined) return;
  const result = state.results.length - 1;
  if (result >= 0) store.post({ type: 'openResult', run, item, result });
  else if (state.failure !== undefined) store.post({ type: 'openSource', run, item });
}
