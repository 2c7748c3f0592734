import { webVttOf } from './captions.ts';

/** A chunk of a text and where it is in its sound. */
export interface Timing {
  readonly chunk: number;
  /** What is written, and where it stands in the text, in UTF-16 units. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** What is said of it. */
  readonly said: string;
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  /** It could not be spoken: silence stands for it. */
  readonly gap?: boolean;
}

/** WebVTT: a cue for each chunk. */
export function webVtt(timings: readonly Timing[]): string {
  const cues = timings.map(({ chunk, said, start, end, gap }) => {
    return { name: String(chunk), start, end, text: gap ? `${said} [not spoken]` : said };
  });
  return webVttOf(cues);
}

/** The chunks as JSON: `{ "seconds", "chunks": [{ "chunk", "text", "from", "to", "said", "start", "end" }] }`. */
export function timingsJson(timings: readonly Timing[], seconds: number): string {
  return `${JSON.stringify({ seconds, chunks: timings }, undefined, 2)}\n`;
}
