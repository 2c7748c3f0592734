import { DETECTORS } from './detect.ts';
import type { Mark } from './detector.ts';

/** Each mark once, with all that look for it: a search costs more than a look. */
const MARKS: readonly Mark[] = [
  ...Map.groupBy(
    DETECTORS.flatMap((detector) => detector.marks),
    (mark) => mark.text,
  ).entries(),
].map(([text, same]) => ({
  text,
  fits: (line, at) => same.some((mark) => mark.fits(line, at)),
}));

/** Lines looked at in one chunk: the last ones, as only the last state counts. */
const MOST_LINES = 32;
/** Marks of a kind looked at in one chunk; then only its end is searched. */
const MOST_MARKS = 256;
const END = 8192;
/** How many times all of these are halved at the most. */
const MOST_DOUBTS = 5;

function searchFrom(from: number, most: number, text: string, mark: Mark, starts: number[]): number {
  let at = text.indexOf(mark.text, from);
  for (let left = most; at !== -1 && left > 0; left -= 1) {
    if (mark.fits(text, at)) starts.push(text.lastIndexOf('\n', at) + 1);
    at = text.indexOf(mark.text, at + 1);
  }
  return at;
}

/**
 * Finds the lines of big chunks that may tell progress. A log can be full of marks and tell none:
 * with each chunk in which nothing was found it looks at half as much of the next one.
 */
export class LineSearch {
  #doubts = 0;

  /**
   * Where the lines begin, in order: the last ones. A line that began before the chunk begins at 0.
   */
  find(text: string): readonly number[] {
    const most = MOST_MARKS >> this.#doubts;
    const end = text.length - (END >> this.#doubts);
    const starts: number[] = [];
    for (const mark of MARKS) {
      const at = searchFrom(0, most, text, mark, starts);
      if (at !== -1) searchFrom(Math.max(at, end), most, text, mark, starts);
    }
    if (starts.length === 0) return starts;
    return [...new Set(starts)].sort((a, b) => a - b).slice(-(MOST_LINES >> this.#doubts));
  }

  /** To be told whether what was found in a chunk was progress. */
  learn(found: boolean): void {
    this.#doubts = found ? 0 : Math.min(this.#doubts + 1, MOST_DOUBTS);
  }
}
