import { abbreviationRules, romanRules } from './abbreviations.ts';
import { acronymRules, calmDown } from './acronyms.ts';
import { dateRules, timeRules } from './dates.ts';
import { moneyRules } from './money.ts';
import { decadeRules, numberRules, phoneRules } from './plain-numbers.ts';
import { applyRules, type Rule } from './rule.ts';
import { addressRules, mathRules, symbolRules } from './symbols.ts';
import { unitRules } from './units.ts';

/** The order matters: each kind takes its digits away from the more general ones after it. */
const RULES: readonly Rule[] = [
  ...addressRules,
  ...romanRules,
  ...abbreviationRules,
  ...dateRules,
  ...timeRules,
  ...phoneRules,
  ...moneyRules,
  ...decadeRules,
  ...unitRules,
  ...mathRules,
  ...numberRules,
  ...acronymRules,
  ...symbolRules,
];

/**
 * English as it is read aloud, in the American way: "$3.50 on 5/3/2024" is "three dollars and fifty
 * cents on May third, twenty twenty-four". For one sentence; what is left has letters, marks of
 * punctuation and letters of other scripts.
 */
export function spellOutEnglish(sentence: string): string {
  const clean = calmDown(
    sentence
      .normalize('NFC')
      .replace(/[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
      .replace(/[\u2018\u2019\u02bc]/g, "'")
      .replace(/\p{Cc}/gu, ' '),
  );
  const words = applyRules(clean, RULES)
    .replace(/\s+/gu, ' ')
    .replace(/ (?=[,;:!?)]|\.(?!\w))/g, '')
    .replace(/(?<=\() /g, '')
    .replace(/([,;])[,;]+/g, '$1')
    .replace(/,(?=[.!?])/g, '')
    .trim();
  // An abbreviation at the end has taken the full stop with it.
  return /\.["')]*$/.test(clean) && /[\p{L}\p{N}]$/u.test(words) ? `${words}.` : words;
}
