import type { Progress } from '../protocol/events.ts';

/**
 * Something that stands in every line that a detector knows. Marks are searched in whole chunks of
 * output, so that output without progress costs next to nothing.
 */
export interface Mark {
  /** Begins with a rare character: a search stops at each of it, and a space costs 20 times as much as a `#`. */
  readonly text: string;
  /** Searched in the last 8 KiB of a chunk only, as the first character is a frequent one. */
  readonly nearEnd?: boolean;
  /** Stands in lines on which later ones build: these are looked at, too, where there are many. */
  readonly isContext?: boolean;
  /** A cheap look at what stands around a mark at `at`; most marks in a log are none. */
  fits(text: string, at: number): boolean;
}

/** What the lines of a program said that later ones do not repeat; its streams share it. */
export interface Memory {
  /** Seconds of sound or video that are worked on. */
  duration?: number;
  /** Seconds of it worked on in a second. */
  speed?: number;
  /** It tells its percent, so that its other signs are not needed. */
  percent?: boolean;
}

/** What a detector returns for a line that it knows and that tells nothing: no other one may look at it. */
export const NOTHING: Progress = Object.freeze({});

/** Finds one kind of progress in a line. */
export interface Detector {
  readonly name: string;
  readonly marks: readonly Mark[];
  /**
   * `line` has no escapes and no line's end. With `complete` false more of it may come, so that a
   * number at its end is not to be trusted. Pure but for `memory`.
   */
  detect(line: string, complete: boolean, memory: Memory): Progress | undefined;
}

/** Whether the character at `at` is a digit of ASCII. */
export function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of `12`, `01:02`, `1:02:03.5` or `1h2m3s`; `undefined` for anything else, such as `?` or `--:--`. */
export function parseSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+(?::\d+){0,3}(?:\.\d+)?$/.test(text)) {
    const units = [1, 60, 3600, 86_400];
    const parts = text.split(':').reverse();
    return parts.reduce((sum, part, index) => sum + Number(part) * (units[index] ?? 0), 0);
  }
  if (!/^(?:\d+(?:\.\d+)?[dhms]\s?){1,4}$/.test(text)) return undefined;
  let sum = 0;
  for (const [, number, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)([dhms])/g)) {
    sum += Number(number) * (SECONDS[unit] ?? 0);
  }
  return sum;
}

/**
 * Bytes of `1.5 MB` (a thousand thousands), `1.5MiB` and `1.5M` (1024 times 1024, as the tools write that leave out
 * the `B`), `1,500`; `undefined` for anything else.
 */
export function parseBytes(text: string | undefined): number | undefined {
  const match = /^(\d[\d,]*(?:\.\d+)?)\s?([kKMGTP]?)(iB|B)?$/.exec(text ?? '');
  if (match === null) return undefined;
  const [, number = '', prefix = '', unit] = match;
  const power = prefix === '' ? 0 : 'kMGTP'.indexOf(prefix === 'K' ? 'k' : prefix) + 1;
  return Math.round(Number(number.replaceAll(',', '')) * (unit === 'B' ? 1000 : 1024) ** power);
}

/** Leaves out the fields that are not known, as `Progress` wants it. */
export function progressOf(
  fields: { readonly [K in keyof Progress]: Progress[K] | undefined },
): Progress {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
