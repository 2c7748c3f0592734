import type { NeuralG2p } from './neural-g2p.ts';

/** CMUdict: a word in capitals to its ARPAbet. */
export type PhoneDictionary = Readonly<Record<string, readonly string[]>>;

const LETTERS: Readonly<Record<string, string>> = {
  A: 'EY1',
  B: 'B IY1',
  C: 'S IY1',
  D: 'D IY1',
  E: 'IY1',
  F: 'EH1 F',
  G: 'JH IY1',
  H: 'EY1 CH',
  I: 'AY1',
  J: 'JH EY1',
  K: 'K EY1',
  L: 'EH1 L',
  M: 'EH1 M',
  N: 'EH1 N',
  O: 'OW1',
  P: 'P IY1',
  Q: 'K Y UW1',
  R: 'AA1 R',
  S: 'EH1 S',
  T: 'T IY1',
  U: 'Y UW1',
  V: 'V IY1',
  W: 'D AH1 B AH0 L Y UW0',
  X: 'EH1 K S',
  Y: 'W AY1',
  Z: 'Z IY1',
};

/** Words of today that CMUdict (2014) lacks or has as a name, where the network guesses badly. */
const ADDED: PhoneDictionary = Object.fromEntries(
  Object.entries({
    API: 'EY1 P IY1 AY1',
    CHATBOT: 'CH AE1 T B AA2 T',
    EMOJI: 'IH0 M OW1 JH IY0',
    GITHUB: 'G IH1 T HH AH2 B',
    JSON: 'JH EY1 S AH0 N',
    KUBERNETES: 'K UW2 B ER0 N EH1 T IY0 Z',
    LEAD: 'L IY1 D',
    LINUX: 'L IH1 N AH0 K S',
    NGINX: 'EH1 N JH AH0 N EH2 K S',
    PYTHON: 'P AY1 TH AA0 N',
    READ: 'R IY1 D',
    SQL: 'EH2 S K Y UW2 EH1 L',
    UBUNTU: 'UH0 B UH1 N T UW0',
    WIFI: 'W AY1 F AY2',
    YAML: 'Y AE1 M AH0 L',
  }).map(([word, phones]) => [word, phones.split(' ')]),
);

const REMEMBERED = 5000;

/** Says words: by the dictionary, as a compound of its words, or by the network's guess. */
export class Lexicon {
  private readonly dictionary: PhoneDictionary;
  private readonly network: NeuralG2p;
  private readonly guesses = new Map<string, readonly string[]>();

  constructor(dictionary: PhoneDictionary, network: NeuralG2p) {
    this.dictionary = dictionary;
    this.network = network;
  }

  /**
   * ARPAbet of one word; empty for a word that has no Latin letter.
   *
   * @param word letters and apostrophes
   */
  phones(word: string): readonly string[] {
    const plain = toBasicLatin(word).toUpperCase();
    if (plain === '') return [];
    const letter = LETTERS[plain];
    if (letter !== undefined) return plain === 'A' ? ['AH0'] : letter.split(' ');
    return this.known(plain) ?? this.guess(plain);
  }

  /** ARPAbet of a letter's name. */
  letter(letter: string): readonly string[] {
    return LETTERS[toBasicLatin(letter).toUpperCase()]?.split(' ') ?? [];
  }

  private known(word: string): readonly string[] | undefined {
    const entry = this.entry(word);
    if (entry) return entry;
    const possessive = /^(.+)'S?$/.exec(word)?.[1];
    if (possessive === undefined) return undefined;
    const stem = this.phones(possessive);
    return word.endsWith('S') || /[SZ]$/.test(possessive) === false ? withS(stem) : stem;
  }

  private entry(word: string): readonly string[] | undefined {
    if (Object.hasOwn(ADDED, word)) return ADDED[word];
    return Object.hasOwn(this.dictionary, word) ? this.dictionary[word] : undefined;
  }

  private guess(word: string): readonly string[] {
    const remembered = this.guesses.get(word);
    if (remembered) return remembered;
    const letters = word.replaceAll("'", '');
    const guess = this.spelled(letters) ?? this.compound(letters) ?? this.predict(letters);
    if (this.guesses.size >= REMEMBERED) this.guesses.clear();
    this.guesses.set(word, guess);
    return guess;
  }

  /** A short word without a vowel cannot be said but letter by letter. */
  private spelled(word: string): readonly string[] | undefined {
    if (word.length > 6 || /[AEIOUY]/.test(word)) return undefined;
    return [...word].flatMap((letter) => this.letter(letter));
  }

  /** `playlist` is `play` and `list`: the longest first part wins. */
  private compound(word: string): readonly string[] | undefined {
    const stem = word.endsWith('S') ? this.entry(word.slice(0, -1)) : undefined;
    if (stem) return withS(stem);
    for (let at = word.length - 3; at >= 3; at--) {
      const first = this.entry(word.slice(0, at));
      const second = this.entry(word.slice(at));
      // Short words are too often a false fit.
      if (first && second && word.length >= 7) {
        return [...first, ...second.map((phone) => phone.replace('1', '2'))];
      }
    }
    return undefined;
  }

  private predict(word: string): readonly string[] {
    const phones: string[] = [];
    // The network stops after 20 phonemes.
    for (let at = 0; at < word.length; at += 16) {
      phones.push(...this.network.predict(word.slice(at, at + 16).toLowerCase()));
    }
    return phones;
  }
}

function withS(phones: readonly string[]): readonly string[] {
  const last = phones.at(-1) ?? '';
  if (/^(?:S|Z|SH|ZH|CH|JH)$/.test(last)) return [...phones, 'IH0', 'Z'];
  return [...phones, /^(?:P|T|K|F|TH)$/.test(last) ? 'S' : 'Z'];
}

function toBasicLatin(word: string): string {
  const replaced = word
    .replace(/[ßẞ]/g, 'ss')
    .replace(/[æÆ]/g, 'ae')
    .replace(/[œŒ]/g, 'oe')
    .replace(/[øØ]/g, 'o')
    .replace(/[łŁ]/g, 'l')
    .replace(/[ðÐđĐ]/g, 'd')
    .replace(/[þÞ]/g, 'th')
    .replace(/’/g, "'");
  return replaced
    .normalize('NFD')
    .replace(/[^A-Za-z']/g, '')
    .replace(/^'+|'+$/g, '');
}
