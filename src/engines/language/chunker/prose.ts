import type { SentenceRules } from '../sentences/rules.ts';
import { MARK, sentenceEnd } from '../sentences/sentence-end.ts';
import { constructAt, OPENER } from './construct.ts';

/** Why a piece ends where it does, the weakest reason first. */
export type Ending = 'space' | 'comma' | 'clause' | 'sentence';

/** A piece of a block's text. */
export interface Piece {
  readonly text: string;
  /** Offset in the source. */
  readonly end: number;
  readonly ending: Ending;
}

export interface ProseOptions {
  readonly rules: SentenceRules;
  readonly markdown: boolean;
  /** Whether each sentence is a piece. */
  readonly sentences: boolean;
  /** Characters of a piece at most. */
  readonly longest: number;
}

/** Where an early piece may end: at a clause or comma behind `min` characters, anywhere behind `max`. */
export interface Early {
  readonly min: number;
  readonly max: number;
}

const ENDINGS = ['sentence', 'clause', 'comma', 'space'] as const;
const CLAUSE = /[;:—–][)"'”’\]*_]*$/;
const COMMA = /[,،][)"'”’\]*_]*$/;
/** No space follows these. */
const WIDE_CLAUSE = /[；：—]/;
const WIDE_COMMA = /[，、]/;
const SPACE = /\s/;
/** All else is passed over at once. */
const OF_INTEREST = /[\s\p{Sentence_Terminal}…\\`*_~[<&!|；：—，、]/u;
/** The number of an item within a line: "1.", "2)", "• 3.", "a.". */
const ITEM = /^\s*((?:[•⁃‣◦]\s*)?)(\d{1,3}|[a-z])(\.\)|[.)])$/u;
const BULLET = /[•⁃‣◦]/;
/** A mark at the end of emphasis. */
const LAST_MARK = /[\p{Sentence_Terminal}…]+["'”’»)\]*_~]*$/u;
/** Text that is in pieces already is let go of from time to time. */
const SPENT = 4096;

/**
 * The text of one paragraph, heading or item as it comes, cut into sentences. A piece is given out
 * as soon as no text to come can change it, so that the pieces are the same however the text came.
 */
export class Prose {
  private readonly options: ProseOptions;
  private text = '';
  /** Where the next piece begins, and how far it has been looked through. */
  private start = 0;
  private at = 0;
  /** Before it there is no end of a sentence. */
  private decided = 0;
  /** Characters that are said between `start` and `at`. */
  private said = 0;
  private complete = false;
  /** The best places to cut so far. */
  private cuts: Partial<Record<Ending, { readonly at: number; readonly said: number }>> = {};
  private nextItem = '';
  /** Which offset in the source each part of the text has. */
  private origins: { readonly at: number; readonly offset: number }[] = [];

  constructor(options: ProseOptions) {
    this.options = options;
  }

  append(text: string, offset: number): void {
    const last = this.origins.at(-1);
    const follows = last && last.offset + (this.text.length - last.at) === offset;
    if (!follows) this.origins.push({ at: this.text.length, offset });
    this.text += text;
  }

  /** Says that all of the text has come. */
  end(): void {
    this.complete = true;
  }

  /** The next piece, undefined when there is none yet. */
  next(early?: Early): Piece | undefined {
    while (this.at < this.text.length) {
      const piece = this.step();
      if (piece === 'wait') return undefined;
      if (piece) return piece;
      const cut = this.earlyCut(early) ?? this.longCut();
      if (cut) return cut;
    }
    if (!this.complete || this.start >= this.text.length) return undefined;
    return this.cut(this.text.length, 'sentence');
  }

  /** Whether all pieces are out. */
  get empty(): boolean {
    return this.start >= this.text.length;
  }

  /** The line that came last, if no piece has been cut from it. */
  get lastLine(): string | undefined {
    const from = this.text.lastIndexOf('\n') + 1;
    return from < this.start ? undefined : this.text.slice(from);
  }

  /** Takes the last line back, and says which offset in the source it has. */
  takeLastLine(): number {
    const from = this.text.lastIndexOf('\n') + 1;
    const offset = this.offsetOf(from);
    this.text = this.text.slice(0, from);
    this.at = Math.min(this.at, from);
    return offset;
  }

  private step(): Piece | 'wait' | undefined {
    const character = this.text.charAt(this.at);
    if (this.options.markdown && character === '|' && this.mayBeTable()) return 'wait';
    if (this.options.markdown && OPENER.test(character)) {
      const found = constructAt(this.text, this.at, this.complete);
      if (found === 'unknown') return 'wait';
      const fits = found !== 'none' && found.said <= this.options.longest;
      if (fits) return this.passConstruct(found.end, found.said);
    }
    if (SPACE.test(character)) return this.passSpace();
    if (MARK.test(character) && this.at >= this.decided) {
      const piece = this.passMark(this.at);
      if (piece) return piece;
    }
    if (WIDE_CLAUSE.test(character)) return this.passCut('clause', this.at + 1);
    if (WIDE_COMMA.test(character)) return this.passCut('comma', this.at + 1);
    this.passPlain();
    return undefined;
  }

  /** Passes this character and all behind it that mean nothing, but not beyond the longest piece. */
  private passPlain(): void {
    const most = Math.max(0, this.options.longest - this.said);
    const text = this.text.slice(this.at + 1, this.at + 1 + most);
    const next = text.search(OF_INTEREST);
    const passed = 1 + (next === -1 ? text.length : next);
    this.said += passed;
    this.at += passed;
  }

  /** A line with cells may turn out to be a table's head, which the next line decides. */
  private mayBeTable(): boolean {
    if (this.complete || this.text.includes('\n', this.at)) return false;
    const before = this.text.charAt(this.at - 1);
    return before === '' || SPACE.test(before);
  }

  private passConstruct(end: number, said: number): Piece | 'wait' | undefined {
    const tail = LAST_MARK.exec(this.text.slice(this.at, end));
    if (tail && this.text[this.at] !== '[') {
      const piece = this.passMark(this.at + tail.index, end);
      if (piece) return piece;
    }
    this.at = end;
    this.said += said;
    return undefined;
  }

  private passMark(mark: number, least = mark): Piece | 'wait' | undefined {
    const { text, start, complete } = this;
    const verdict = sentenceEnd({ text, start, complete }, mark, this.options.rules);
    if (!verdict) return 'wait';
    const ends = verdict.ends && verdict.at >= least;
    const end = ends ? this.skipSpace(verdict.at) : verdict.at;
    if (end === undefined) return 'wait';
    this.decided = verdict.at;
    if (!ends) return undefined;
    if (this.options.sentences) return this.cut(end, 'sentence');
    this.noteCut('sentence', end, verdict.at - this.at);
    return undefined;
  }

  private passSpace(): Piece | 'wait' | undefined {
    const end = this.skipSpace(this.at);
    if (end === undefined) return 'wait';
    const item = this.beginsItem(end);
    if (item === undefined) return 'wait';
    if (item) return this.cut(end, 'sentence');
    const before = this.text.slice(Math.max(this.start, this.at - 8), this.at);
    if (CLAUSE.test(before)) return this.passCut('clause', this.at);
    // "May 3, 2024"
    const inDate = /\d/.test(this.text.charAt(end));
    return this.passCut(COMMA.test(before) && !inDate ? 'comma' : 'space', this.at);
  }

  /** Passes up to a place, and the space from there on, behind which a piece may end. */
  private passCut(ending: Ending, to: number): 'wait' | undefined {
    const end = this.skipSpace(to);
    if (end === undefined) return 'wait';
    this.noteCut(ending, end, to - this.at);
    this.said += end - this.at;
    this.at = end;
    return undefined;
  }

  /** Whether an item follows: a line with a bullet, or "2." after "1."; undefined: not known. */
  private beginsItem(at: number): boolean | undefined {
    const { rules, sentences } = this.options;
    if (!sentences) return false;
    const bullet = BULLET.test(this.text.charAt(at));
    if (bullet && this.text.slice(this.at, at).includes('\n')) return true;
    if (rules.ordinals) return false;
    const next = this.nextItem;
    if (next !== '') {
      const text = this.text.slice(at, at + next.length + 1);
      if (!this.complete && next.startsWith(text)) return undefined;
      if (text.startsWith(next) && SPACE.test(text.slice(-1))) return true;
    }
    const item = ITEM.exec(this.text.slice(this.start, this.at));
    if (item) this.nextItem = itemAfter(item);
    return false;
  }

  /** Where the space from a place on ends; undefined while that is not known. */
  private skipSpace(from: number): number | undefined {
    let end = from;
    while (end < this.text.length && SPACE.test(this.text.charAt(end))) end += 1;
    return end < this.text.length || this.complete ? end : undefined;
  }

  private noteCut(ending: Ending, at: number, said: number): void {
    if (this.said + said <= this.options.longest) {
      this.cuts[ending] = { at, said: this.said + said };
    }
  }

  private earlyCut(early: Early | undefined): Piece | undefined {
    if (!early) return undefined;
    for (const ending of ['clause', 'comma', 'space'] as const) {
      const cut = this.cuts[ending];
      const least = ending === 'space' ? early.max : early.min;
      if (cut?.at === this.at && cut.said >= least) return this.cut(cut.at, ending);
    }
    return undefined;
  }

  /** At the best place of a piece that is too long, but not so near its start that it leaves a scrap. */
  private longCut(): Piece | undefined {
    const { longest } = this.options;
    if (this.said <= longest) return undefined;
    // A word can be cut, a construct cannot.
    const inWord = this.said === longest + 1;
    for (const ending of ENDINGS) {
      const cut = this.cuts[ending];
      if (cut && cut.said > (inWord ? longest / 3 : 0)) return this.cut(cut.at, ending);
    }
    if (!inWord) return this.cut(this.at, 'space');
    // Between two characters, but not between the halves of one.
    const half = /[\udc00-\udfff]/.test(this.text.charAt(this.at - 1));
    return this.cut(this.at - (half ? 2 : 1), 'space');
  }

  private cut(end: number, ending: Ending): Piece {
    const text = this.text.slice(this.start, end);
    const piece = { text, end: this.offsetOf(end), ending };
    this.start = end;
    this.at = end;
    this.said = 0;
    this.cuts = {};
    if (this.start > SPENT) this.letGo();
    return piece;
  }

  private offsetOf(at: number): number {
    const origin = this.origins.findLast((part) => part.at <= at);
    return origin ? origin.offset + (at - origin.at) : 0;
  }

  private letGo(): void {
    const { start } = this;
    const kept = this.origins.findLastIndex((part) => part.at <= start);
    this.origins = this.origins.slice(kept).map(({ at, offset }) => ({ at: at - start, offset }));
    this.text = this.text.slice(start);
    this.at -= start;
    this.decided -= start;
    this.start = 0;
  }
}

function itemAfter([, bullet = '', number = '', point = '']: RegExpExecArray): string {
  const next = /\d/.test(number)
    ? String(Number(number) + 1)
    : String.fromCharCode(number.charCodeAt(0) + 1);
  return bullet + next + point;
}
