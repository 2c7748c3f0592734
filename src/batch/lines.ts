/** A line of a prompts file that is an item. `line` counts from 1. */
export interface ItemLine {
  readonly line: number;
  readonly text: string;
}

/** The lines that are items, in order: not empty, and no comments. */
export function* itemLines(text: string): Generator<ItemLine> {
  let line = 0;
  for (const whole of text.split(/\r\n|\n|\r/)) {
    line += 1;
    const trimmed = whole.trim();
    if (trimmed !== '' && !trimmed.startsWith('#')) yield { line, text: trimmed };
  }
}
