import { LogLines, type Translate } from '../protocol/log-lines.ts';
import { EMPTY_STATE, type RunState } from '../protocol/state.ts';
import type { RunHandle } from '../runner/client.ts';
import { type Disposable, Disposables } from './disposables.ts';
import type { Runs } from './runs.ts';

/** The channel repaints about every 300 ms: more messages than this only cost. */
const FLUSH_DELAY = 100;

/** Where the lines go; VS Code's output channel is one. */
export interface LineSink {
  append(text: string): void;
}

interface Written {
  readonly lines: LogLines;
  /** The run's state when it was found. */
  readonly found: RunState;
  /** Number of the last event that was written. */
  seq: number;
}

/** Writes every live run to the output channel, as it happens and in order. */
export class RunOutput implements Disposable {
  readonly #runs: Runs;
  readonly #sink: LineSink;
  readonly #t: Translate;
  readonly #owned = new Disposables();
  readonly #written = new Map<string, Written>();
  #buffer: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: Runs, sink: LineSink, t: Translate) {
    this.#runs = runs;
    this.#sink = sink;
    this.#t = t;
    for (const run of runs.live) this.#begin(run);
    this.#owned.add(
      runs.added.on((run) => {
        // A finished run that was loaded from the history is no news.
        if (run.state.ended === undefined) this.#begin(run);
      }),
    );
    this.#owned.add(runs.removed.on((run) => this.#written.delete(run.id)));
    this.#owned.add(
      runs.changed.on(({ run, events }) => {
        const written = this.#written.get(run.id) ?? this.#begin(run);
        const [first] = events;
        if (written.seq === 0 && first !== undefined) {
          // Of a run that is heard from its first event on, nothing was finished before.
          const begun =
            first.seq === 1 ? { ...run.state, counts: EMPTY_STATE.counts } : written.found;
          for (const line of written.lines.header(begun)) this.#write(line);
        }
        // Lines of two runs may stand among each other.
        const name = this.#runs.live.length > 1 ? `${run.state.run.name} ` : '';
        for (const event of events) {
          if (event.seq <= written.seq) continue;
          written.seq = event.seq;
          for (const line of written.lines.lines(run.state, event)) {
            this.#write(line.startsWith('[') ? `${name}${line}` : line);
          }
        }
      }),
    );
  }

  dispose(): void {
    this.#owned.dispose();
    this.#flush();
  }

  #begin(run: RunHandle): Written {
    const lines = new LogLines(this.#t);
    const written = { lines, found: run.state, seq: 0 };
    this.#written.set(run.id, written);
    return written;
  }

  #write(line: string): void {
    this.#buffer.push(line);
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_DELAY);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#buffer.length === 0) return;
    const text = `${this.#buffer.join('\n')}\n`;
    this.#buffer = [];
    this.#sink.append(text);
  }
}
