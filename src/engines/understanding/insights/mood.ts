import { SentimentIntensityAnalyzer } from 'vader-sentiment';
import { type Passage, type Place, type Source, sentencePlace } from '../source.ts';

/** Points of a curve at the most. */
const POINTS = 60;
/** Sentences that are named as the best and the worst ones. */
const EXTREMES = 3;
/** As VADER's makers draw the line. */
const CLEAR = 0.05;

export interface Mood {
  /** -1 to 1. */
  readonly overall: number;
  readonly label: 'positive' | 'negative' | 'neutral';
  /** The mean over stretches of equal length, in order; `at` is the middle of each, 0 to 1 of the whole. */
  readonly curve: readonly {
    readonly at: number;
    readonly start?: number;
    readonly value: number;
  }[];
  readonly best: readonly (Place & { readonly text: string; readonly value: number })[];
  readonly worst: readonly (Place & { readonly text: string; readonly value: number })[];
}

/** The mood of an English text over its length, by VADER (Hutto and Gilbert, 2014). */
export function moodOf({ passages, text, recording }: Source): Mood {
  const values = passages.map((passage) => ({
    passage,
    value: SentimentIntensityAnalyzer.polarity_scores(passage.text).compound,
  }));
  const overall = mean(values.map(({ value }) => value));
  const whole = recording?.seconds ?? text.length;
  const place = ({ from, start }: Passage): number =>
    Math.min(0.999, (recording === undefined ? from : (start ?? 0)) / Math.max(1, whole));
  const count = Math.min(POINTS, Math.max(1, Math.ceil(passages.length / 3)));
  const curve = Array.from({ length: count }, (_, point) => {
    const inside = values.filter(({ passage }) => Math.floor(place(passage) * count) === point);
    const at = (point + 0.5) / count;
    const start =
      recording === undefined ? {} : { start: rounded(recording.seconds * (point / count)) };
    return { at: rounded(at), ...start, value: rounded(mean(inside.map(({ value }) => value))) };
  });
  const named = (list: typeof values) =>
    list.slice(0, EXTREMES).map(({ passage, value }) => ({ ...sentencePlace(passage), value }));
  return {
    overall: rounded(overall),
    label: overall >= CLEAR ? 'positive' : overall <= -CLEAR ? 'negative' : 'neutral',
    curve,
    best: named(values.filter(({ value }) => value > CLEAR).sort((a, b) => b.value - a.value)),
    worst: named(values.filter(({ value }) => value < -CLEAR).sort((a, b) => a.value - b.value)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
