import type { Range, Word } from './engine.ts';

/** The words of a text, each with its punctuation. Scripts without spaces are cut where their words end. */
export function wordsOf(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .flatMap((word) => (UNSPACED.test(word) ? segments(word) : [word]));
}

/** A character of a script that puts no spaces between words. */
export const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
let segmenter: Intl.Segmenter | undefined;

function segments(text: string): string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    const last = words.at(-1);
    if (isWordLike || last === undefined) words.push(segment);
    else words[words.length - 1] = last + segment;
  }
  return words;
}

/** The words of a text, their times spread over the ranges in which somebody speaks by their length. */
export function spreadWords(text: string, ranges: readonly Range[]): Word[] {
  const words = wordsOf(text);
  const total = words.reduce((sum, word) => sum + weight(word), 0);
  const spoken = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  const at = (share: number): number => placeIn(ranges, share * spoken);
  let before = 0;
  return words.map((word) => {
    const start = at(before / total);
    before += weight(word);
    return { text: word, start, end: Math.max(start, at(before / total)) };
  });
}

/** How long a word takes to say, roughly: its letters, and a moment for itself. */
function weight(word: string): number {
  return word.length + 1;
}

/** The second of the recording after so many seconds of speech. */
function placeIn(ranges: readonly Range[], spoken: number): number {
  let left = spoken;
  for (const { start, end } of ranges) {
    if (left <= end - start) return start + left;
    left -= end - start;
  }
  return ranges.at(-1)?.end ?? 0;
}
