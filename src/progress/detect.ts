import { stripVTControlCharacters } from 'node:util';
import { withoutColours } from '../protocol/escapes.ts';
import type { Progress } from '../protocol/events.ts';
import { count } from './count.ts';
import type { Detector } from './detector.ts';
import { json } from './json.ts';
import { percent } from './percent.ts';
import { tqdm } from './tqdm.ts';

/** All that is known of how programs show progress. The first that finds some is right. */
export const DETECTORS: readonly Detector[] = [json, tqdm, percent, count];

/** Longer lines are data; looking at them costs more than they tell. */
const LONGEST = 4096;

/** Text without the escapes that colour it or move the cursor. */
export function stripAnsi(text: string): string {
  const plain = withoutColours(text);
  return plain.includes('\x1b') || plain.includes('\x9b') ? stripVTControlCharacters(plain) : plain;
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
