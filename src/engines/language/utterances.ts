import { type Block, PARAGRAPH_PAUSE } from './block.ts';
import { boundLength } from './bound.ts';
import { isReadableMarkdown, markdownToBlocks } from './markdown.ts';
import { splitSentences } from './sentences.ts';
import { spellOut } from './spell-out.ts';

/** One thing to say, and the silence after it in milliseconds. */
export interface Utterance {
  readonly text: string;
  readonly pause: number;
}

export interface UtteranceOptions {
  /** Whether the source is Markdown; plain text otherwise. */
  readonly markdown: boolean;
  /** BCP 47. */
  readonly language?: string;
  /** `spelled` writes numbers, dates and symbols as words; `written` leaves them. */
  readonly text: 'spelled' | 'written';
  readonly unit: 'sentence' | 'paragraph';
}

const SENTENCE_PAUSE = 220;
/** UTF-16 units of an utterance. */
const LONGEST_SENTENCE = 600;
const LONGEST_PARAGRAPH = 3500;

/** What to say of a text, in order. Empty when nothing in it can be said. */
export function toUtterances(source: string, options: UtteranceOptions): Utterance[] {
  const { markdown, language = 'en', text: form, unit } = options;
  // Half a character cannot be said, nor written to a program.
  const whole = source
    .toWellFormed()
    .replaceAll('\ufffd', ' ')
    .replace(/\n{20,}/g, '\n\n');
  const blocks =
    markdown && isReadableMarkdown(whole) ? markdownToBlocks(whole) : plainBlocks(whole);
  const utterances: Utterance[] = [];
  for (const block of blocks) {
    const parts =
      unit === 'sentence'
        ? splitSentences(block.text, language).flatMap((part) =>
            boundLength(part, LONGEST_SENTENCE),
          )
        : boundLength(block.text.replace(/\s+/gu, ' '), LONGEST_PARAGRAPH);
    const said = parts
      .map((part) => (form === 'spelled' ? spellOut(part, language) : part))
      .filter((part) => /[\p{L}\p{N}]/u.test(part));
    for (const [index, text] of said.entries()) {
      utterances.push({ text, pause: index === said.length - 1 ? block.pause : SENTENCE_PAUSE });
    }
  }
  return utterances;
}

/** Paragraphs of plain text: an empty line stands between two. */
function plainBlocks(source: string): Block[] {
  return source
    .split(/\n[^\S\n]*\n\s*|\f/)
    .map((text) => ({ text: text.trim(), pause: PARAGRAPH_PAUSE }))
    .filter(({ text }) => text !== '');
}
