import { type Chunk, createChunker } from './chunker/chunker.ts';
import { spellOut } from './spell-out.ts';

/** One thing to say, and the silence after it in milliseconds. */
export interface Utterance {
  readonly text: string;
  readonly pause: number;
}

/** How an engine likes its text. */
interface Takes {
  /** `spelled` writes numbers, dates and symbols as words; `written` leaves them. */
  readonly text: 'spelled' | 'written';
  readonly unit: 'sentence' | 'paragraph';
}

export interface UtteranceOptions extends Takes {
  /** Whether the source is Markdown; plain text otherwise. */
  readonly markdown: boolean;
  /** BCP 47. */
  readonly language?: string;
}

/** What to say of a text, in order. Empty when nothing in it can be said. */
export function toUtterances(source: string, options: UtteranceOptions): Utterance[] {
  const { markdown, language, unit } = options;
  const chunker = createChunker({ markdown, language, unit });
  const chunks = [...chunker.push(source), ...chunker.end()];
  return chunks.flatMap((chunk) => toUtterance(chunk, options) ?? []);
}

/** What to say of a chunk; undefined when that is nothing. */
export function toUtterance(
  { said, pause }: Chunk,
  { text: form, language }: Pick<UtteranceOptions, 'text' | 'language'>,
): Utterance | undefined {
  const text = form === 'spelled' ? spellOut(said, language) : said;
  return text === '' ? undefined : { text, pause };
}
