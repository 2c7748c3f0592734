/**
 * ARPAbet, as CMUdict writes it, in the phonemes that Kokoro learned: IPA with single capitals for
 * diphthongs (https://github.com/hexgrad/misaki, EN_PHONES.md, American).
 */
const CONSONANTS: Readonly<Record<string, string>> = {
  B: 'b',
  CH: 'ʧ',
  D: 'd',
  DH: 'ð',
  F: 'f',
  G: 'ɡ',
  HH: 'h',
  JH: 'ʤ',
  K: 'k',
  L: 'l',
  M: 'm',
  N: 'n',
  NG: 'ŋ',
  P: 'p',
  R: 'ɹ',
  S: 's',
  SH: 'ʃ',
  T: 't',
  TH: 'θ',
  V: 'v',
  W: 'w',
  Y: 'j',
  Z: 'z',
  ZH: 'ʒ',
};

const VOWELS: Readonly<Record<string, string>> = {
  AA: 'ɑ',
  AE: 'æ',
  AH: 'ʌ',
  AO: 'ɔ',
  AW: 'W',
  AY: 'I',
  EH: 'ɛ',
  ER: 'ɜɹ',
  EY: 'A',
  IH: 'ɪ',
  IY: 'i',
  OW: 'O',
  OY: 'Y',
  UH: 'ʊ',
  UW: 'u',
};

/** Vowels that are spoken in another way when they bear no stress. */
const UNSTRESSED: Readonly<Record<string, string>> = { AH: 'ə', ER: 'əɹ' };

const STRESS = ['', 'ˈ', 'ˌ'] as const;

/**
 * A word's ARPAbet (such as `HH AH0 L OW1`) in Kokoro's phonemes (`həlˈO`): the stress stands
 * before its vowel, and a `t` between a vowel and an unstressed one is tapped, as Americans do.
 */
export function arpabetToKokoro(phones: readonly string[]): string {
  let out = '';
  for (const [index, phone] of phones.entries()) {
    const consonant = CONSONANTS[phone];
    if (consonant === undefined) out += vowel(phone);
    else out += phone === 'T' && isTapped(phones, index) ? 'T' : consonant;
  }
  return out;
}

/** The same word without stress, as words such as "of" and "the" are said in a sentence. */
export function unstressed(phonemes: string): string {
  return phonemes.replace(/[ˈˌ]/g, '');
}

function vowel(phone: string): string {
  const name = phone.replace(/\d$/, '');
  const stress = Number(phone.at(-1));
  const weak = stress === 0 ? UNSTRESSED[name] : undefined;
  return (STRESS[stress] ?? '') + (weak ?? VOWELS[name] ?? '');
}

function isTapped(phones: readonly string[], index: number): boolean {
  const before = phones[index - 1] ?? '';
  const after = phones[index + 1] ?? '';
  return (/\d$/.test(before) || before === 'R') && /0$/.test(after);
}
