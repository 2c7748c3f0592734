import { type Block, type Container, type List, type Opening, readOpening } from './opening.ts';
import type { Prose } from './prose.ts';
import { isSayable, readCode, readHead, readInline, readRow, sentence, splitRow } from './read.ts';
import type { Line, Source } from './source.ts';
import type { Blocks, Writer } from './writer.ts';

/** The block that is open. */
type Leaf =
  | { readonly kind: 'paragraph' | 'heading'; readonly prose: Prose; task: boolean }
  | { readonly kind: 'table'; readonly names: readonly string[]; row?: string }
  | {
      readonly kind: 'fence' | 'code';
      readonly fence: string;
      readonly language: string;
      lines: number;
      filled: number;
    }
  | { readonly kind: 'html'; readonly until: RegExp };

/** Milliseconds of silence behind a block. */
const HEADING_PAUSE = 700;
const PARAGRAPH_PAUSE = 500;
const ITEM_PAUSE = 300;

/** A line that is longer is known by its beginning; in UTF-16 units. */
const LONGEST_LINE = 4000;
const TASK = /^\s*\[([ xX])\]\s+/;
const CLOSING_MARKS = /(?:^|[ \t]+)#+[ \t]*$/;

/** Front matter, as static site generators have it: YAML between `---`, TOML between `+++`. */
const FRONT_MATTER =
  /^\ufeff?(---|\+\+\+)[^\S\n]*\n(?=[\w"'-][^\n]*[:=]|#|\1)(?:(?:[\w"'][^\n]*[:=]|[ \t#[\]{}-])[^\n]*\n|\n)*?\1[^\S\n]*(?:\n|$)/;
const FRONT_MATTER_BEGUN =
  /^\ufeff?(?:-{0,3}|\+{0,3}|(?:---|\+\+\+)[^\S\n]*(?:\n(?![^\S\n]*\n)(?:(?:[\w"'][^\n]*[:=]|[ \t#[\]{}+-])[^\n]*\n|\n)*[^\n]*)?)$/;
const LONGEST_FRONT_MATTER = 20_000;

/** Reads Markdown (CommonMark and GFM) line by line, and the text in a line as it comes. */
export class MarkdownBlocks implements Blocks {
  private readonly source: Source;
  private readonly writer: Writer;
  private begun = false;
  /** Where the line that is read begins; within it, where the text that is to be read goes on. */
  private line = 0;
  private at: number | undefined;
  private containers: Container[] = [];
  /** What is said before the first block of each container: the number of an item. */
  private labels: string[] = [];
  /** The list that another item would go on with, in so many containers. */
  private lists: (List | undefined)[] = [];
  private leaf: Leaf | undefined;

  constructor(source: Source, writer: Writer) {
    this.source = source;
    this.writer = writer;
  }

  advance(): void {
    if (!this.begun && !this.begin()) return;
    while (this.at === undefined ? this.readLine() : this.readText(this.at));
  }

  /** Passes front matter. */
  private begin(): boolean {
    const text = this.source.slice(0, LONGEST_FRONT_MATTER);
    const final = this.source.ended || text.length === LONGEST_FRONT_MATTER;
    const found = FRONT_MATTER.exec(text)?.[0];
    if (found !== undefined && (final || found.endsWith('\n'))) {
      this.line = found.length;
      this.writer.writeSilence(this.line);
    } else if (!final && FRONT_MATTER_BEGUN.test(text)) {
      return false;
    } else if (text.startsWith('\ufeff')) {
      this.line = 1;
    }
    this.begun = true;
    return true;
  }

  /** Reads the beginning of a line. */
  private readLine(): boolean {
    if (this.line >= this.source.end) {
      if (this.source.ended) this.close(this.line, PARAGRAPH_PAUSE);
      return false;
    }
    const line = this.source.lineAt(this.line);
    const text = line.text.slice(0, LONGEST_LINE);
    const { leaf, containers } = this;
    const kind = leaf?.kind === 'heading' ? undefined : leaf?.kind;
    const fence = leaf?.kind === 'fence' ? leaf.fence : undefined;
    const head = leaf?.kind === 'paragraph' ? leaf.prose.lastLine : undefined;
    const whole = line.whole || line.text.length > LONGEST_LINE;
    const opening = readOpening(text, whole, { containers, leaf: kind, fence, head });
    if (!opening) return false;
    this.enter(opening, line, text);
    return true;
  }

  /** Reads on in a line whose beginning has been read. */
  private readText(at: number): boolean {
    const { text, whole, next } = this.source.lineAt(at);
    this.at = at + text.length;
    if (this.leaf?.kind === 'paragraph' || this.leaf?.kind === 'heading') {
      if (text !== '') this.leaf.prose.append(text, at);
      this.writer.writePieces(this.leaf.prose, this.read);
    }
    if (!whole) return false;
    this.endLine(next);
    if (this.leaf?.kind === 'heading') this.close(next, HEADING_PAUSE);
    return true;
  }

  private endLine(next: number): void {
    this.line = next;
    this.at = undefined;
  }

  private enter(opening: Opening, line: Line, text: string): void {
    const { block, kept, opened } = opening;
    const start = this.line;
    if (block.kind === 'text' || block.kind === 'heading') this.at = start + block.at;
    else if (text.length < line.text.length) this.at = start + text.length;
    else this.endLine(line.next);
    const same = opened.length === 0 && kept === this.containers.length;
    if (same && this.goOn(block, start, text)) return;
    this.close(block.kind === 'blank' ? line.next : start, this.pauseBefore(opening));
    this.containers = this.containers.slice(0, kept);
    this.labels = this.labels.slice(0, kept);
    for (const container of opened) this.openContainer(container);
    if (block.kind !== 'blank') this.open(block, text);
  }

  /** Goes on with the block that is open; false when the line begins another one. */
  private goOn(block: Block, start: number, text: string): boolean {
    const { leaf } = this;
    switch (leaf?.kind) {
      case 'paragraph':
        return this.goOnWithText(leaf, block, start);
      case 'table':
        if (block.kind !== 'row') return false;
        this.writeRow(leaf, start, ITEM_PAUSE);
        leaf.row = block.text;
        return true;
      case 'fence':
      case 'code':
        if (block.kind === 'end') this.close(this.line, PARAGRAPH_PAUSE);
        else if (leaf.kind === 'code' && block.kind !== 'code' && block.kind !== 'blank')
          return false;
        leaf.lines += 1;
        if (text.trim() !== '') leaf.filled = leaf.lines;
        return true;
      case 'html':
        if (block.kind !== 'content') return false;
        if (leaf.until.test(text)) this.close(this.line, 0);
        return true;
      default:
        return false;
    }
  }

  private goOnWithText(leaf: Leaf & { prose: Prose }, block: Block, start: number): boolean {
    if (block.kind === 'text') {
      leaf.prose.append('\n', start - 1);
    } else if (block.kind === 'underline') {
      this.close(this.line, HEADING_PAUSE);
    } else if (block.kind === 'delimiter') {
      const head = leaf.prose.lastLine ?? '';
      this.close(leaf.prose.takeLastLine(), PARAGRAPH_PAUSE);
      this.leaf = { kind: 'table', names: splitRow(head).map(readInline) };
    } else {
      return false;
    }
    return true;
  }

  private open(block: Block, text: string): void {
    const container = this.containers.at(-1);
    const fresh = container?.kind === 'item' && container.fresh;
    if (container?.kind === 'item') container.fresh = false;
    // What is no item ends the list.
    this.lists.length = this.containers.length;
    switch (block.kind) {
      case 'text':
        this.leaf = { kind: 'paragraph', prose: this.writer.newProse(), task: fresh };
        break;
      case 'heading':
        this.leaf = { kind: 'heading', prose: this.writer.newProse(), task: false };
        break;
      case 'fence': {
        const [language = ''] = block.info.trim().split(/\s/);
        this.leaf = { kind: 'fence', fence: block.fence, language, lines: 0, filled: 1 };
        break;
      }
      case 'code':
        this.leaf = { kind: 'code', fence: '', language: '', lines: 1, filled: 1 };
        break;
      case 'html':
        this.leaf = { kind: 'html', until: block.until };
        if (block.until.test(text)) this.close(this.line, 0);
        break;
      default:
        this.writer.writeSilence(this.line);
    }
  }

  private openContainer(container: Container): void {
    const parent = this.containers.at(-1);
    if (parent?.kind === 'item') parent.fresh = false;
    const depth = this.containers.length;
    const before = this.lists[depth];
    this.lists.length = depth;
    this.containers.push(container);
    if (container.kind === 'note') {
      this.labels.push(`Footnote ${container.label}: `);
    } else if (container.kind === 'quote') {
      this.labels.push('');
    } else {
      const { mark, number } = container.list;
      const follows = before?.mark === mark && before.number !== undefined;
      const counted = number !== undefined && follows ? (before.number ?? 0) + 1 : number;
      this.lists[depth] = { mark, number: counted };
      this.labels.push(counted === undefined ? '' : `${counted}. `);
    }
  }

  /** Ends the block that is open, at an offset. */
  private close(end: number, pause: number): void {
    const { leaf } = this;
    switch (leaf?.kind) {
      case 'paragraph':
      case 'heading':
        if (leaf.kind === 'heading' && leaf.prose.empty) this.writer.writeSilence(end);
        this.writer.writeRest(leaf.prose, this.read, end, pause);
        break;
      case 'table':
        if (leaf.row === undefined) this.write(readHead(leaf.names), end, pause);
        else this.writeRow(leaf, end, pause);
        break;
      case 'fence':
      case 'code':
        this.write(readCode(leaf.language, leaf.filled), end, pause);
        break;
      case 'html':
        this.writer.writeSilence(end);
        break;
      default:
    }
    this.leaf = undefined;
  }

  /** An item is close to the next one, unless an empty line stands between them. */
  private pauseBefore({ block, kept, opened }: Opening): number {
    const list = this.containers.findIndex(({ kind }) => kind === 'item');
    const goesOn = list < kept || opened[list - kept]?.kind === 'item';
    return list !== -1 && goesOn && block.kind !== 'blank' ? ITEM_PAUSE : PARAGRAPH_PAUSE;
  }

  private writeRow(table: Leaf & { kind: 'table' }, end: number, pause: number): void {
    if (table.row === undefined) return;
    this.write(readRow(table.names, table.row), end, pause);
  }

  private write(said: string, end: number, pause: number): void {
    this.writer.write({ end, said: this.label(said), ends: 'block', pause });
  }

  /** Reads a piece of the paragraph or heading that is open. */
  private readonly read = (piece: string, last: boolean): string => {
    let text = piece;
    if (this.leaf?.kind === 'paragraph' && this.leaf.task) {
      this.leaf.task = false;
      const box = TASK.exec(text);
      if (box) this.labels.push(`${this.labels.pop()}${box[1] === ' ' ? 'To do' : 'Done'}: `);
      text = text.slice(box?.[0].length ?? 0);
    }
    if (last && this.leaf?.kind === 'heading') text = text.replace(CLOSING_MARKS, '');
    const said = readInline(text);
    return this.label(last ? sentence(said) : said);
  };

  /** Puts the number of the item before the first thing that is said in it. */
  private label(said: string): string {
    if (!isSayable(said)) return said;
    const label = this.labels.join('');
    this.labels.fill('');
    return label + said;
  }
}
