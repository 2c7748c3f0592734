import { quantile } from '../../bench/lib/table.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import { ofType } from './sluice.ts';
import type { Shown } from './watch-text.ts';

/** How late the lines of `three_levels.py` are, each of which says when it was printed. */

const LINE = /^line (\d+) at (\d+\.\d+)$/;

interface Line {
  readonly number: number;
  /** When it was printed and when it was there, in ms since 1970. */
  readonly printed: number;
  readonly time: number;
}

export interface Delays {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** From the moment that a line was printed to its event. */
export function eventDelays(events: readonly RunEvent[]): number[] {
  return linesOf(events).map(({ printed, time }) => time - printed);
}

/**
 * From the moment that a line was printed until it was on the page, or a later line in its place: lines
 * that come within one frame are shown as the last of them.
 */
export function shownDelays(events: readonly RunEvent[], shown: readonly Shown[]): number[] {
  const seen = shown.flatMap(({ text, time }) => {
    const number = Number(LINE.exec(text)?.[1]);
    return Number.isNaN(number) ? [] : [{ number, time }];
  });
  return linesOf(events).map((line) => {
    const there = seen.find(({ number }) => number >= line.number);
    return (there?.time ?? Number.POSITIVE_INFINITY) - line.printed;
  });
}

export function summary(delays: readonly number[]): Delays {
  return {
    count: delays.length,
    p50: quantile(delays, 0.5),
    p99: quantile(delays, 0.99),
    most: quantile(delays, 1),
  };
}

/** `200 lines: p50 3.1 ms, p99 9.8 ms, most 12.0 ms` */
export function describeDelays({ count, p50, p99, most }: Delays): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return `${count} lines: p50 ${ms(p50)}, p99 ${ms(p99)}, most ${ms(most)}`;
}

function linesOf(events: readonly RunEvent[]): Line[] {
  return ofType(events, 'log').flatMap(({ lines, time }) =>
    lines.flatMap((text) => {
      const [, number, printed] = LINE.exec(text) ?? [];
      return number === undefined
        ? []
        : [{ number: Number(number), printed: Number(printed), time }];
    }),
  );
}
