import { htmlBlockNames, htmlRawNames } from 'micromark-util-html-tag-name';
import { splitRow } from './read.ts';

/** What lines of Markdown can be inside of. */
export type Container =
  | { readonly kind: 'quote' }
  /** `fresh` as long as nothing is in it. */
  | { readonly kind: 'item'; readonly indent: number; readonly list: List; fresh: boolean }
  | { readonly kind: 'note'; readonly indent: number; readonly label: string };

/** The list that an item is in. */
export interface List {
  /** `-`, `*`, `+` or the mark behind the number: a list has one. */
  readonly mark: string;
  /** The number of the item; none in a list of points. */
  readonly number: number | undefined;
}

/** What a line is, behind the marks of its containers. */
export type Block =
  | { readonly kind: 'blank' | 'rule' | 'definition' | 'content' | 'end' | 'code' }
  | { readonly kind: 'underline' | 'delimiter' }
  | { readonly kind: 'text' | 'heading'; readonly at: number }
  | { readonly kind: 'row'; readonly text: string }
  | { readonly kind: 'fence'; readonly fence: string; readonly info: string }
  | { readonly kind: 'html'; readonly until: RegExp };

/** How a line begins. */
export interface Opening {
  /** How many of the containers that are open go on. */
  readonly kept: number;
  readonly opened: readonly Container[];
  readonly block: Block;
}

/** What is open when a line begins. */
export interface Open {
  readonly containers: readonly Container[];
  readonly leaf: 'paragraph' | 'table' | 'code' | 'fence' | 'html' | undefined;
  /** The fence that ends a block of code. */
  readonly fence?: string | undefined;
  /** The last line of the paragraph, if it may be the head of a table. */
  readonly head?: string | undefined;
}

/** More containers in each other are nobody's. */
const DEEPEST = 60;
/** The beginning of a line that its next characters can make another thing. */
const UNDECIDED =
  /^(?:[-+*]|(?:[-*_][ \t]*)+|=+[ \t]*|#{1,6}[ \t]*|\d{1,9}[.)]?|(?:[-+*]|\d{1,9}[.)])[ \t]+|`{1,2}|~{1,2}|(?:```|~~~|<).*|[|:-][|: \t-]*)$/s;
const UNDECIDED_BRACKET = /^\[(?:\\.?|[^\]\\]){0,999}(?:\]|\]:.*)?$/s;
const BULLET = /^([-+*])(?:[ \t]|$)/;
const NUMBER = /^(\d{1,9})([.)])(?:[ \t]|$)/;
const RULE = /^(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$/;
const HEADING = /^#{1,6}(?:[ \t]+|$)/;
const FENCE = /^(`{3,})([^`]*)$|^(~{3,})(.*)$/s;
const UNDERLINE = /^(?:=+|-+)[ \t]*$/;
const NOTE = /^\[\^([^\]\s]+)\]:/;
const DEFINITION =
  /^\[(?!\^)(?:\\.|[^[\]\\])+\]:[ \t]*(?:<[^<>]*>|[^\s<]\S*)(?:[ \t]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t]*$/s;
const DELIMITER = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

const RAW = new RegExp(`^<(?:${htmlRawNames.join('|')})(?:[\\s>]|$)`, 'i');
const TAG = new RegExp(`^</?(?:${htmlBlockNames.join('|')})(?:[\\s>]|/>|$)`, 'i');
const ANY_TAG =
  /^(?:<[a-z][a-z\d-]*(?:\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*\/?>|<\/[a-z][a-z\d-]*\s*>)\s*$/i;
/** Spaces, tabs and the end of the line, as CommonMark has it: other white space is text. */
const BLANK = /^[ \t\r\n]*$/;
/** How HTML begins and how it ends; what ends at an empty line has `BLANK`. */
const HTML: readonly (readonly [begins: RegExp, until: RegExp])[] = [
  [RAW, new RegExp(`</(?:${htmlRawNames.join('|')})>`, 'i')],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<![a-z]/i, />/],
  [/^<!\[CDATA\[/, /\]\]>/],
  [TAG, BLANK],
  [ANY_TAG, BLANK],
];

/**
 * Reads how a line begins, by the rules of CommonMark and GFM for blocks.
 *
 * @param whole whether all of the line is there
 * @returns undefined when the rest of the line decides
 */
export function readOpening(line: string, whole: boolean, open: Open): Opening | undefined {
  const cursor = new Cursor(line);
  if (cursor.rest === '' && !whole) return undefined;
  const kept = keptContainers(cursor, open.containers);
  const opened: Container[] = [];
  const all = kept === open.containers.length;
  const inText = open.leaf === 'paragraph';
  const as = (block: Block): Opening | undefined => {
    const flows = block.kind === 'text' || block.kind === 'heading';
    return whole || flows ? { kept, opened, block } : undefined;
  };
  if (all && (open.leaf === 'fence' || open.leaf === 'html')) {
    return as({ kind: open.fence && closes(cursor, open.fence) ? 'end' : 'content' });
  }
  for (;;) {
    const { rest } = cursor;
    const fresh = opened.length === 0;
    const interrupts = inText && all && fresh;
    if (rest === '') return as({ kind: 'blank' });
    if (cursor.indent >= 4) {
      if (!(inText && fresh)) return as({ kind: 'code' });
      return { kept: open.containers.length, opened, block: { kind: 'text', at: cursor.at } };
    }
    if (!whole && UNDECIDED.test(rest)) return undefined;
    if (!whole && !interrupts && UNDECIDED_BRACKET.test(rest)) return undefined;
    if (kept + opened.length < DEEPEST) {
      const container = containerAt(cursor, interrupts);
      if (container) {
        opened.push(container);
        continue;
      }
    }
    const block = blockAt(cursor, open, { all: all && fresh, lazy: inText && fresh });
    if (block) return as(block);
    // A line of text goes on with its paragraph even without the marks of its containers.
    const containers = inText && fresh ? open.containers.length : kept;
    return { kept: containers, opened, block: { kind: 'text', at: cursor.at } };
  }
}

/** How many containers a line goes on with; the cursor moves behind their marks. */
function keptContainers(cursor: Cursor, containers: readonly Container[]): number {
  for (const [index, container] of containers.entries()) {
    const blank = cursor.rest === '';
    if (container.kind === 'quote') {
      if (cursor.indent >= 4 || !cursor.rest.startsWith('>')) return index;
      cursor.pass(1);
      cursor.skip(1);
    } else if (blank) {
      if (container.kind === 'item' && container.fresh) return index;
    } else {
      if (cursor.indent < container.indent) return index;
      cursor.skip(container.indent);
    }
  }
  return containers.length;
}

/** The container that begins here; the cursor moves behind its mark. */
function containerAt(cursor: Cursor, interrupts: boolean): Container | undefined {
  const { rest, indent } = cursor;
  if (rest.startsWith('>')) {
    cursor.pass(1);
    cursor.skip(1);
    return { kind: 'quote' };
  }
  const label = interrupts ? undefined : NOTE.exec(rest)?.[1];
  if (label !== undefined) {
    cursor.pass(label.length + 4);
    return { kind: 'note', indent: 4, label };
  }
  if (RULE.test(rest)) return undefined;
  const number = NUMBER.exec(rest);
  const mark = number?.[2] ?? BULLET.exec(rest)?.[1];
  if (mark === undefined) return undefined;
  const width = (number?.[1]?.length ?? 0) + 1;
  const empty = rest.length === width || BLANK.test(rest.slice(width));
  if (interrupts && (empty || (number && Number(number[1]) !== 1))) return undefined;
  cursor.pass(width);
  const space = cursor.indent;
  // More space than that is a block of code in the item.
  const gap = empty || space > 4 ? 1 : space;
  cursor.skip(gap);
  const list = { mark, number: number ? Number(number[1]) : undefined };
  return { kind: 'item', indent: indent + width + gap, list, fresh: true };
}

/** @param goesOn with all containers, or at least with their paragraph */
function blockAt(
  cursor: Cursor,
  open: Open,
  goesOn: { readonly all: boolean; readonly lazy: boolean },
): Block | undefined {
  const { rest, at } = cursor;
  const inText = open.leaf === 'paragraph' && goesOn.all;
  const heading = HEADING.exec(rest)?.[0];
  if (heading !== undefined) return { kind: 'heading', at: at + heading.length };
  const fence = FENCE.exec(rest);
  if (fence) {
    return { kind: 'fence', fence: fence[1] ?? fence[3] ?? '', info: fence[2] ?? fence[4] ?? '' };
  }
  for (const [begins, until] of HTML) {
    if (begins.test(rest) && !(goesOn.lazy && begins === ANY_TAG)) return { kind: 'html', until };
  }
  if (inText && open.head !== undefined && isDelimiter(rest, open.head)) {
    return { kind: 'delimiter' };
  }
  if (inText && UNDERLINE.test(rest)) return { kind: 'underline' };
  if (RULE.test(rest)) return { kind: 'rule' };
  if (open.leaf === 'table' && goesOn.all) return { kind: 'row', text: rest };
  return !goesOn.lazy && DEFINITION.test(rest) ? { kind: 'definition' } : undefined;
}

/** Whether a line stands between the head of a table and its rows. */
function isDelimiter(line: string, head: string): boolean {
  return (
    DELIMITER.test(line) && /[|:]/.test(line) && splitRow(line).length === splitRow(head).length
  );
}

function closes(cursor: Cursor, fence: string): boolean {
  const run = cursor.rest.trimEnd();
  return (
    cursor.indent < 4 && run.length >= fence.length && run === fence.charAt(0).repeat(run.length)
  );
}

/** A place in a line, with the columns that its tabs make. */
class Cursor {
  /** Columns of space from here to `at`. */
  indent = 0;
  /** Where the next character is that is no space. */
  at = 0;
  private readonly line: string;
  private column = 0;

  constructor(line: string) {
    this.line = line;
    this.measure();
  }

  /** The line from its next character that is no space. */
  get rest(): string {
    return this.line.slice(this.at);
  }

  /** Moves behind the space and so many characters. */
  pass(characters: number): void {
    this.column += this.indent + characters;
    this.at += characters;
    this.measure();
  }

  /** Moves so many columns of space on, or what there is. */
  skip(columns: number): void {
    const skipped = Math.min(columns, this.indent);
    this.column += skipped;
    this.indent -= skipped;
  }

  private measure(): void {
    let column = this.column;
    for (; this.at < this.line.length; this.at += 1) {
      const character = this.line[this.at];
      if (character === '\t') column += 4 - (column % 4);
      else if (character === ' ') column += 1;
      else break;
    }
    this.indent = column - this.column;
  }
}
