const LONGEST_WORD = 100;

/** BERT's tokens, uncased: words and punctuation, cut into the longest pieces that the vocabulary has. */
export class WordPieces {
  readonly #vocabulary: ReadonlyMap<string, number>;

  constructor(vocabulary: Readonly<Record<string, number>>) {
    this.#vocabulary = new Map(Object.entries(vocabulary));
  }

  /** The tokens of a text between `[CLS]` and `[SEP]`, so many at the most. */
  encode(text: string, longest: number): number[] {
    const found = [this.#id('[CLS]')];
    for (const word of basicTokens(text)) {
      if (found.length >= longest - 1) break;
      found.push(...this.#pieces(word));
    }
    return [...found.slice(0, longest - 1), this.#id('[SEP]')];
  }

  #id(token: string): number {
    return this.#vocabulary.get(token) ?? 0;
  }

  #pieces(word: string): number[] {
    const unknown = [this.#id('[UNK]')];
    const characters = [...word];
    if (characters.length > LONGEST_WORD) return unknown;
    const found: number[] = [];
    for (let at = 0; at < characters.length; ) {
      let end = characters.length;
      let id: number | undefined;
      for (; end > at && id === undefined; end -= 1) {
        const piece = characters.slice(at, end).join('');
        id = this.#vocabulary.get(at === 0 ? piece : `##${piece}`);
      }
      if (id === undefined) return unknown;
      found.push(id);
      at = end + 1;
    }
    return found;
  }
}

/** Words in small letters without accents, and each sign of punctuation and each Han character by itself. */
function basicTokens(text: string): string[] {
  return (
    text
      .toLowerCase()
      .normalize('NFD')
      .replace(/\p{Mn}/gu, '')
      .match(/\p{Script=Han}|[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}\p{C}]/gu) ?? []
  );
}
