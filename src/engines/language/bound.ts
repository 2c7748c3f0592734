import { Prose } from './chunker/prose.ts';
import { rulesOf } from './sentences/languages.ts';

/**
 * Cuts a text into pieces of at most `max` UTF-16 units (2 or more): where a sentence ends, at a
 * clause, a comma or a space; a piece without any is cut between two characters. The pieces are
 * trimmed and none is empty.
 */
export function boundLength(text: string, max: number): string[] {
  // An abbreviation of another language is a good enough place for a cut that has to be somewhere.
  const rules = rulesOf('en');
  const prose = new Prose({ rules, markdown: false, sentences: false, longest: max });
  prose.append(text.trim(), 0);
  prose.end();
  const pieces: string[] = [];
  for (let piece = prose.next(); piece; piece = prose.next()) pieces.push(piece.text.trim());
  return pieces.filter((piece) => piece !== '');
}
