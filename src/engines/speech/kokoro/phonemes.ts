import { arpabetToKokoro, unstressed } from './arpabet.ts';
import { readHomographs } from './homographs.ts';
import type { Lexicon } from './lexicon.ts';

const TOKEN = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|[;:,.!?—…"()“”]|[^\s\p{L}]/gu;

/** Words that are said without stress, unless they stand alone. */
const WEAK = new Set(
  `a an the of and or to in on at by as for from with that is are was were be been am do does has
  have had he she it we you they him her us them his its our your their my me but if than
  can could would should will shall may might must`.split(/\s+/),
);

/** Phonemes that start with a vowel's sound: "the" and "to" change before them. */
const STARTS_WITH_VOWEL = /^[ˈˌ]?[ɑæʌɔWIɛɜAɪiOYʊuəɐ]/;

const PUNCTUATION: Readonly<Record<string, string>> = { '–': '—', ';': ';', '“': '“', '”': '”' };

/**
 * A sentence in Kokoro's phonemes. Its numbers and symbols must be spelled out before: what is left
 * of them is not said. Empty when nothing in it can be said in English.
 */
export function sentenceToPhonemes(sentence: string, lexicon: Lexicon): string {
  const homographs = readHomographs(sentence);
  const tokens = Array.from(sentence.normalize('NFC').matchAll(TOKEN), ([token]) => token);
  const said = tokens.map((token) => sayToken(token, lexicon, homographs));
  let out = '';
  let words = 0;
  for (const [index, token] of tokens.entries()) {
    const phonemes = said[index] ?? '';
    if (phonemes === '') continue;
    if (!/[\p{L}]/u.test(token)) {
      // Marks follow their word, opening ones precede the next.
      out += /^[(“]$/.test(phonemes) ? ` ${phonemes}` : phonemes;
      continue;
    }
    words++;
    const next = said.slice(index + 1).find((later) => later !== '') ?? '';
    const joined = weaken(token, phonemes, next);
    out += /[(“]$/.test(out) || out === '' ? joined : ` ${joined}`;
  }
  return words === 0 ? '' : out.trim();
}

function sayToken(token: string, lexicon: Lexicon, homographs: Map<string, string[][]>): string {
  if (!/\p{L}/u.test(token))
    return /[;:,.!?—…()“”]/.test(token) ? token : (PUNCTUATION[token] ?? '');
  const phones = homographs.get(token.toLowerCase())?.shift() ?? lexicon.phones(token);
  return arpabetToKokoro(phones);
}

function weaken(word: string, phonemes: string, next: string): string {
  const lower = word.toLowerCase();
  const beforeVowel = STARTS_WITH_VOWEL.test(next);
  if (lower === 'the') return beforeVowel ? 'ði' : 'ðə';
  if (lower === 'a') return 'ɐ';
  if (lower === 'to') return beforeVowel ? 'tʊ' : 'tə';
  // At the end of a clause even these words have their full sound.
  return WEAK.has(lower) && /^[^;:,.!?—…)”]/.test(next) ? unstressed(phonemes) : phonemes;
}
