import type { Result, SoundPart } from '../protocol/events.ts';
import { stemOf } from './kinds.ts';
import { sentencesOf } from './sentences.ts';

/** A word of a line, and when it is said, in seconds. */
export interface Word {
  readonly text: string;
  readonly start: number;
  /** What stands between it and the word before, or the begin of the line. */
  readonly before: string;
  /** What it names, or is a part of: words of one name have the same. */
  readonly entity?: { readonly type: string };
}

/** A piece of what is said in a sound, and when it is said, in seconds. */
export interface Line {
  /** Markdown, where there are no words. */
  readonly text: string;
  readonly start: number;
  /** Its words, where it is known when each is said, and what stands behind the last one. */
  readonly words?: readonly Word[];
  readonly after?: string;
  /** It could not be spoken: silence stands for it. */
  readonly gap?: boolean;
}

/** What is said in a sound. */
export interface Script {
  readonly lines: readonly Line[];
  /** What is written and not yet spoken. */
  readonly rest: string;
  /** Whether it is known when the lines are said; otherwise it is reckoned from their length. */
  readonly exact: boolean;
}

/** The end of a text, which has `length` characters. */
export interface TextEnd {
  readonly text: string;
  readonly length: number;
}

const MOST_PARTS = 20_000;
/** Whoever goes back in the beginning of a sentence means the one before it, in seconds. */
const JUST_BEGUN = 1.5;
const SENTENCE_ENDS = /(?:[.!?…。！？:：][\p{Pe}\p{Pf}"'*_]*\s*|\n\s*)$/u;

/** What the parts of a sound say, and what is written behind them: `written` may be another text of the item. */
export function exactScript(parts: readonly SoundPart[], written?: TextEnd): Script {
  const lines = parts.map(({ text, start, gap }) => ({ text, start, ...(gap && { gap }) }));
  return { lines, rest: written === undefined ? '' : behind(parts, written), exact: true };
}

function behind(parts: readonly SoundPart[], { text, length }: TextEnd): string {
  const last = parts.at(-1);
  if (last === undefined) return text;
  const cut = length - text.length;
  const said = text.slice(Math.max(0, last.from - cut), Math.max(0, last.to - cut));
  return last.text.endsWith(said) ? text.slice(Math.max(0, last.to - cut)) : '';
}

/** A text in sentences; each is said when the sound of `seconds` is as far as the text is at it. */
export function reckonedScript({ text, length }: TextEnd, seconds: number): Script {
  const lines = sentencesOf(text, length - text.length).map((sentence) => ({
    text: sentence.text,
    start: (sentence.begin / Math.max(1, length)) * seconds,
  }));
  return { lines, rest: '', exact: false };
}

/** Index of the line, or word, that is said at a second; -1 before the first one. */
export function saidAt(said: readonly { readonly start: number }[], second: number): number {
  // What is shown as a place is rounded, and a place just before a line means the line.
  return said.findLastIndex(({ start }) => start <= second + 0.01);
}

/** Where the sentence begins that is `by` after the one at a second: a sentence may be spoken in several parts. */
export function sentenceBeside({ lines }: Script, second: number, by: 1 | -1): number | undefined {
  const starts = lines
    .filter((_, index) => index === 0 || SENTENCE_ENDS.test(lines[index - 1]?.text ?? ''))
    .map(({ start }) => start);
  if (by > 0) return starts.find((start) => start > second + 0.01);
  const before = second - JUST_BEGUN;
  return starts.findLast((start) => start <= before) ?? starts[0];
}

/** The result that says when each part of a sound is said: `NAME.json` beside it. */
export function timingsBeside(results: readonly Result[], { path }: Result): number | undefined {
  const wanted = `${stemOf(path)}.json`;
  const index = results.findIndex((other) => other.path === wanted && other.path !== path);
  return index === -1 ? undefined : index;
}

/** The parts of a sound as the file of timings beside it has them; `undefined` for any other file. */
export function partsIn(json: string): readonly SoundPart[] | undefined {
  let chunks: unknown;
  try {
    chunks = JSON.parse(json)?.chunks;
  } catch {
    return undefined;
  }
  if (!Array.isArray(chunks) || chunks.length > MOST_PARTS) return undefined;
  return chunks.every(isPart) ? chunks : undefined;
}

function isPart(value: unknown): value is SoundPart {
  if (typeof value !== 'object' || value === null) return false;
  const part = value as Record<string, unknown>;
  const numbers = ['chunk', 'from', 'to', 'start', 'end'] as const;
  return typeof part['text'] === 'string' && numbers.every((key) => Number.isFinite(part[key]));
}
