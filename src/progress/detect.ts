import { stripVTControlCharacters } from 'node:util';
import { withoutColours } from '../protocol/escapes.ts';
import type { Progress } from '../protocol/events.ts';
import { count } from './count.ts';
import { type Detector, type Memory, NOTHING } from './detector.ts';
import { alive, brackets, gauge, rich } from './drawn-bar.ts';
import { json } from './json.ts';
import { ffmpeg, sox, whisper } from './media.ts';
import { percent } from './percent.ts';
import { services } from './services.ts';
import { tqdm } from './tqdm.ts';
import { aria2, curl, dd, pv, rsync, wget } from './transfers.ts';

/** All that is known of how programs show progress. The first that finds some is right. */
export const DETECTORS: readonly Detector[] = [
  json,
  services,
  tqdm,
  alive,
  rich,
  ffmpeg,
  sox,
  whisper,
  curl,
  wget,
  rsync,
  aria2,
  dd,
  pv,
  brackets,
  gauge,
  percent,
  count,
];

/** One of these stands in every line that any detector knows. */
const HINT =
  /[%/{]|\d of \d|:\d\d |--:--| --> |^Input #|^(?:out_time|speed|progress)=|^(?:##|::)|\dK [ .]|^[[(][#█]/;

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
export function detectProgress(
  line: string,
  complete = true,
  memory: Memory = {},
): Progress | undefined {
  if (line.length > LONGEST || !HINT.test(line)) return undefined;
  const text = stripAnsi(line);
  for (const detector of DETECTORS) {
    const progress = detector.detect(text, complete, memory);
    if (progress !== undefined) return progress === NOTHING ? undefined : progress;
  }
  return undefined;
}
