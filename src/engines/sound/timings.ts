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

/** WebVTT (https://www.w3.org/TR/webvtt1/): a cue for each chunk. */
export function webVtt(timings: readonly Timing[]): string {
  const cues = timings.map(({ chunk, said, start, end, gap }) => {
    const text = said
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replace(/\s*\n\s*/g, '\n');
    return `${chunk}\n${clock(start)} --> ${clock(end)}\n${text}${gap ? ' [not spoken]' : ''}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

/** The chunks as JSON: `{ "seconds", "chunks": [{ "chunk", "text", "from", "to", "said", "start", "end" }] }`. */
export function timingsJson(timings: readonly Timing[], seconds: number): string {
  return `${JSON.stringify({ seconds, chunks: timings }, undefined, 2)}\n`;
}

function clock(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const rest = String(ms % 1000).padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${rest}`;
}
