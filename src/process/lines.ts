import { isColourOnly, withoutColours } from '../protocol/escapes.ts';
import { Utf8Decoder } from './utf8.ts';

/** Characters that a line may have; see `LineSplitter`. */
export const LINE_LIMIT = 65_536;

/** Statuses kept of each push: the last ones, as a bar may be redrawn 100,000 times a second. */
const STATUS_LIMIT = 16;

/** What stood on a line before a lone `\r`. */
export interface Status {
  readonly text: string;
  /** How many lines the push had completed before. */
  readonly line: number;
}

/**
 * Text to lines, chunk by chunk, pure. A line ends with `\n` or `\r\n`. A lone `\r` takes the line
 * back to its beginning, as on a terminal: what stood there was a status, and only the last state
 * is the line. Nothing else ends a line, U+2028 neither. Escapes that colour text take no room on it.
 *
 * A line longer than `limit` characters keeps its beginning; the rest is dropped and counted in a
 * mark at its end, so that memory is bounded whatever comes.
 */
export class LineSplitter {
  readonly #limit: number;
  readonly #decoder = new Utf8Decoder();
  /** The unfinished line since its last lone `\r`. */
  #tail = '';
  /** The text so far ends with a `\r`, which is a lone one unless `\n` comes next. */
  #returned = false;
  /** Colours that came since then: they belong to whatever comes next, which may be the line's end. */
  #colours = '';
  #overwritten = false;
  #dropped = 0;
  #statuses: Status[] = [];
  #lines: string[] = [];

  constructor(limit: number = LINE_LIMIT) {
    this.#limit = limit;
  }

  /** The last statuses that the last push overwrote with a lone `\r`: `STATUS_LIMIT` or fewer. */
  get statuses(): readonly Status[] {
    return this.#statuses.slice(-STATUS_LIMIT);
  }

  /** The unfinished line. */
  get tail(): string {
    return this.#tail;
  }

  /** Whether the unfinished line overwrites a status, or is a status that is to be overwritten. */
  get overwrites(): boolean {
    return this.#overwritten || this.#returned;
  }

  /** Feeds bytes; returns the lines that they complete. */
  push(chunk: Uint8Array): string[] {
    return this.pushText(this.#decoder.push(chunk));
  }

  /** Feeds text instead of bytes. */
  pushText(text: string): string[] {
    if (this.#statuses.length > 0) this.#statuses = [];
    const lines: string[] = [];
    this.#lines = lines;
    let from = 0;
    let at = text.indexOf('\n');
    if (at !== -1 && this.#begun) {
      this.#extend(text.slice(0, at));
      this.#finish();
      from = at + 1;
      at = text.indexOf('\n', from);
    }
    // Most text has neither, and then a line is a slice of it.
    const plain = text.length <= this.#limit && !text.includes('\r');
    while (at !== -1) {
      const line = text.slice(from, at);
      if (plain) lines.push(line);
      else this.#add(line);
      from = at + 1;
      at = text.indexOf('\n', from);
    }
    if (from < text.length) this.#extend(from === 0 ? text : text.slice(from));
    return lines;
  }

  /** Takes the unfinished line as it is now; what follows is another line. */
  takeTail(): string {
    const text = this.#tail + this.#colours;
    const line = this.#dropped === 0 ? text : `${text} [${this.#dropped} more characters left out]`;
    this.#tail = '';
    this.#colours = '';
    this.#returned = false;
    this.#overwritten = false;
    this.#dropped = 0;
    return line;
  }

  /** The last line, where the text did not end with a line's end. */
  end(): string[] {
    const lines = this.pushText(this.#decoder.end());
    if (!isColourOnly(this.#tail)) this.#finish();
    return lines;
  }

  get #begun(): boolean {
    return this.#tail !== '' || this.#returned || this.#overwritten;
  }

  #finish(): void {
    // A bar that was wiped away with spaces leaves no line.
    const wiped = this.#overwritten && withoutColours(this.#tail).trim() === '';
    const line = this.takeTail();
    if (!wiped) this.#lines.push(line);
  }

  #add(line: string): void {
    const at = line.indexOf('\r');
    if (line.length <= this.#limit && (at === -1 || at === line.length - 1)) {
      this.#lines.push(at === -1 ? line : line.slice(0, -1));
    } else {
      this.#extend(line);
      this.#finish();
    }
  }

  /** Adds text without `\n` to the unfinished line. */
  #extend(text: string): void {
    let from = 0;
    while (from < text.length) {
      const at = text.indexOf('\r', from);
      if (at !== from) {
        const part = from === 0 && at === -1 ? text : text.slice(from, at === -1 ? undefined : at);
        if (this.#returned && isColourOnly(part)) {
          this.#colours += part;
        } else {
          if (this.#returned) this.#overwrite();
          this.#append(part);
        }
      }
      if (at === -1) return;
      this.#returned = true;
      from = at + 1;
    }
  }

  #overwrite(): void {
    if (this.#tail !== '') {
      // Twice the number before the old ones go, so that it costs nothing for each.
      if (this.#statuses.length >= 2 * STATUS_LIMIT) this.#statuses.splice(0, STATUS_LIMIT);
      this.#statuses.push({ text: this.#tail, line: this.#lines.length });
    }
    this.#tail = this.#colours;
    this.#colours = '';
    this.#returned = false;
    this.#overwritten = true;
    this.#dropped = 0;
  }

  #append(text: string): void {
    const room = this.#limit - this.#tail.length;
    if (text.length <= room) {
      this.#tail += text;
    } else {
      this.#tail += text.slice(0, room);
      this.#dropped += text.length - room;
    }
  }
}
