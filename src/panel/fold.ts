const MARKS = /\p{M}+/gu;
const PLAIN = /^[\0-\x7f]*$/;

/** A text as it is searched: without case and accents. */
export function fold(text: string): string {
  // Most titles, and there may be many thousands.
  if (PLAIN.test(text)) return text.toLowerCase();
  return text.normalize('NFD').replace(MARKS, '').toLowerCase();
}

/** The words of a query, folded. All of them are to be found. */
export function termsOf(query: string): readonly string[] {
  return fold(query)
    .split(/\s+/)
    .filter((term) => term !== '');
}

/** A piece of a text, and whether it is what was searched for. */
export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

/** A text cut where terms are found in it. The pieces together are the text. */
export function pieces(text: string, terms: readonly string[]): readonly Piece[] {
  if (terms.length === 0) return [{ text, found: false }];
  // Folding changes lengths: each folded character remembers the one it is from.
  let folded = '';
  const from: number[] = [];
  let at = 0;
  for (const character of text) {
    const plain = fold(character);
    folded += plain;
    for (let index = 0; index < plain.length; index += 1) from.push(at);
    at += character.length;
  }
  from.push(text.length);
  const found = new Uint8Array(text.length);
  for (const term of terms) {
    for (let index = folded.indexOf(term); index !== -1; index = folded.indexOf(term, index + 1)) {
      found.fill(1, from[index], from[index + term.length]);
    }
  }
  const cut: Piece[] = [];
  let begin = 0;
  for (let end = 1; end <= text.length; end += 1) {
    if (end < text.length && found[end] === found[begin]) continue;
    cut.push({ text: text.slice(begin, end), found: found[begin] === 1 });
    begin = end;
  }
  return cut;
}
