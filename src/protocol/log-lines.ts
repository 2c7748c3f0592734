import type { Failure, Place, Result, RunEvent } from './events.ts';
import { clock, finishedCount } from './progress.ts';
import type { RunState } from './state.ts';

/** A text in the person's language, `{0}` and so on filled in. */
export type Translate = (message: string, ...args: (string | number | boolean)[]) => string;

/** A line of text without an end is written once it is this long. */
const LINE_LIMIT = 2000;

interface Unfinished {
  readonly step: number;
  readonly text: string;
}

/** Text is written line by line, and sentence by sentence where a line is long. */
const WHOLE = /\n|(?<=[^\n]{60}[.!?…]["”')\]]*) +/;

/** A run's events as lines for people: `[3/10] speak: ...`. Text is held back until its line is whole. */
export class LogLines {
  readonly #t: Translate;
  readonly #unfinished = new Map<number, Unfinished>();

  constructor(t: Translate) {
    this.#t = t;
  }

  /** The line above a run's own; also where it stands, when it was found under way. */
  header(state: RunState): string[] {
    const { run } = state;
    const time = new Date(state.started).toLocaleTimeString();
    const title = `──── ${run.name} (${run.batch}), ${time} ────`;
    const finished = finishedCount(state);
    if (finished === 0) return ['', title];
    return ['', title, this.#t('{0} of {1} items were finished before.', finished, run.total)];
  }

  /** Lines for one event; `state` holds it already. */
  lines(state: RunState, event: RunEvent): string[] {
    switch (event.type) {
      case 'log': {
        const [prefix, rest] = [
          this.#prefix(state, event.item, event.step),
          this.#flush(state, event.item),
        ];
        return [...rest, ...event.lines.map((line) => `${prefix}${line}`)];
      }
      case 'text':
        return this.#text(state, event.item, event.step, event.text);
      case 'start': {
        const title = state.items[event.item - 1]?.title ?? '';
        const again = event.attempt > 1 ? ` (${this.#t('attempt {0}', event.attempt)})` : '';
        return [`${counter(state, event.item)}${title}${again}`];
      }
      case 'step':
        return this.#flush(state, event.item);
      case 'result': {
        const line = `${this.#prefix(state, event.item, event.step)}${describe(event.result)}`;
        return [...this.#flush(state, event.item), line];
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
        const rest = this.#flush(state, event.item);
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
        return [this.#summary(state)];
      default:
        return [];
    }
  }

  #text(state: RunState, item: number, step: number, text: string): string[] {
    const before = this.#unfinished.get(item);
    const same = before?.step === step;
    const out = same ? [] : this.#flush(state, item);
    const lines = `${same ? before.text : ''}${text}`.split(WHOLE);
    const rest = lines.pop() ?? '';
    const prefix = this.#prefix(state, item, step);
    for (const line of lines) if (line.trim() !== '') out.push(`${prefix}${line}`);
    this.#unfinished.set(item, { step, text: rest });
    return rest.length < LINE_LIMIT ? out : [...out, ...this.#flush(state, item)];
  }

  #flush(state: RunState, item: number): string[] {
    const rest = this.#unfinished.get(item);
    this.#unfinished.delete(item);
    if (rest === undefined || rest.text.trim() === '') return [];
    return [`${this.#prefix(state, item, rest.step)}${rest.text}`];
  }

  #failure(state: RunState, item: number, failure: Failure, what: string): string[] {
    const step = state.items[item - 1]?.step ?? 0;
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

  #summary(state: RunState): string {
    const { done, failed, cancelled, skipped } = state.counts;
    const parts = [this.#t('{0} of {1} done', done, state.run.total)];
    if (skipped > 0) parts.push(this.#t('{0} already made', skipped));
    if (failed > 0) parts.push(this.#t('{0} failed', failed));
    if (cancelled > 0) parts.push(this.#t('{0} cancelled', cancelled));
    const took = clock((state.ended ?? state.started) - state.started - state.pausedFor);
    return `──── ${state.run.name}: ${parts.join(', ')}, ${took} ────`;
  }
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
