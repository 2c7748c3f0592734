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
  nearEnd: same.every((mark) => mark.nearEnd === true),
  isContext: same.some((mark) => mark.isContext === true),
  fits: (line, at) => same.some((mark) => mark.fits(line, at)),
}));

/** Lines looked at in one chunk: the last ones, as only the last state counts. */
const MOST_LINES = 32;
/** Marks of a kind looked at in one chunk; then only its end is searched. */
const MOST_MARKS = 4096;
const END = 8192;
/** How many times all of these are halved at the most. */
const MOST_DOUBTS = 8;
const MANY_DOUBTS = 5;
/** One chunk of so many is looked at with no more than a few. */
const FRESH = 32;
const FEW_DOUBTS = 3;
/** Marks in one chunk that are worth no doubt. */
const FEW_MARKS = 128;

/**
 * Finds the lines of big chunks that may tell progress. A log can be full of marks and tell none:
 * with each chunk in which nothing was found it looks at half as much of the next one.
 */
export class LineSearch {
  #doubts = 0;
  #chunks = 0;
  #marks = 0;
  #coloured = false;
  readonly #starts = new Set<number>();
  readonly #contexts = new Set<number>();

  /** Nothing was found for long: only the end of most chunks is searched. */
  get isDoubtful(): boolean {
    return this.#doubts >= MANY_DOUBTS;
  }

  /** Now and then a chunk is looked at more closely: a program may begin to tell its progress late. */
  get #isFresh(): boolean {
    return this.#chunks % FRESH === 0;
  }

  /**
   * Where the lines begin, in order: the last ones. A line that began before the chunk begins at 0. In a text that
   * is `coloured` there may be escapes around what is looked for.
   */
  find(text: string, coloured: boolean): readonly number[] {
    this.#chunks += 1;
    const doubts = this.#isFresh ? Math.min(this.#doubts, FEW_DOUBTS) : this.#doubts;
    const most = MOST_MARKS >> doubts;
    const end = Math.max(0, text.length - (END >> doubts));
    this.#marks = 0;
    this.#coloured = coloured;
    this.#starts.clear();
    this.#contexts.clear();
    const onlyEnd = doubts >= MANY_DOUBTS;
    for (const mark of MARKS) {
      const at = onlyEnd || mark.nearEnd === true ? end : this.#search(text, mark, 0, most);
      if (at !== -1) this.#search(text, mark, Math.max(at, end), most);
    }
    if (this.#starts.size === 0 && this.#contexts.size === 0) return [];
    const lines = Math.max(1, MOST_LINES >> doubts);
    const last = (starts: Set<number>): number[] => [...starts].sort((a, b) => a - b).slice(-lines);
    return [...new Set([...last(this.#contexts), ...last(this.#starts)])].sort((a, b) => a - b);
  }

  /** To be told whether what was found in a chunk was progress. */
  learn(found: boolean): void {
    if (found) this.#doubts = 0;
    else if (this.#starts.size > 0 || this.#marks > FEW_MARKS) {
      this.#doubts = Math.min(this.#doubts + 1, MOST_DOUBTS);
    }
  }

  /** Where the first mark stands that was not looked at; -1 when all were. */
  #search(text: string, mark: Mark, from: number, most: number): number {
    let at = text.indexOf(mark.text, from);
    let left = most;
    const starts = mark.isContext === true ? this.#contexts : this.#starts;
    for (; at !== -1 && left > 0; left -= 1) {
      if (mark.fits(text, at) || (this.#coloured && isBesideColour(text, at, mark)))
        starts.add(text.lastIndexOf('\n', at) + 1);
      at = text.indexOf(mark.text, at + 1);
    }
    this.#marks += most - left;
    return at;
  }
}

/** Whether a colour begins or ends beside a mark, so that its neighbours are not those of the plain text. */
function isBesideColour(text: string, at: number, mark: Mark): boolean {
  return text[at - 1] === 'm' || text[at + mark.text.length] === '\x1b';
}
