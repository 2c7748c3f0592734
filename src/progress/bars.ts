import { colouredText, isOnlyColoured } from '../protocol/escapes.ts';
import { detectProgress, stripAnsi } from './detect.ts';

/** Moves up: how programs redraw bars that stand in several rows. */
const CURSOR_UP = /\x1b\[\d*[AF]/;
/** Bars whose last state is kept; more rows than a program draws. */
const MOST = 16;

/**
 * Takes all escapes but colours out of lines, and keeps the rows of bars that are redrawn in place from filling the
 * log: tqdm ends a row with `\n` and moves up again for each redraw of an inner bar. Of such rows
 * the last state of each bar is told, when another line comes or the output ends.
 */
export class RowFilter {
  #redraws = false;
  readonly #rows = new Map<string, string>();

  /**
   * `moves` is what the lines were made from, but for the beginning of the first one; empty where that has no other
   * escapes than colours.
   */
  filter(lines: string[], moves: string): string[] {
    const [first = ''] = lines;
    if (moves === '' && !this.#redraws && isOnlyColoured(first)) return lines;
    this.#redraws ||= CURSOR_UP.test(moves) || CURSOR_UP.test(first);
    return this.#redraws ? lines.flatMap((line) => this.#filterRow(line)) : lines.map(colouredText);
  }

  /** The last states that were not told yet. */
  take(): string[] {
    const rows = [...this.#rows.values()];
    this.#rows.clear();
    return rows;
  }

  #filterRow(line: string): string[] {
    const text = stripAnsi(line);
    const progress = detectProgress(text);
    if (progress !== undefined) {
      const key = progress.phase ?? '';
      // Again at the end, so that the order is that of the last states.
      this.#rows.delete(key);
      if (this.#rows.size < MOST) this.#rows.set(key, colouredText(line));
      return [];
    }
    // A row that was wiped, or left to be drawn again.
    if (text.trim() === '' && (line !== text || this.#rows.size > 0)) return [];
    return [...this.take(), colouredText(line)];
  }
}
