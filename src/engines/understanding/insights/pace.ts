import type { Range } from '../../transcription/engine.ts';
import { wordsOf } from '../../transcription/words.ts';
import type { Source } from '../source.ts';

/** A pause that is worth naming, in seconds. */
const LONG = 2;
/** Pauses that are named. */
const NAMED = 10;

export interface Pace {
  readonly words: number;
  readonly seconds: number;
  /** Seconds in which somebody speaks, and in which nobody does. */
  readonly talk: number;
  readonly silence: number;
  /** While somebody speaks. */
  readonly wordsPerMinute: number;
  /** Of each minute of the recording in which somebody speaks: its number from 0. */
  readonly byMinute: readonly { readonly minute: number; readonly words: number }[];
  /** The longest pauses, in order. */
  readonly pauses: readonly Range[];
}

/** How fast a recording is spoken, and where nobody speaks; `undefined` for a text without times. */
export function paceOf({ passages, recording }: Source): Pace | undefined {
  if (recording === undefined) return undefined;
  const { seconds, speech } = recording;
  const talk = speech.reduce((sum, { start, end }) => sum + end - start, 0);
  const counts = new Map<number, number>();
  let words = 0;
  for (const passage of passages) {
    const starts =
      passage.words?.map(({ start }) => start) ??
      wordsOf(passage.text).map(() => passage.start ?? 0);
    words += starts.length;
    for (const start of starts) {
      const minute = Math.floor(start / 60);
      counts.set(minute, (counts.get(minute) ?? 0) + 1);
    }
  }
  const edges = [{ start: 0, end: 0 }, ...speech, { start: seconds, end: seconds }];
  const pauses = edges
    .slice(1)
    .map(({ start }, index) => ({ start: edges[index]?.end ?? 0, end: start }))
    .filter(({ start, end }) => end - start >= LONG)
    .sort((a, b) => b.end - b.start - (a.end - a.start))
    .slice(0, NAMED)
    .sort((a, b) => a.start - b.start);
  return {
    words,
    seconds: tenths(seconds),
    talk: tenths(talk),
    silence: tenths(Math.max(0, seconds - talk)),
    wordsPerMinute: talk > 0 ? Math.round((words * 60) / talk) : 0,
    byMinute: [...counts]
      .sort(([a], [b]) => a - b)
      .map(([minute, count]) => ({ minute, words: count })),
    pauses: pauses.map(({ start, end }) => ({ start: tenths(start), end: tenths(end) })),
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
