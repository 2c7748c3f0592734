import type { ClassifyOptions } from '../../batch/uses/classify.ts';
import { dot, type Embedder, normalised } from './embeddings.ts';
import { type Place, type Source, sentencePlace } from './source.ts';

/** Sentences that are named for a label. */
const EVIDENCE = 3;
/** How sharply scores tell labels apart: likenesses lie close together. */
const SHARPNESS = 20;
/** A label's own sentences count for so much of its likeness; the rest is the whole text's. */
const BEST_SENTENCES = 0.5;

/** A label, and how well a text fits it. */
export interface LabelScore {
  readonly label: string;
  /** 0 to 1; of all labels together 1. */
  readonly score: number;
  /** How near the text is to the label, -1 to 1, whatever the other labels are. */
  readonly likeness: number;
  /** The sentences that are nearest to it. */
  readonly evidence: readonly (Place & { readonly text: string; readonly likeness: number })[];
}

/** How well an English text fits each label, the best one first. Empty for a text without a sentence. */
export async function classify(
  source: Source,
  labels: ClassifyOptions['labels'],
  embedder: Embedder,
  signal: AbortSignal,
): Promise<LabelScore[]> {
  const { passages } = source;
  if (passages.length === 0) return [];
  const meanings = Array.isArray(labels)
    ? labels.map((label) => [label, `This text is about ${label}.`] as const)
    : Object.entries(labels);
  const sentences = await embedder.embed(
    passages.map(({ text }) => text),
    signal,
  );
  const wanted = await embedder.embed(
    meanings.map(([, meaning]) => meaning),
    signal,
  );
  const whole = mean(sentences);
  const found = meanings.map(([label], index) => {
    const direction = wanted[index] ?? whole;
    const near = sentences
      .map((sentence, place) => ({ place, likeness: dot(sentence, direction) }))
      .sort((a, b) => b.likeness - a.likeness)
      .slice(0, EVIDENCE);
    const best = near.reduce((sum, { likeness }) => sum + likeness, 0) / near.length;
    const likeness = BEST_SENTENCES * best + (1 - BEST_SENTENCES) * dot(whole, direction);
    const evidence = near.flatMap(({ place, likeness: own }) => {
      const passage = passages[place];
      return passage === undefined ? [] : [{ ...sentencePlace(passage), likeness: rounded(own) }];
    });
    return { label, likeness, evidence };
  });
  const weights = found.map(({ likeness }) => Math.exp(SHARPNESS * likeness));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return found
    .map((one, index) => ({
      label: one.label,
      score: rounded((weights[index] ?? 0) / sum),
      likeness: rounded(one.likeness),
      evidence: one.evidence,
    }))
    .sort((a, b) => b.likeness - a.likeness);
}

function mean(vectors: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(), ...others] = vectors;
  const sum = Float32Array.from(first);
  for (const vector of others) {
    for (let index = 0; index < sum.length; index += 1) {
      sum[index] = (sum[index] ?? 0) + (vector[index] ?? 0);
    }
  }
  return normalised(sum);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
