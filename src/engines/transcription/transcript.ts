import { z } from 'zod';
import { createChunker } from '../language/chunker/chunker.ts';
import { srtOf, webVttOf } from '../sound/captions.ts';
import { cuesOf } from './cues.ts';
import type { Range, Word } from './engine.ts';

/** Silence behind a sentence that begins a new paragraph, in seconds. */
const PARAGRAPH = 2;

const seconds = z.number().nonnegative();
const range = z.object({ start: seconds, end: seconds });
const word = range.extend({ text: z.string() });

/** `transcript.json`: see docs/recordings.md. */
export const transcriptFile = z.object({
  version: z.literal(1),
  /** BCP 47; `und` when nobody said it. */
  language: z.string(),
  seconds,
  /** Whether the times of words were measured, and not spread by their length. */
  timed: z.boolean(),
  engine: z.string(),
  model: z.string().optional(),
  speech: z.array(range),
  segments: z.array(
    range.extend({
      text: z.string(),
      /** A new paragraph begins here. */
      paragraph: z.boolean().optional(),
      words: z.array(word),
    }),
  ),
});

/** A recording written down: its sentences, each with its words and times in seconds. */
export type Transcript = z.infer<typeof transcriptFile>;
export type Segment = Transcript['segments'][number];

/** What was heard in one stretch of speech. */
export interface Stretch extends Range {
  readonly text: string;
  readonly words: readonly Word[];
  readonly ranges: readonly Range[];
}

/** What stands between two stretches in the text. */
export function between(before: Stretch, after: Pick<Stretch, 'start'>): string {
  const ended = /[.!?…。！？]["'”’»)\]]*$/.test(before.text);
  return ended && after.start - before.end >= PARAGRAPH ? '\n\n' : ' ';
}

/** The sentences of what was heard. */
export function segmentsOf(stretches: readonly Stretch[], language: string): Segment[] {
  const heard = stretches.filter(({ text }) => text !== '');
  const chunker = createChunker({ markdown: false, language });
  const places: { readonly at: number; readonly word: Word }[] = [];
  let text = '';
  for (const [index, stretch] of heard.entries()) {
    const before = heard[index - 1];
    if (before !== undefined) text += between(before, stretch);
    let at = text.length;
    text += stretch.text;
    for (const one of stretch.words) {
      const found = text.indexOf(one.text, at);
      if (found >= 0) at = found;
      places.push({ at, word: one });
      if (found >= 0) at += one.text.length;
    }
  }
  const chunks = [...chunker.push(text), ...chunker.end()].filter((one) => one.text.trim() !== '');
  let next = 0;
  return chunks.flatMap((chunk, index): Segment[] => {
    const words: Word[] = [];
    const until = chunks[index + 1]?.start ?? text.length;
    for (; (places[next]?.at ?? Number.POSITIVE_INFINITY) < until; next += 1) {
      const { word: one } = places[next] ?? {};
      if (one !== undefined) words.push(one);
    }
    const [first] = words;
    const last = words.at(-1);
    if (first === undefined || last === undefined) return [];
    const behind = text.slice(0, chunk.start).trimEnd().length;
    const paragraph = index > 0 && text.slice(behind, chunk.start).includes('\n');
    return [
      {
        start: first.start,
        end: last.end,
        text: chunk.text.trim(),
        ...(paragraph ? { paragraph } : {}),
        words: words.map((one) => ({ ...one })),
      },
    ];
  });
}

/** The text of segments, and where each of them begins in it, in UTF-16 units. */
export function textOf(segments: readonly Pick<Segment, 'text' | 'paragraph'>[]): {
  readonly text: string;
  readonly starts: readonly number[];
} {
  let text = '';
  const starts = segments.map((segment, index) => {
    if (index > 0) text += segment.paragraph === true ? '\n\n' : ' ';
    const start = text.length;
    text += segment.text;
    return start;
  });
  return { text, starts };
}

/** The files of a transcript, by their endings. */
export const TRANSCRIPT_FORMS: Readonly<Record<string, (transcript: Transcript) => string>> = {
  '.json': (transcript) => `${JSON.stringify(transcript, undefined, 1)}\n`,
  '.txt': ({ segments }) => `${textOf(segments).text}\n`,
  '.srt': ({ segments }) => srtOf(cuesOf(segments)),
  '.vtt': ({ segments }) => webVttOf(cuesOf(segments)),
};
