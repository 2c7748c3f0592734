import { language } from './language.ts';

export interface Sentence {
  readonly text: string;
  /** Where it begins in the whole text, in characters. */
  readonly begin: number;
}

const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });

/** The sentences of a text that begins at character `offset` of the whole one. Together they are the text. */
export function sentencesOf(text: string, offset: number): readonly Sentence[] {
  return Array.from(segmenter.segment(text), ({ segment, index }) => ({
    text: segment,
    begin: offset + index,
  }));
}

/** Index of the sentence at a character of the whole text; -1 before the first one. */
export function sentenceAt(sentences: readonly Sentence[], character: number): number {
  return sentences.findLastIndex(({ begin }) => begin <= character);
}
