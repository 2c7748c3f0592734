import type { Cue } from '../sound/captions.ts';
import type { Segment } from './transcript.ts';

/** What people can read at once: columns of a line, lines, seconds at the most and at the least. */
const LINE = 42;
const LINES = 2;
const LONGEST = 7;
const SHORTEST = 1;
/** What it is worth, in columns squared, that a part ends at a mark and not within a phrase. */
const AT_MARK = 300;
const MARK = /[.,;:!?…—、。，！？；：]["'”’»)\]]*$/u;

/** A word with what stands before it in its sentence. */
interface Piece {
  readonly text: string;
  readonly before: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Captions of a length that can be read, each within one segment: as few as there can be, about equally long, and cut
 * at marks where there are some.
 */
export function cuesOf(segments: readonly Segment[]): Cue[] {
  const cues = segments.flatMap((segment) =>
    evenly(piecesOf(segment), isReadable).map(
      (cue): Cue => ({
        start: cue[0]?.start ?? segment.start,
        end: cue.at(-1)?.end ?? segment.end,
        text: linesOf(cue).map(textOf).join('\n'),
      }),
    ),
  );
  return cues.map((cue, index) => {
    const until = cues[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    return { ...cue, end: Math.max(cue.end, Math.min(until, cue.start + SHORTEST)) };
  });
}

function piecesOf({ text, words }: Segment): Piece[] {
  let at = 0;
  return words.map((word): Piece => {
    const place = text.indexOf(word.text, at);
    const before = place < 0 ? ' ' : text.slice(at, place);
    if (place >= 0) at = place + word.text.length;
    return { ...word, before };
  });
}

function isReadable(pieces: readonly Piece[]): boolean {
  if ((pieces.at(-1)?.end ?? 0) - (pieces[0]?.start ?? 0) > LONGEST) return false;
  // The fewest lines are those that are filled one after another.
  let lines = 1;
  let line = 0;
  for (const [index, { text, before }] of pieces.entries()) {
    const own = columns(text);
    line += index === 0 ? own : columns(before) + own;
    if (line <= LINE || line === own) continue;
    lines += 1;
    line = own;
  }
  return lines <= LINES;
}

function linesOf(pieces: readonly Piece[]): Piece[][] {
  return evenly(pieces, (line) => columns(textOf(line)) <= LINE);
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text, before }, index) => (index === 0 ? text : before + text)).join('');
}

/** East Asian characters are as wide as two others (https://www.unicode.org/reports/tr11/). */
function columns(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** Cuts a text into the fewest parts that fit, the most even ones of these. A word that does not fit is a part. */
function evenly(pieces: readonly Piece[], fits: (part: readonly Piece[]) => boolean): Piece[][] {
  const best: { parts: number; cost: number; from: number }[] = [{ parts: 0, cost: 0, from: 0 }];
  for (let to = 1; to <= pieces.length; to += 1) {
    let found = { parts: Number.POSITIVE_INFINITY, cost: 0, from: to - 1 };
    for (let from = to - 1; from >= 0; from -= 1) {
      const part = pieces.slice(from, to);
      if (part.length > 1 && !fits(part)) break;
      const before = best[from];
      if (before === undefined) continue;
      const text = textOf(part);
      const torn = to < pieces.length && !MARK.test(text) ? AT_MARK : 0;
      const parts = before.parts + 1;
      const cost = before.cost + columns(text) ** 2 + torn;
      if (parts < found.parts || (parts === found.parts && cost < found.cost)) {
        found = { parts, cost, from };
      }
    }
    best.push(found);
  }
  const parts: Piece[][] = [];
  for (let to = pieces.length; to > 0; to = best[to]?.from ?? 0) {
    parts.unshift(pieces.slice(best[to]?.from ?? 0, to));
  }
  return parts;
}
