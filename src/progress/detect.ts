import { stripVTControlCharacters } from 'node:util';
import type { Progress } from '../protocol/events.ts';
import { count } from './count.ts';
import type { Detector, Mark } from './detector.ts';
import { json } from './json.ts';
import { percent } from './percent.ts';
import { tqdm } from './tqdm.ts';

/** All that is known of how programs show progress. The first that finds some is right. */
export const DETECTORS: readonly Detector[] = [json, tqdm, percent, count];

/** Longer lines are data; looking at them costs more than they tell. */
const LONGEST = 4096;

/** Text without the escapes that colour it or move the cursor. */
export function stripAnsi(text: string): string {
  return text.includes('\x1b') || text.includes('\x9b') ? stripVTControlCharacters(text) : text;
}

/**
 * The progress that a line tells, if any. `complete` is false for a line of which more may come.
 */
export function detectProgress(line: string, complete = true): Progress | undefined {
  if (line.length > LONGEST || !/[%/{]|\d of \d/.test(line)) return undefined;
  const text = stripAnsi(line);
  // A JSON line is not looked at for anything else: its numbers are data.
  if (text.startsWith('{')) return json.detect(text, complete);
  for (const detector of DETECTORS) {
    const progress = detector.detect(text, complete);
    if (progress !== undefined) return progress;
  }
  return undefined;
}

/** Each mark once, with all that look for it. */
const MARKS: readonly Mark[] = DETECTORS.flatMap((detector) => detector.marks);

/** Lines looked at in one chunk: the last ones, as only the last state counts. */
const MOST_LINES = 32;
/** Marks looked at in one chunk; in output full of them only its end is searched. */
const MOST_MARKS = 256;
const END = 4096;

function search(text: string, mark: Mark, starts: number[]): void {
  let left = MOST_MARKS;
  for (let at = text.indexOf(mark.text); at !== -1; at = text.indexOf(mark.text, at + 1)) {
    left -= 1;
    if (left === 0) at = Math.max(at, text.length - END);
    else if (left < -MOST_MARKS) return;
    else if (mark.fits(text, at)) starts.push(text.lastIndexOf('\n', at) + 1);
  }
}

/**
 * Where the lines of a chunk that may tell progress begin, in order: the last `MOST_LINES`. A line
 * that began before the chunk begins at 0.
 */
export function findCandidates(text: string): readonly number[] {
  const starts: number[] = [];
  for (const mark of MARKS) search(text, mark, starts);
  if (starts.length === 0) return starts;
  return [...new Set(starts)].sort((a, b) => a - b).slice(-MOST_LINES);
}
