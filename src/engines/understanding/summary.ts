import { dot } from './embeddings.ts';
import type { Passage, Source } from './source.ts';

/** TextRank's damping (Mihalcea and Tarau, 2004). */
const DAMPING = 0.85;
const ROUNDS = 30;
/** Below this two sentences have nothing in common. */
const ALIKE = 0.1;
/** What a sentence's own rank counts against its likeness to those that were chosen (maximal marginal relevance). */
const RELEVANCE = 0.5;
/** Words of a sentence that says something by itself. */
const SHORTEST = 5;
/** More sentences than this are not all compared with each other: every n-th one stands for its neighbours. */
const MOST = 1500;

/**
 * The sentences of a source that say most of what the others say, and not the same twice, in their order: TextRank,
 * then maximal marginal relevance.
 *
 * @param vectors what each passage means, of length 1
 */
export function extract(
  source: Source,
  vectors: readonly Float32Array[],
  count: number,
): Passage[] {
  const all = source.passages
    .map((passage, index) => ({ passage, vector: vectors[index] ?? new Float32Array() }))
    .filter(({ passage }) => wordCount(passage.text) >= SHORTEST && !passage.text.endsWith('?'));
  const step = Math.ceil(all.length / MOST);
  const candidates = all.filter((_, index) => index % Math.max(1, step) === 0);
  const ranks = textRank(candidates.map(({ vector }) => vector));
  const most = Math.max(...ranks, Number.MIN_VALUE);
  const left = candidates.map((one, index) => ({ ...one, rank: (ranks[index] ?? 0) / most }));
  const chosen: typeof left = [];
  while (chosen.length < count && left.length > 0) {
    const worth = left.map(({ vector, rank }) => {
      const likest = Math.max(0, ...chosen.map((other) => dot(vector, other.vector)));
      return RELEVANCE * rank - (1 - RELEVANCE) * likest;
    });
    const best = worth.indexOf(Math.max(...worth));
    chosen.push(...left.splice(best, 1));
  }
  return chosen.map(({ passage }) => passage).sort((a, b) => a.from - b.from);
}

/** How much each is like the others that are like others. */
function textRank(vectors: readonly Float32Array[]): number[] {
  const count = vectors.length;
  const links = vectors.map((vector, row) =>
    Float32Array.from(vectors, (other, column) => {
      const likeness = row === column ? 0 : dot(vector, other);
      return likeness < ALIKE ? 0 : likeness;
    }),
  );
  const sums = links.map((row) => row.reduce((sum, value) => sum + value, 0));
  let ranks = new Array<number>(count).fill(1 / Math.max(1, count));
  for (let round = 0; round < ROUNDS; round += 1) {
    ranks = links.map((row) => {
      let rank = 0;
      for (let column = 0; column < count; column += 1) {
        const sum = sums[column] ?? 0;
        if (sum > 0) rank += ((row[column] ?? 0) / sum) * (ranks[column] ?? 0);
      }
      return (1 - DAMPING) / count + DAMPING * rank;
    });
  }
  return ranks;
}

/**
 * What sentences of any language mean by their words alone: the weight of each word is how rare it is among the
 * sentences. Vectors of length 1.
 */
export function wordVectors(sentences: readonly string[], language: string): Float32Array[] {
  const segmenter = new Intl.Segmenter(language === 'und' ? undefined : language, {
    granularity: 'word',
  });
  const words = sentences.map((sentence) =>
    [...segmenter.segment(sentence.toLowerCase())]
      .filter(({ isWordLike }) => isWordLike)
      .map(({ segment }) => segment),
  );
  const seen = new Map<string, number>();
  for (const of of words) for (const word of new Set(of)) seen.set(word, (seen.get(word) ?? 0) + 1);
  // What stands in one sentence alone links it to none; what stands in most of them says nothing.
  const telling = [...seen].filter(([, count]) => count > 1 && count < sentences.length * 0.5);
  const places = new Map(
    telling.slice(0, 2000).map(([word, count], index) => [word, { index, count }]),
  );
  return words.map((of) => {
    const vector = new Float32Array(places.size);
    for (const word of of) {
      const place = places.get(word);
      if (place === undefined) continue;
      vector[place.index] = (vector[place.index] ?? 0) + Math.log(sentences.length / place.count);
    }
    const length = Math.sqrt(dot(vector, vector)) || 1;
    return vector.map((value) => value / length);
  });
}

function wordCount(text: string): number {
  return text.split(/\s+/).length;
}
