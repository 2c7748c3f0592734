import type { Prose } from './prose.ts';
import { onOneLine } from './read.ts';
import type { Source } from './source.ts';
import type { Blocks, Writer } from './writer.ts';

const PARAGRAPH_PAUSE = 500;

/** Reads plain text: an empty line or a new page stands between two paragraphs. */
export class PlainBlocks implements Blocks {
  private readonly source: Source;
  private readonly writer: Writer;
  /** Where the line goes on that is read, and whether nothing but space has been in it. */
  private at = 0;
  private blank = true;
  private prose: Prose | undefined;

  constructor(source: Source, writer: Writer) {
    this.source = source;
    this.writer = writer;
  }

  advance(): void {
    while (this.readOn());
    if (this.source.ended) this.close(this.source.end);
  }

  private readOn(): boolean {
    if (this.at >= this.source.end) return false;
    const { text, whole, next } = this.source.lineAt(this.at);
    const page = text.indexOf('\f');
    const part = page === -1 ? text : text.slice(0, page);
    const space = this.blank ? part.length - part.trimStart().length : 0;
    const ends = whole || page !== -1;
    if (this.blank && space === part.length) {
      if (!ends) return false;
    } else {
      this.write(part.slice(space), this.at + space);
    }
    this.at += part.length;
    if (!ends) return false;
    const empty = this.blank;
    this.blank = true;
    this.at = page === -1 ? next : this.at + 1;
    if (empty || page !== -1) this.close(this.at);
    return true;
  }

  private write(text: string, offset: number): void {
    if (this.blank) this.prose?.append('\n', offset - 1);
    this.blank = false;
    this.prose ??= this.writer.newProse();
    this.prose.append(text, offset);
    this.writer.writePieces(this.prose, onOneLine);
  }

  private close(end: number): void {
    if (this.prose) this.writer.writeRest(this.prose, onOneLine, end, PARAGRAPH_PAUSE);
    this.prose = undefined;
  }
}
