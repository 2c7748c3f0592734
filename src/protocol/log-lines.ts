import { gapOf } from './curve.ts';
import { colourAfter, colouredText, plainText } from './escapes.ts';
import type { Failure, Iteration, Place, Result, RunEvent, Waits } from './events.ts';
import { clock } from './progress.ts';
import type { RunState } from './state.ts';

/** A text in the person's language, `{0}` and so on filled in. */
export type Translate = (message: string, ...args: (string | number | boolean)[]) => string;

/** A line of text without an end is written once it is this long. */
const LINE_LIMIT = 2000;

/** Text is written line by line, and sentence by sentence where a line is long. */
const WHOLE = /\n|(?<=[^\n]{60}[.!?…]["”')\]]*) +/;

/**
 * A run's events as lines for people: `[3/10] speak: ...`. Text is held back until its line is whole. A line
 * has no control characters but tabs; with `colours`, programs' own colours stay, closed at its end.
 */
export class LogLines {
  readonly #t: Translate;
  readonly #colours: boolean;
  /** The beginning of a line, by item and step: several may make text at once. */
  readonly #unfinished = new Map<number, Map<number, string>>();
  /** The step that each item is at. */
  readonly #steps = new Map<number, number>();
  /** The item that was told to wait. */
  #waiting = 0;
  /** The colours that a program's stream has left on, by item, step and stream. */
  readonly #on = new Map<string, string>();

  constructor(t: Translate, { colours = false }: { readonly colours?: boolean } = {}) {
    this.#t = t;
    this.#colours = colours;
  }

  /** The line above a run's own. */
  header({ run, started }: RunState): string {
    return plainText(`──── ${run.name} (${run.batch}), ${new Date(started).toLocaleString()} ────`);
  }

  /** Lines for one event; `state` holds it already, and may hold later ones. */
  lines(state: RunState, event: RunEvent): string[] {
    if (event.type === 'log') return this.#log(state, event);
    return this.#told(state, event).map(plainText);
  }

  #log(state: RunState, event: Extract<RunEvent, { type: 'log' }>): string[] {
    const rest = this.#flush(state, event.item, event.step).map(plainText);
    const prefix = plainText(this.#prefix(state, event.item, event.step));
    if (!this.#colours) return [...rest, ...event.lines.map((line) => prefix + plainText(line))];
    const stream = `${event.item} ${event.step} ${event.stream}`;
    const lines = event.lines.map((line) => {
      const before = this.#on.get(stream) ?? '';
      const coloured = colouredText(line);
      this.#on.set(stream, colourAfter(coloured, before));
      const plain = before === '' && !coloured.includes('\x1b');
      return `\x1b[2m${prefix}\x1b[22m${plain ? coloured : `${before}${coloured}\x1b[0m`}`;
    });
    return [...rest, ...lines];
  }

  #told(state: RunState, event: Exclude<RunEvent, { type: 'log' }>): string[] {
    switch (event.type) {
      case 'text':
        return this.#text(state, event.item, event.step, event.text);
      case 'start': {
        this.#waiting = 0;
        this.#steps.set(event.item, 0);
        const title = state.items[event.item - 1]?.title ?? '';
        const again = event.attempt > 1 ? ` (${this.#t('attempt {0}', event.attempt)})` : '';
        return [`${counter(state, event.item)}${title}${again}`];
      }
      case 'waits': {
        if (this.#waiting === event.item) return [];
        this.#waiting = event.item;
        return [`${counter(state, event.item)}${waitsText(event.waits, this.#t)}`];
      }
      case 'step':
        this.#steps.set(event.item, event.step);
        // The text of the step before goes on.
        return event.beside !== undefined ? [] : this.#flush(state, event.item);
      case 'result': {
        const line = `${this.#prefix(state, event.item, event.step)}${describe(event.result)}`;
        return [...this.#flush(state, event.item, event.step), line];
      }
      case 'silence': {
        const text = this.#t('no output for {0} s', event.seconds);
        return [`${this.#prefix(state, event.item, event.step)}${text}`];
      }
      case 'retry': {
        const again = this.#t(
          'attempt {0} failed, again in {1} s',
          event.attempt,
          event.delay / 1000,
        );
        return [
          ...this.#flush(state, event.item),
          ...this.#failure(state, event.item, event.failure, again),
        ];
      }
      case 'end': {
        const rest = [...this.#flush(state, event.item), ...this.#found(state, event.item)];
        if (event.state === 'done')
          return [...rest, `${counter(state, event.item)}${this.#word('done')}`];
        if (event.failure === undefined)
          return [...rest, `${counter(state, event.item)}${this.#word(event.state)}`];
        return [
          ...rest,
          ...this.#failure(state, event.item, event.failure, this.#word(event.state)),
        ];
      }
      case 'queue':
        if (event.state === 'running') return [];
        return [event.state === 'paused' ? this.#t('Paused.') : this.#t('Cancelling.')];
      case 'note':
        return [event.message];
      case 'finish':
        return [`──── ${summaryText(state, this.#t)} ────`];
      default:
        return [];
    }
  }

  #text(state: RunState, item: number, step: number, text: string): string[] {
    const unfinished = this.#unfinished.get(item) ?? new Map<number, string>();
    this.#unfinished.set(item, unfinished);
    const lines = `${unfinished.get(step) ?? ''}${text}`.split(WHOLE);
    const rest = lines.pop() ?? '';
    const prefix = this.#prefix(state, item, step);
    const out = lines.filter((line) => line.trim() !== '').map((line) => `${prefix}${line}`);
    unfinished.set(step, rest);
    return rest.length < LINE_LIMIT ? out : [...out, ...this.#flush(state, item, step)];
  }

  /** What is there of unfinished lines, of one step or of all. */
  #flush(state: RunState, item: number, only?: number): string[] {
    const unfinished = this.#unfinished.get(item) ?? new Map<number, string>();
    return [...unfinished].flatMap(([step, text]) => {
      if (only !== undefined && step !== only) return [];
      unfinished.delete(step);
      return text.trim() === '' ? [] : [`${this.#prefix(state, item, step)}${text}`];
    });
  }

  /** What a search has come to. */
  #found(state: RunState, item: number): string[] {
    const curve = state.items[item - 1]?.curve;
    if (curve === undefined) return [];
    const text = searchText(curve.last, this.#t);
    return [`${this.#prefix(state, item, curve.step)}${text}`];
  }

  #failure(state: RunState, item: number, failure: Failure, what: string): string[] {
    const step = this.#steps.get(item) ?? 0;
    return [`${this.#prefix(state, item, step)}${what}: ${failureText(failure)}`];
  }

  #prefix(state: RunState, item: number, step: number): string {
    const name = state.run.steps[step]?.name;
    return `${counter(state, item)}${name === undefined ? '' : `${name}: `}`;
  }

  #word(state: 'failed' | 'cancelled' | 'skipped' | 'done'): string {
    if (state === 'failed') return this.#t('failed');
    if (state === 'cancelled') return this.#t('cancelled');
    return state === 'skipped' ? this.#t('already made') : this.#t('done');
  }
}

/** How a run ended: `Biology: 9 of 10 done, 1 failed, 1:20`. */
export function summaryText(state: RunState, t: Translate): string {
  const { done, failed, cancelled, skipped } = state.counts;
  const parts = [t('{0} of {1} done', done, state.run.total)];
  if (skipped > 0) parts.push(t('{0} already made', skipped));
  if (failed > 0) parts.push(t('{0} failed', failed));
  if (cancelled > 0) parts.push(t('{0} cancelled', cancelled));
  const took = clock((state.ended ?? state.started) - state.started - state.pausedFor);
  return `${state.run.name}: ${parts.join(', ')}, ${took}`;
}

/** What a queued item waits for: `waits for memory: 6.0 GB, 4.1 GB are free`. */
export function waitsText({ needs, free }: Waits, t: Translate): string {
  return t('waits for memory: {0} GB, {1} GB are free', gigabytes(needs), gigabytes(free));
}

/** Bytes in GB, with one digit after the point. */
export function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

/** How a search stands: `iteration 412, best 7383147.1, 0.50 % above the bound`. */
export function searchText(last: Iteration, t: Translate): string {
  const best = Number(last.best.toPrecision(8));
  const gap = gapOf(last);
  return gap === undefined
    ? t('iteration {0}, best {1}', last.iteration, best)
    : t(
        'iteration {0}, best {1}, {2} % above the bound',
        last.iteration,
        best,
        (gap * 100).toFixed(2),
      );
}

function counter(state: RunState, item: number): string {
  return item === 0 ? '' : `[${item}/${state.run.total}] `;
}

/** A failure on one line: what happened, what to do, where. */
export function failureText({ message, hint, where }: Failure): string {
  // Messages come with and without a full stop.
  const stop = /[.!?…]$/.test(message) ? '' : '.';
  return `${message}${hint === undefined ? '' : `${stop} ${hint}`}${where === undefined ? '' : ` (${place(where)})`}`;
}

/** `out/001-cell.mp3 (0:42)` */
function describe(result: Result): string {
  return result.seconds === undefined
    ? result.path
    : `${result.path} (${clock(result.seconds * 1000)})`;
}

/** `prompts.txt:4:1`, which VS Code's output channel turns into a link. */
function place(where: Place): string {
  return [where.file, where.line, where.line === undefined ? undefined : where.column]
    .filter((part) => part !== undefined)
    .join(':');
}
