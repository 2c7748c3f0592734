import type { ItemState } from '../protocol/state.ts';
import { sentenceAt, sentencesOf } from './sentences.ts';

/** Enough for two lines of a wide panel. */
const SHOWN = 300;
/** Where the shown text begins moves by steps: otherwise every new word would wrap all lines anew. */
const STEP = 256;

type Text = Pick<ItemState, 'text' | 'textLength'>;

/** The end of an item's text, beginning at a word. */
export function liveText({ text, textLength }: Text): string {
  const missing = textLength - text.length;
  const start = Math.floor(Math.max(0, textLength - SHOWN) / STEP) * STEP - missing;
  if (start <= 0) return text;
  const space = text.indexOf(' ', start);
  return space === -1 ? text.slice(start) : text.slice(space + 1);
}

/** A text around the sentence that is spoken now. */
export interface SpokenText {
  readonly before: string;
  readonly now: string;
  readonly after: string;
}

/**
 * The part of an item's text that a later step speaks at the moment; `undefined` when no step says where it is
 * in the text.
 */
export function spokenText(item: ItemState): SpokenText | undefined {
  const { text, textLength, textStep, step, progress } = item;
  const speaking = textStep !== undefined && step > textStep && progress?.unit === 'characters';
  if (!speaking || progress.done === undefined) return undefined;
  const kept = textLength - text.length;
  // What is spoken may be marked up in the text, and so be shorter.
  const at = Math.min(
    textLength - 1,
    (progress.done / (progress.total ?? textLength)) * textLength,
  );
  const from = Math.max(0, Math.floor(at) - kept - SHOWN);
  const sentences = sentencesOf(text.slice(from, from + 2 * SHOWN), kept + from);
  const index = sentenceAt(sentences, at);
  if (index === -1) return undefined;
  const texts = sentences.map((sentence) => sentence.text);
  return {
    before: texts[index - 1] ?? '',
    now: texts[index] ?? '',
    after: texts.slice(index + 1).join(''),
  };
}
