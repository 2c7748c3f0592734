import { rulesOf } from '../sentences/languages.ts';
import { MarkdownBlocks } from './markdown-blocks.ts';
import { PlainBlocks } from './plain-blocks.ts';
import type { Early } from './prose.ts';
import { Source } from './source.ts';
import { type Chunk, Writer } from './writer.ts';

export type { Chunk } from './writer.ts';

export interface ChunkerOptions {
  /** Whether the text is Markdown; plain text otherwise. */
  readonly markdown: boolean;
  /** BCP 47, `en` when left out. */
  readonly language?: string | undefined;
  /** What a chunk is at most: a sentence, when left out. */
  readonly unit?: 'sentence' | 'paragraph' | undefined;
  /**
   * About how many characters a chunk says at most, 2 or more; 600 of a sentence, 3500 of a paragraph
   * when left out. A row of a table is one chunk.
   */
  readonly longest?: number | undefined;
  /**
   * For a first sound that comes soon: until so many characters have been said, a chunk ends at a
   * clause or a comma behind `min` characters, and behind `max` at any space.
   */
  readonly early?: (Early & { readonly until: number }) | undefined;
}

/** Cuts a text that comes piece by piece into chunks to speak. */
export interface Chunker {
  /** Takes a piece of the text, of any length; gives the chunks that no later text can change. */
  push(piece: string): Chunk[];
  /** Ends the text and gives the last chunks. */
  end(): Chunk[];
}

const LONGEST = { sentence: 600, paragraph: 3500 } as const;

/**
 * Cuts a text into sentences, or paragraphs, as it is being written. The chunks are the same in
 * whatever pieces the text comes, and together they are the text. Markdown is read as a whole: no
 * chunk ends inside emphasis, a link or code, and each says what it would say in its place.
 */
export function createChunker(options: ChunkerOptions): Chunker {
  const { markdown, language = 'en', unit = 'sentence', longest = LONGEST[unit], early } = options;
  const source = new Source();
  const writer = new Writer(source, { markdown, rules: rulesOf(language), unit, longest, early });
  const blocks = markdown ? new MarkdownBlocks(source, writer) : new PlainBlocks(source, writer);
  // The first half of a character, which means nothing without the other one.
  let half = '';
  return {
    push(piece) {
      const text = half + piece;
      half = /[\ud800-\udbff]$/.exec(text)?.[0] ?? '';
      source.append(text.slice(0, text.length - half.length));
      blocks.advance();
      return writer.take();
    },
    end() {
      source.append(half);
      source.ended = true;
      blocks.advance();
      writer.writeSilence(source.end);
      return writer.take();
    },
  };
}
