const CLOSING = `["'”’»)\\]]*`;
// A full stop ends a sentence when a space follows; those of Chinese and Japanese need none.
const BOUNDARY = new RegExp(`[.!?…]${CLOSING}(?=\\s)|[。！？]${CLOSING}|\\S(?=\\s*\\n)`, 'gu');
const ENDED = new RegExp(`[.!?…。！？]${CLOSING}\\s*$`, 'u');
const ABBREVIATION =
  /(?:^|[\s("“])(?:\p{L}|\d{1,3}|Mrs?|Ms|Dr|Prof|St|Mt|vs|Nr|No|M|Mme|e\.g|i\.e)\.$/u;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Number of words in a text, of any script. */
export function countWords(text: string): number {
  let words = 0;
  for (const segment of segmenter.segment(text)) if (segment.isWordLike) words++;
  return words;
}

/**
 * Text that comes in pieces, seen as sentences: it says when enough words have come, holds back a
 * sentence that may not be finished, and cuts off one that was not.
 */
export class Prose {
  readonly #goal: number;
  readonly #goesOn: boolean;
  /** Sentences that have ended; all of them have been shown. */
  #whole = '';
  #wholeWords = 0;
  /** The sentence under way, and how much of it has been shown. */
  #tail = '';
  #shownOfTail = 0;
  #finished = false;

  /**
   * @param goal words after which the text ends with its sentence; without it, never
   * @param goesOn whether it is the rest of another text, so that space at its beginning counts
   */
  constructor(goal = Number.POSITIVE_INFINITY, goesOn = false) {
    this.#goal = goal;
    this.#goesOn = goesOn;
  }

  /** True once the word goal is reached and the sentence has ended. */
  get finished(): boolean {
    return this.#finished;
  }

  get words(): number {
    return this.#wholeWords + countWords(this.#tail);
  }

  /**
   * Takes a piece and gives what may be shown now. With `hold`, only whole sentences are shown: for
   * the last part before a limit, which may cut the sentence under way.
   */
  push(piece: string, hold = false): string {
    if (this.#finished) return '';
    const first = this.#whole === '' && this.#tail === '' && !this.#goesOn;
    this.#tail += first ? piece.trimStart() : piece;
    let shown = '';
    for (let end = firstBoundary(this.#tail); end > 0; end = firstBoundary(this.#tail)) {
      const sentence = this.#tail.slice(0, end);
      shown += sentence.slice(this.#shownOfTail);
      this.#shownOfTail = Math.max(0, this.#shownOfTail - end);
      this.#whole += sentence;
      this.#wholeWords += countWords(sentence);
      this.#tail = this.#tail.slice(end);
      if (this.#wholeWords < this.#goal) continue;
      this.#finished = true;
      this.#tail = '';
    }
    if (hold) return shown;
    shown += this.#tail.slice(this.#shownOfTail);
    this.#shownOfTail = this.#tail.length;
    return shown;
  }

  /** Ends the text; `cut` says that a limit ended it. `rest` has not been shown yet. */
  end(cut: boolean): { text: string; rest: string; dropped: string } {
    const keepTail = !cut || ENDED.test(this.#tail) || this.#whole.trim() === '';
    if (!keepTail) return { text: this.#whole.trim(), rest: '', dropped: this.#tail.trim() };
    const rest = this.#tail.slice(this.#shownOfTail).trimEnd();
    return { text: (this.#whole + this.#tail).trim(), rest, dropped: '' };
  }
}

/** Index behind the first sentence in `text` that has ended and is followed by something; 0 if none. */
function firstBoundary(text: string): number {
  for (const match of text.matchAll(BOUNDARY)) {
    const at = match.index + match[0].length;
    if (!ABBREVIATION.test(text.slice(Math.max(0, at - 8), at))) return at;
  }
  return 0;
}

/** Where the sentence begins that is under way at the end of a text. */
export function lastSentenceStart(text: string): number {
  let start = 0;
  for (let end = firstBoundary(text); end > 0; end = firstBoundary(text.slice(start))) start += end;
  return start + (/^\s*/.exec(text.slice(start))?.[0].length ?? 0);
}
