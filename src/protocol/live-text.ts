import type { RunEvent } from './events.ts';
import { isFeeding } from './side-by-side.ts';
import type { ItemFields, ItemState } from './state.ts';

/** Characters of live text that a state keeps: a state is bounded. */
const TEXT_KEPT = 4000;

/** The end of a text that a step makes; `length` counts all of it. */
export interface LiveText {
  readonly step: number;
  readonly text: string;
  readonly length: number;
}

/** An item's texts with more of one: the first step that makes one has `text`, until it is no longer under way. */
export function textsWith(
  item: ItemState,
  { step, text }: Extract<RunEvent, { type: 'text' }>,
): ItemFields {
  const { textStep, otherTexts = [] } = item;
  const before =
    textStep === step
      ? { text: item.text, length: item.textLength }
      : otherTexts.find((other) => other.step === step);
  const all = {
    step,
    text: tail((before?.text ?? '') + text, TEXT_KEPT),
    length: (before?.length ?? 0) + text.length,
  };
  const others = otherTexts.filter((other) => other.step !== step);
  const underWay =
    textStep !== undefined &&
    textStep !== step &&
    textStep !== item.step &&
    isFeeding(item, textStep);
  if (underWay) return { otherTexts: [...others, all] };
  return {
    text: all.text,
    textLength: all.length,
    textStep: step,
    ...(others.length < otherTexts.length ? { otherTexts: others } : {}),
  };
}

/** The end of a text; a character that the cut would halve is left out. */
function tail(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(text.length - length).replace(/^[\udc00-\udfff]/, '');
}

/** The beginning of a text, cut as its end would be. */
export function head(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
