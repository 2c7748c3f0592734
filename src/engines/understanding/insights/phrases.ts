import { wink } from '../../language/wink.ts';
import { type Place, placeOf, type Source } from '../source.ts';

/** Words of a phrase at the most. */
const LONGEST = 4;

/** A phrase that tells what a text is about. */
export interface KeyPhrase {
  readonly phrase: string;
  readonly count: number;
  /** Relative to the best one: 0 to 1. */
  readonly score: number;
  /** Where it is said first. */
  readonly first: Place;
}

interface Candidate {
  readonly words: readonly string[];
  readonly from: number;
  readonly to: number;
}

/**
 * The key phrases of an English text, the best one first: RAKE (Rose et al., 2010) over runs of nouns and adjectives.
 * A word is worth how many others it stands with; a phrase is worth its words, times how often it is said.
 */
export function keyPhrases(source: Source, most: number): KeyPhrase[] {
  const candidates = source.passages.flatMap(({ text, from }) => candidatesIn(text, from));
  const degree = new Map<string, { count: number; with: number }>();
  for (const { words } of candidates) {
    for (const word of words) {
      const before = degree.get(word) ?? { count: 0, with: 0 };
      degree.set(word, { count: before.count + 1, with: before.with + words.length });
    }
  }
  const phrases = new Map<string, { count: number; first: Candidate }>();
  for (const candidate of candidates) {
    const phrase = candidate.words.join(' ');
    const before = phrases.get(phrase);
    phrases.set(phrase, { count: (before?.count ?? 0) + 1, first: before?.first ?? candidate });
  }
  const scored = [...phrases].map(([phrase, { count, first }]) => {
    const worth = first.words.reduce((sum, word) => {
      const { count: times = 1, with: others = 1 } = degree.get(word) ?? {};
      // A word that is said often counts a little more than one that is said once.
      return sum + (others / times) * Math.log(1 + times);
    }, 0);
    return { phrase, count, first, worth: worth * (1 + Math.log(count)) };
  });
  const best = scored.sort((a, b) => b.worth - a.worth).slice(0, most);
  const top = best[0]?.worth ?? 1;
  return best.map(({ phrase, count, first, worth }) => ({
    phrase: asNamed(source.text.slice(first.from, first.to)) ?? phrase,
    count,
    score: Math.round((worth / top) * 100) / 100,
    first: placeOf(source, first.from, first.to),
  }));
}

/** A phrase as it stands in the text, where each of its words begins with a capital: a name. */
function asNamed(text: string): string | undefined {
  const words = text.split(/\s+/);
  const named = words.length > 1 && words.every((word) => /^\p{Lu}/u.test(word));
  return named ? words.join(' ') : undefined;
}

/** Runs of words that may be a phrase: adjectives and nouns, with a noun at the end. */
function candidatesIn(sentence: string, offset: number): Candidate[] {
  const { its, readDoc } = wink();
  const tokens = readDoc(sentence).tokens();
  const [values, kinds, stops] = [its.value, its.pos, its.stopWordFlag].map(
    (what) => tokens.out(what as typeof its.value) as unknown[],
  );
  const found: Candidate[] = [];
  let at = 0;
  let run: { word: string; from: number; to: number; noun: boolean }[] = [];
  const close = (): void => {
    while (run.length > 0 && run.at(-1)?.noun === false) run.pop();
    const part = run.slice(-LONGEST);
    const [first] = part;
    const last = part.at(-1);
    const words = part.map(({ word }) => word.toLowerCase());
    if (first !== undefined && last !== undefined && words.join('').length > 2) {
      found.push({ words, from: offset + first.from, to: offset + last.to });
    }
    run = [];
  };
  for (const [index, value] of (values ?? []).entries()) {
    const word = String(value);
    const from = Math.max(at, sentence.indexOf(word, at));
    const to = from + word.length;
    const kind = String(kinds?.[index]);
    const noun = kind === 'NOUN' || kind === 'PROPN';
    const fits =
      (noun || kind === 'ADJ') && stops?.[index] !== true && /^\p{L}[\p{L}\p{N}'’-]+$/u.test(word);
    // Words that nothing but a space stands between.
    const together = /^\s*$/.test(sentence.slice(at, from));
    if (!fits || !together) close();
    if (fits) run.push({ word, from, to, noun });
    at = to;
  }
  close();
  return found;
}
