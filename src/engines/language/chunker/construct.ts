/** An inline construct of Markdown: emphasis, code, a link, a tag, an escape. */
interface Construct {
  /** Where it ends. */
  readonly end: number;
  /** About how many of its characters are said. */
  readonly said: number;
}

/** What is known of a place: a construct, none, or nothing before more text has come. */
type Finding = Construct | 'none' | 'unknown';

/** What may begin a construct. */
export const OPENER = /[\\`*_~[<&!]/;

/** An opener whose other end is further away is a character like others; in UTF-16 units. */
const REACH = 500;
/** So is one of a link whose address is longer. */
const ADDRESS_REACH = 2000;

const ESCAPE = /^\\[!-/:-@[-`{-~]/;
const ENTITY = /^&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/i;
const ENTITY_BEGUN = /^&[#\w]{0,32}$/;
const TAG = /^<[a-z/!?][^<>]*>/i;
const TAG_BEGUN = /^<(?:[a-z/!?][^<>]*)?$/i;

/**
 * The construct that begins at a place of a paragraph's text. What it says is final, whatever text
 * comes after.
 *
 * @param complete whether no more text follows
 */
export function constructAt(text: string, at: number, complete: boolean): Finding {
  const window = text.slice(at, at + ADDRESS_REACH);
  const whole = complete || window.length === ADDRESS_REACH;
  const near = window.slice(0, REACH);
  const nearWhole = complete || near.length === REACH;
  const moved = (found: Finding): Finding =>
    typeof found === 'string' ? found : { ...found, end: at + found.end };
  switch (window[0]) {
    case '\\':
      if (window.length === 1) return whole ? 'none' : 'unknown';
      return ESCAPE.test(window) ? { end: at + 2, said: 1 } : 'none';
    case '&':
      return moved(simple(window, whole, ENTITY, ENTITY_BEGUN, 1));
    case '<':
      return moved(simple(window, whole, TAG, TAG_BEGUN, 0));
    case '`':
      return moved(code(near, nearWhole));
    case '[':
      return moved(link(window, 0, whole));
    case '!':
      if (window.length === 1) return whole ? 'none' : 'unknown';
      return window[1] === '[' ? moved(link(window, 1, whole)) : 'none';
    default:
      return moved(emphasis(near, text[at - 1] ?? ' ', nearWhole));
  }
}

function simple(text: string, whole: boolean, all: RegExp, begun: RegExp, said: number): Finding {
  const found = all.exec(text)?.[0];
  if (found !== undefined) return { end: found.length, said };
  return !whole && begun.test(text) ? 'unknown' : 'none';
}

function code(text: string, whole: boolean): Finding {
  const fence = /^`+/.exec(text)?.[0] ?? '';
  for (const { 0: run, index } of text.slice(fence.length).matchAll(/`+/g)) {
    const end = fence.length + index + run.length;
    if (end === text.length && !whole) return 'unknown';
    if (run.length === fence.length) return { end, said: index };
  }
  return whole ? 'none' : 'unknown';
}

/** `[text](address)`, `[text][label]`. A text in brackets alone is text. */
function link(text: string, bracket: number, whole: boolean): Finding {
  const close = closing(text.slice(0, REACH), bracket, '[', ']');
  const unknown = whole ? 'none' : 'unknown';
  if (close === -1) return text.length < REACH ? unknown : 'none';
  const said = close - bracket;
  const next = text[close + 1];
  if (next === undefined) return unknown;
  if (next !== '(' && next !== '[') return 'none';
  const end = closing(text, close + 1, next, next === '(' ? ')' : ']');
  return end === -1 ? unknown : { end: end + 1, said };
}

/** Where a bracket closes; -1 where it does not. */
function closing(text: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === open) depth += 1;
    else if (character === close) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

const SPACE = /\s/;
const PUNCTUATION = /[\p{P}\p{S}]/u;
const WORD = /[\p{L}\p{N}]/u;

/** By CommonMark's rules of flanking, but for marks inside marks, which it only counts. */
function emphasis(text: string, before: string, whole: boolean): Finding {
  const mark = text.charAt(0);
  if (before === mark) return 'none';
  const runs = new RegExp(`\\\\[^]|\\${mark}+`, 'g');
  let open = 0;
  for (const { 0: run, index } of text.matchAll(runs)) {
    if (run.startsWith('\\')) continue;
    const end = index + run.length;
    if (end === text.length && !whole) return 'unknown';
    const left = index === 0 ? before : text.charAt(index - 1);
    const right = text[end] ?? ' ';
    if (open > 0 && closes(mark, left, right)) {
      open -= run.length;
      if (open <= 0) return { end, said: end };
    } else if (closes(mark, right, left) && !(/\d/.test(left) && /\d/.test(right))) {
      open += run.length;
    } else if (index === 0) {
      return 'none';
    }
  }
  return whole ? 'none' : 'unknown';
}

/** Whether a run of marks ends emphasis; with its neighbours exchanged, whether it begins one. */
function closes(mark: string, inside: string, outside: string): boolean {
  if (SPACE.test(inside)) return false;
  const free = SPACE.test(outside) || PUNCTUATION.test(outside);
  return (free || !PUNCTUATION.test(inside)) && !(mark === '_' && WORD.test(outside));
}
