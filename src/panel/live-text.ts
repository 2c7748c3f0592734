import type { ItemState } from '../protocol/state.ts';

/** Enough for two lines of a wide panel. */
const SHOWN = 300;
/** Where the shown text begins moves by steps: otherwise every new word would wrap all lines anew. */
const STEP = 256;

/** The end of an item's text, beginning at a word. */
export function liveText(item: Pick<ItemState, 'text' | 'textLength'>): string {
  const { text, textLength } = item;
  const missing = textLength - text.length;
  const start = Math.floor(Math.max(0, textLength - SHOWN) / STEP) * STEP - missing;
  if (start <= 0) return text;
  const space = text.indexOf(' ', start);
  return space === -1 ? text.slice(start) : text.slice(space + 1);
}
