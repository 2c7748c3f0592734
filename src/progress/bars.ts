import { detectProgress, stripAnsi } from './detect.ts';

/** Moves up: how programs redraw bars that stand in several rows. */
const CURSOR_UP = /\x1b\[\d*[AF]/;
/** Bars whose last state is kept; more rows than a program draws. */
const MOST = 16;

/**
 * Takes escapes out of lines, and keeps the rows of bars that are redrawn in place from filling the
 * log: tqdm ends a row with `\n` and moves up again for each redraw of an inner bar. Of such rows
 * the last state of each bar is told, when another line comes or the output ends.
 */
export class RowFilter {
  #redraws = false;
  readonly #rows = new Map<string, string>();

  /** `text` is what the lines were made from; it may be empty where that held no escapes. */
  filter(lines: string[], text: string): string[] {
    const escaped = text.includes('\x1b') || lines[0]?.includes('\x1b') === true;
    if (!escaped && !this.#redraws) return lines;
    this.#redraws ||= CURSOR_UP.test(text) || CURSOR_UP.test(lines[0] ?? '');
    return this.#redraws ? lines.flatMap((line) => this.#filterRow(line)) : lines.map(stripAnsi);
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
      if (this.#rows.size < MOST) this.#rows.set(key, text);
      return [];
    }
    // A row that was wiped, or left to be drawn again.
    if (text.trim() === '' && (line !== text || this.#rows.size > 0)) return [];
    return [...this.take(), text];
  }
}
