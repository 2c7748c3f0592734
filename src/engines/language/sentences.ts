import { boundLength } from './bound.ts';
import { wink } from './wink.ts';

/** What is handed to the splitter at once, and the longest run without a space: it is quadratic. */
const WINDOW = 4000;
const LONGEST_WORD = 80;

/** A piece that ends so is not the end of a sentence when a number follows. */
const BEFORE_NUMBER = /\b(?:fig|figs|no|nos|p|pp|vol|ch|eq|sec|art|nr|ca|approx|ver|v)\.$/i;
const INITIAL = /(?:^|\s)\p{Lu}\.$/u;
const LIST_NUMBER = /^[("'“‘]*\d{1,3}[.)]$/;

/**
 * Splits a text into sentences. English goes through wink-nlp, which knows that "Dr." ends none;
 * other languages through `Intl.Segmenter`. White space inside a sentence becomes single spaces.
 *
 * @param language a BCP 47 tag such as `en` or `fr-CA`
 */
export function splitSentences(text: string, language = 'en'): string[] {
  const english = /^en\b/i.test(language);
  const sentences: string[] = [];
  for (const window of boundLength(text.replace(/\s+/gu, ' '), WINDOW)) {
    const split = english && !/[\u3040-\u30ff\u3400-\u9fff]/.test(window);
    sentences.push(...(split ? splitEnglish(window) : splitOther(window, language)));
  }
  return sentences;
}

function splitOther(text: string, language: string): string[] {
  const segmenter = new Intl.Segmenter(knownLanguage(language), { granularity: 'sentence' });
  const sentences = Array.from(segmenter.segment(text), ({ segment }) => segment.trim());
  return sentences.filter((sentence) => sentence !== '');
}

function knownLanguage(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

function splitEnglish(text: string): string[] {
  const bounded = text.replace(new RegExp(`\\S{${LONGEST_WORD}}(?=\\S)`, 'gu'), '$& ');
  const sentences: string[] = [];
  let cursor = 0;
  for (const piece of wink().readDoc(bounded).sentences().out()) {
    const start = bounded.indexOf(piece, cursor);
    const spaced = start !== cursor;
    if (start >= 0) cursor = start + piece.length;
    const before = sentences.at(-1);
    if (before !== undefined && belongTogether(before, piece, spaced)) {
      sentences[sentences.length - 1] = before + (spaced ? ' ' : '') + piece;
    } else if (piece.trim() !== '') {
      sentences.push(piece.trim());
    }
  }
  return sentences;
}

/** Corrects the splitter where it is known to cut too much: "Fig. 3", "v2.0.1", '"No!" she said'. */
function belongTogether(before: string, piece: string, spaced: boolean): boolean {
  if (before.length > WINDOW / 8) return false;
  if (!spaced) return /[\p{L}\d][.?]$/u.test(before) && /^[\p{Ll}\d.]/u.test(piece);
  if (LIST_NUMBER.test(before)) return true;
  if (/^[("'“‘]*\d/.test(piece)) return BEFORE_NUMBER.test(before);
  if (/^\p{Ll}/u.test(piece)) return /[.!?]["'”’)]*$/.test(before);
  return INITIAL.test(before) && before.length < 40 && /^\p{Lu}\p{Ll}/u.test(piece);
}
