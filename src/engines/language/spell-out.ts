import { spellOutEnglish } from './english/spell-out.ts';
import { spellOutFrench } from './french.ts';

/**
 * Writes numbers, dates, symbols and abbreviations of a sentence as words: all of them in English,
 * numbers in French. Texts in other languages stay as they are.
 *
 * @param language BCP 47
 */
export function spellOut(sentence: string, language = 'en'): string {
  if (/^en\b/i.test(language)) return spellOutEnglish(sentence);
  return /^fr\b/i.test(language) ? spellOutFrench(sentence) : sentence;
}
