import type { RunState } from '../protocol/state.ts';

/** The panel shows the newest runs; the others are in the history. */
export const RUNS_SHOWN = 50;

/**
 * A state without what the panel does not show: the text of items that are not running and the parts of their
 * sounds, which are most of the weight of a run with thousands of items.
 */
export function forPanel(state: RunState): RunState {
  const items = state.items.map((item) => {
    if (item.state === 'running' || (item.text === '' && item.sounds === undefined)) return item;
    const { sounds: _, ...rest } = item;
    return { ...rest, text: '' };
  });
  return { ...state, items };
}
