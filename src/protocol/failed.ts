import { plainText } from './escapes.ts';
import type { Failure, Place } from './events.ts';
import { failureText } from './log-lines.ts';
import type { ItemState, RunState } from './state.ts';

/** Where a person looks for what failed: the place that the failure names, or that of the input. */
export function failurePlace({ failure, source }: ItemState): Place | undefined {
  return failure?.where ?? source;
}

/** What happened and what to do, on one line, for where the place is told by other means. */
export function failureMessage({ message, hint }: Failure): string {
  const text = failureText({ message, ...(hint === undefined ? {} : { hint }) });
  return plainText(text.replace(/\s+/g, ' ').trim());
}

/**
 * The failed items of a run, a line each, as compilers tell of errors: `FILE:LINE:COLUMN: MESSAGE`. A file
 * is relative to the workspace where it lies in it.
 */
export function failedLines({ items, run }: RunState): string[] {
  return items.flatMap((item) => {
    if (item.state !== 'failed' || item.failure === undefined) return [];
    const { file, line = 1, column = 1 } = failurePlace(item) ?? { file: run.batch };
    return [`${plainText(file)}:${line}:${column}: ${failureMessage(item.failure)}`];
  });
}
