import type { Progress } from '../protocol/events.ts';

/**
 * Something that stands in every line that a detector knows. Marks are searched in whole chunks of
 * output, so that output without progress costs next to nothing.
 */
export interface Mark {
  /** Best one rare character: a search stops at each of the first one. */
  readonly text: string;
  /** Searched in the last 8 KiB of a chunk only, as the first character is a frequent one. */
  readonly nearEnd?: boolean;
  /** A cheap look at what stands around a mark at `at`; most marks in a log are none. */
  fits(text: string, at: number): boolean;
}

/** Finds one kind of progress in a line. */
export interface Detector {
  readonly name: string;
  readonly marks: readonly Mark[];
  /**
   * `line` has no escapes and no line's end. With `complete` false more of it may come, so that a
   * number at its end is not to be trusted.
   */
  detect(line: string, complete: boolean): Progress | undefined;
}

/** Whether the character at `at` is a digit of ASCII. */
export function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** Seconds of `12`, `01:02` or `1:02:03`; `undefined` for anything else, such as `?`. */
export function parseSeconds(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+(?::\d+){0,3}$/.test(text)) return undefined;
  const units = [1, 60, 3600, 86_400];
  const parts = text.split(':').reverse();
  return parts.reduce((sum, part, index) => sum + Number(part) * (units[index] ?? 0), 0);
}

/** Leaves out the fields that are not known, as `Progress` wants it. */
export function progressOf(
  fields: { readonly [K in keyof Progress]: Progress[K] | undefined },
): Progress {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
