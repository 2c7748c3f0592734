import type { Progress } from '../protocol/events.ts';
import { type Detector, isDigit, progressOf } from './detector.ts';

const NUMBER = String.raw`\d{1,3}(?:,\d{3})+|\d{1,10}`;
/** Not after a part of a word, path, date, version, address or price. */
const BEFORE = String.raw`(?<![\w./:\\,$€£+~@-]|\d= ?)`;
/** Not before one either; a `.` or `,` may end a sentence. */
const AFTER = String.raw`(?![\w/:\\%=-]|[.,]\d)`;
const SLASH = new RegExp(`${BEFORE}(${NUMBER})\\s?/\\s?(${NUMBER})${AFTER}`, 'g');
const OF = new RegExp(`${BEFORE}(${NUMBER}) of (${NUMBER})${AFTER}`, 'g');
const BYTES = new RegExp(
  String.raw`${BEFORE}(\d+(?:\.\d+)?)\s?/\s?(\d+(?:\.\d+)?)\s?([kKMGT]i?B|bytes)\b`,
);

/** What is counted is an outcome, not a way: `5/5 tests passed`, `0/3 nodes available`. */
const OUTCOME =
  /^[\])]?\s*(?:\w+\s+){0,2}(?:passe[ds]|pass|fail(?:ed|ures?)?|succeeded|successful|correct|available|ready|healthy|matched|stars?|points?|votes?|am|pm)\b/i;
/** Scores and sizes that are written in the same way. */
const SCORE =
  /\b(?:score|rating|rated|passed|failed|accuracy|acc|correct|ratio|aspect|date|version|grade|average|severity|exit(?:ed)?|default)\W{0,3}$/i;
/** The rest of a date without a year: `03/04 12:30:00`. */
const CLOCK = /^,?\s+\d{1,2}:\d\d/;
/** A unit after it; only words that are counted in this way. */
const UNIT =
  /^[\])]?\s+(items?|files?|images?|frames?|pages?|rows?|lines?|steps?|epochs?|batch(?:es)?|chunks?|samples?|records?|tasks?|tokens?|segments?|sentences?|objects?)\b/i;

/** Lines of test runners and of patches: what stands in them are names and text. */
const OTHERS =
  /^\s*(?:(?:not )?ok \d|# Subtest|(?:PASS|FAIL)(?:ED)?\b|[✓✔✖✗✘×√]\s)|^@@ -\d|^[+-][^\s\d[]/u;

/** Whether a line tells the outcome of something, or is a part of another text. */
export function isOutcome(line: string): boolean {
  return OTHERS.test(line);
}

function toNumber(text: string | undefined): number {
  return Number((text ?? '').replaceAll(',', ''));
}

function accept(line: string, match: RegExpExecArray, complete: boolean): Progress | undefined {
  const end = match.index + match[0].length;
  // `1/2` may become `1/20`, and `1/2,` become `1/2,000`.
  if (!complete && /^[.,]?$/.test(line.slice(end, end + 2))) return undefined;
  const done = toNumber(match[1]);
  const total = toNumber(match[2]);
  if (total === 0 || done > total) return undefined;
  const before = line.slice(Math.max(0, match.index - 24), match.index);
  const after = line.slice(end, end + 48);
  if (OUTCOME.test(after) || SCORE.test(before) || CLOCK.test(after)) return undefined;
  const unit = UNIT.exec(after)?.[1]?.toLowerCase();
  return progressOf({ fraction: done / total, done, total, unit });
}

/** `3/10`, `[3/10]`, `3 of 10`, `1.5/3.0 MB`: the first of them in a line that is no outcome. */
export function detectCount(line: string, complete: boolean): Progress | undefined {
  if (isOutcome(line)) return undefined;
  if (line.includes('/')) {
    const bytes = BYTES.exec(line);
    if (bytes !== null) {
      const done = Number(bytes[1]);
      const total = Number(bytes[2]);
      if (total > 0 && done <= total) {
        return progressOf({ fraction: done / total, done, total, unit: bytes[3] });
      }
    }
    for (const match of line.matchAll(SLASH)) {
      const found = accept(line, match, complete);
      if (found !== undefined) return found;
    }
  }
  if (line.includes(' of ')) {
    for (const match of line.matchAll(OF)) {
      const found = accept(line, match, complete);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function skipSpace(text: string, at: number, step: 1 | -1): number {
  return text.charCodeAt(at) === 32 ? at + step : at;
}

/** Counts: `n/m`, `[n/m]`, `n of m`. */
export const count: Detector = {
  name: 'count',
  marks: [
    {
      text: '/',
      fits: (text, at) =>
        isDigit(text, skipSpace(text, at + 1, 1)) && isDigit(text, skipSpace(text, at - 1, -1)),
    },
    {
      // Of ` of ` the rarest letter.
      text: 'f ',
      nearEnd: true,
      fits: (text, at) =>
        isDigit(text, at + 2) && text.startsWith(' o', at - 2) && isDigit(text, at - 3),
    },
  ],
  detect: detectCount,
};
