import type { SentenceRules } from '../sentences/rules.ts';
import { type Early, type Ending, type Piece, Prose } from './prose.ts';
import { isSayable } from './read.ts';
import type { Source } from './source.ts';

/** A part of a text that can be spoken by itself. */
export interface Chunk {
  /** From 0 on. */
  readonly index: number;
  /** Where it is in the text, in UTF-16 units: each chunk begins where the one before it ends. */
  readonly start: number;
  readonly end: number;
  /** The text itself from `start` to `end`. */
  readonly text: string;
  /** The text as a person reads it aloud; empty where nothing is to be said, as at a rule or HTML. */
  readonly said: string;
  /** `fragment`: within a sentence. `block`: at the end of a paragraph, heading, item or row. */
  readonly ends: 'fragment' | 'sentence' | 'block';
  /** Milliseconds of silence behind it. */
  readonly pause: number;
}

export interface WriterOptions {
  readonly markdown: boolean;
  readonly rules: SentenceRules;
  readonly unit: 'sentence' | 'paragraph';
  /** Characters of a chunk at most. */
  readonly longest: number;
  readonly early?: (Early & { readonly until: number }) | undefined;
}

/** What reads the blocks of a text. */
export interface Blocks {
  /** Reads as far as is certain; to the end when the source has ended. */
  advance(): void;
}

/** How a piece of a block is read aloud. */
type Read = (text: string, last: boolean) => string;

const PAUSES: Readonly<Record<Ending, number>> = {
  sentence: 220,
  clause: 120,
  comma: 80,
  space: 0,
};

/** Makes the chunks. */
export class Writer {
  private readonly source: Source;
  private readonly options: WriterOptions;
  private chunks: Chunk[] = [];
  private start = 0;
  private index = 0;
  /** Characters said so far. */
  private said = 0;

  constructor(source: Source, options: WriterOptions) {
    this.source = source;
    this.options = options;
  }

  newProse(): Prose {
    const { rules, markdown, unit, longest } = this.options;
    return new Prose({ rules, markdown, sentences: unit === 'sentence', longest });
  }

  /** Writes the pieces of a text that are certain. */
  writePieces(prose: Prose, read: Read): void {
    for (let piece = prose.next(this.early); piece; piece = prose.next(this.early)) {
      this.writePiece(piece, read(piece.text, false));
    }
  }

  /** Writes what is left of a text; the last piece ends at the end of its block. */
  writeRest(prose: Prose, read: Read, end: number, pause: number): void {
    prose.end();
    for (let piece = prose.next(this.early); piece; piece = prose.next(this.early)) {
      const last = prose.empty;
      const said = read(piece.text, last);
      if (last) this.write({ end, said, ends: 'block', pause });
      else this.writePiece(piece, said);
    }
  }

  /** Writes what lies between the chunk before and an offset. */
  write(chunk: Pick<Chunk, 'end' | 'said' | 'ends' | 'pause'>): void {
    const { start } = this;
    const { end, pause } = chunk;
    if (end <= start) return;
    const said = sayable(chunk.said);
    const text = this.source.slice(start, end);
    this.chunks.push({ ...chunk, index: this.index, start, text, said, pause: said ? pause : 0 });
    this.index += 1;
    this.said += said.length;
    this.start = end;
    this.source.letGo(end);
  }

  /** Writes what nothing is said of. */
  writeSilence(end: number): void {
    this.write({ end, said: '', ends: 'block', pause: 0 });
  }

  /** The chunks since the last time. */
  take(): Chunk[] {
    const { chunks } = this;
    this.chunks = [];
    return chunks;
  }

  private writePiece({ end, ending }: Piece, said: string): void {
    const ends = ending === 'sentence' ? 'sentence' : 'fragment';
    this.write({ end, said, ends, pause: PAUSES[ending] });
  }

  private get early(): Early | undefined {
    const { early } = this.options;
    return early && this.said < early.until ? early : undefined;
  }
}

/** Half a character cannot be said. */
function sayable(text: string): string {
  if (!isSayable(text)) return '';
  return text.toWellFormed().replaceAll('\ufffd', ' ').trim();
}
