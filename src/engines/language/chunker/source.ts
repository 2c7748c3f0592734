/** A line, or what has come of it. */
export interface Line {
  /** Without its end. */
  readonly text: string;
  /** Whether its end has come. */
  readonly whole: boolean;
  /** Offset behind its end. */
  readonly next: number;
}

/** The text so far, from the beginning of the next chunk on. Offsets count from the first character. */
export class Source {
  /** Whether no more text comes. */
  ended = false;
  private text = '';
  private offset = 0;
  /** There is no end of a line between the line that was asked for last and here. */
  private searched = 0;

  append(text: string): void {
    this.text += text;
  }

  get end(): number {
    return this.offset + this.text.length;
  }

  slice(from: number, to = this.end): string {
    return this.text.slice(from - this.offset, to - this.offset);
  }

  /** The line that begins at an offset; not one before that which was asked for last. */
  lineAt(offset: number): Line {
    const from = offset - this.offset;
    const found = /[\n\r]/g;
    found.lastIndex = Math.max(from, this.searched - this.offset);
    const at = found.exec(this.text)?.index ?? this.text.length;
    this.searched = this.offset + at;
    const text = this.text.slice(from, at);
    const length = this.text.startsWith('\r\n', at) ? 2 : 1;
    // A "\r" that came last may be the first half of an end.
    const whole = at + 1 < this.text.length || this.text[at] === '\n' || this.ended;
    return { text, whole, next: Math.min(this.end, this.offset + at + length) };
  }

  /** Forgets the text before an offset. */
  letGo(offset: number): void {
    this.text = this.text.slice(offset - this.offset);
    this.offset = offset;
  }
}
