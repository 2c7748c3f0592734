import type { SentenceRules } from './rules.ts';

/** A piece of text that may not be whole yet. */
export interface Excerpt {
  readonly text: string;
  /** Where in it the sentence begins. */
  readonly start: number;
  /** Whether no more text follows. */
  readonly complete: boolean;
}

/** Whether a sentence ends, and where; if it does not, how far no other end needs to be looked for. */
export interface Verdict {
  readonly ends: boolean;
  readonly at: number;
}

/** The marks that may end a sentence, in all scripts. */
export const MARK = /[\p{Sentence_Terminal}…]/u;

const MARKS = /[\p{Sentence_Terminal}…]+/uy;
/** Marks that no space follows. */
const WIDE = /[。．！？｡]/;
/** What belongs to the sentence behind its mark. */
const CLOSERS = new RegExp(
  [
    // Quotes, brackets, the end of emphasis.
    /["'”“’‘»«›)\]}」』】》〉）*_~`]*/u,
    /(?:[\u00a0\u202f]»| »(?=[\s.,;:!?)]))?/u,
    // A note: "[1]", "[^2]".
    /(?: ?\[(?:\^[\w-]{1,12}|\d{1,3}(?:[\s,–-]+\d{1,3})*)\](?![([:]))*/u,
    // Emoji and what they are joined by.
    /(?: ?(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}]|\ufe0f|\u200d)+)*/u,
  ]
    .map(({ source }) => source)
    .join(''),
  'uy',
);
const UNFINISHED_NOTE = /^ ?\[(?:[\^\d][\w\s,–-]{0,30}\]?)?$/;
/** What stands before the first word of a sentence. */
const OPENERS = /(?:["'“”‘’«»‹›„‚([{<¿¡*_~`\-–—―•·⁃‣◦+,/]+\s*)*/uy;
const SPACE = /\s*/uy;
const SPACED_DOTS = /(?:[ \u00a0]\.)*/uy;
const WORD = /[\p{L}\p{M}\p{N}]*/uy;
/** The word before a mark, with the full stops inside it. */
const TOKEN = /[\p{L}\p{N}\p{M}°ºª§](?:[\p{L}\p{N}\p{M}°ºª.'’&§-]*[\p{L}\p{N}\p{M}°ºª'’§])?$/u;
const LONGEST_TOKEN = 60;

/** "3." or "b." at the beginning: the number of an item. */
const ITEM_NUMBER = /^[\s•⁃‣◦·("'*_~-]*(?:\d{1,3}|\p{Ll})$/u;
/** "U.S", "Ph.D", "a.m", "J.-C": letters with full stops between them. */
const DOTTED = /^\p{L}{1,3}(?:[.'’-]+\p{L}{1,3})*\.-?\p{L}{1,2}$/u;
const LETTER = /^[\p{Lu}\p{Ll}]\p{M}*$/u;
/** "EE. UU.": two capitals for a plural. */
const DOUBLED = /^(\p{Lu})\1$/u;
const ROMAN = /^[IVXLC]+$/;
const NUMBER = /^\p{N}+$/u;
const DAYTIME = /^[ap]\.?m$/i;
/** A time alone is no sentence: "At 5 a.m. Mr. Smith went". */
const TIME_ALONE = /^\W*(?:about|after|around|at|before|by|from|in|on|until)?\W*[\d:.]+\s*$/i;
/** What follows a time within its sentence: "6 p.m. Monday", "6 p.m. EST". */
const AFTER_TIME =
  /(?:[A-Z]{2,4}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June|July|Aug(?:ust)?|Sept(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|Eastern|Central|Mountain|Pacific|Greenwich)(?!\p{L})/uy;

/**
 * Whether a sentence ends at a mark: full stop, question mark, ellipsis… It looks only as far as it
 * must: to the next word, rarely to its end. What it says is final, whatever comes after.
 *
 * @returns undefined when that depends on text that is still to come
 */
export function sentenceEnd(
  excerpt: Excerpt,
  mark: number,
  rules: SentenceRules,
): Verdict | undefined {
  const { text, start, complete } = excerpt;
  const unknown = (position: number) => position >= text.length && !complete;
  const marks = match(MARKS, text, mark);
  let at = mark + marks.length;
  if (marks === '.') {
    const dots = match(SPACED_DOTS, text, at).length;
    if (unknown(at + dots) || (text[at + dots] === ' ' && unknown(at + dots + 1))) return undefined;
    if (dots > 0) return spacedDots(excerpt, mark, at + dots);
  }
  if (/^(?:…|\.{3})$/.test(marks) && text[at] === ']') return { ends: false, at };
  at += match(CLOSERS, text, at).length;
  if (unknown(at) || (!complete && UNFINISHED_NOTE.test(text.slice(at, at + 40)))) return undefined;
  if (WIDE.test(marks)) return { ends: endsWide(excerpt, mark, at), at };
  if (at < text.length && !/\s/.test(text.charAt(at))) return { ends: false, at };
  const space = at + match(SPACE, text, at).length;
  const open = match(OPENERS, text, space);
  const next = space + open.length;
  if (unknown(next)) return undefined;
  if (next >= text.length) return { ends: true, at };
  // Code and HTML have letters of their own.
  const word = /[`<]/.test(open) ? '' : match(WORD, text, next);
  if (/^\p{Ll}/u.test(word)) return { ends: false, at };
  if (!/^\.{1,2}$/.test(marks)) return { ends: true, at };
  const token = TOKEN.exec(text.slice(Math.max(start, mark - LONGEST_TOKEN), mark))?.[0] ?? '';
  const sentence = text.slice(start, mark);
  const known = !unknown(next + word.length);
  const following = { word, known, text: text.slice(next, next + 12) };
  const ends = fullStopEnds(sentence, token, following, rules);
  return ends === undefined ? undefined : { ends, at };
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** ". . .": an omission; with a fourth one, and a capital after it, also an end. */
function spacedDots({ text, complete }: Excerpt, mark: number, end: number): Verdict | undefined {
  const next = end + match(SPACE, text, end).length;
  if (next >= text.length && !complete) return undefined;
  const begins = /[\p{Lu}\p{N}]/u.test(text.charAt(next));
  const behindWord = mark > 0 && !/\s/.test(text.charAt(mark - 1));
  if (behindWord) return begins ? { ends: true, at: mark + 1 } : { ends: false, at: end };
  return { ends: begins && (end - mark - 1) / 2 >= 3, at: end };
}

/** Not within a title, 《吧！》, nor a number, ３．２. */
function endsWide({ text, start }: Excerpt, mark: number, at: number): boolean {
  const before = text.slice(Math.max(start, mark - LONGEST_TOKEN), mark);
  if (before.lastIndexOf('《') > before.lastIndexOf('》')) return false;
  return text[mark] !== '．' || !/\p{N}/u.test(text.charAt(at));
}

interface Following {
  /** The next word; empty when something else follows. */
  readonly word: string;
  /** Whether the word is whole. */
  readonly known: boolean;
  readonly text: string;
}

/** @param sentence up to the full stop, which a word or a number follows that has no small letter first */
function fullStopEnds(
  sentence: string,
  token: string,
  following: Following,
  rules: SentenceRules,
): boolean | undefined {
  if (token === '') return true;
  if (sentence.length < 12 && ITEM_NUMBER.test(sentence)) return false;
  const number = /^\p{N}/u.test(following.word);
  // "Berliner-Str." is a "Str.", "l'Ing." an "Ing."
  const name = /[^'’-]+$/.exec(token)?.[0] ?? token;
  const isIn = (set: ReadonlySet<string>) => set.has(name) || set.has(name.toLowerCase());
  if (DAYTIME.test(token)) {
    if (TIME_ALONE.test(sentence.slice(0, -token.length))) return false;
    if (!following.known) return undefined;
    return !number && match(AFTER_TIME, following.text, 0) === '';
  }
  if (isIn(rules.titles)) return false;
  if (isIn(rules.numbered) && !isIn(rules.abbreviations)) return !number;
  if (NUMBER.test(token)) return !rules.ordinals || token.length > 2 || (!number && starts());
  const short =
    isIn(rules.abbreviations) ||
    DOTTED.test(token) ||
    DOUBLED.test(token) ||
    (LETTER.test(token) && !(rules.capitalInitials && /\p{Ll}/u.test(token) && !number)) ||
    (rules.ordinals && ROMAN.test(token));
  if (!short) return true;
  return number ? false : starts();

  function starts(): boolean | undefined {
    if (!following.known) return undefined;
    const abbreviated = following.text[following.word.length] === '.';
    return !abbreviated && rules.starters.has(following.word.toLowerCase());
  }
}
