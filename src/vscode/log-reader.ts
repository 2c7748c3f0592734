import type { RunEvent } from '../protocol/events.ts';
import { LogLines, type Translate } from '../protocol/log-lines.ts';
import type { Runs } from '../runner/runs.ts';
import { type Disposable, Disposables } from './disposables.ts';
import { EventReader } from './event-reader.ts';

export interface LogReaderOptions {
  readonly runs: Runs;
  /** A run that is known now. */
  readonly run: string;
  readonly t: Translate;
  /** Bytes of the run's log that are read, its end. */
  readonly limit: number;
  /** Keep the colours of programs. */
  readonly colours?: boolean;
  /** Only what is said of this item. */
  readonly item?: number;
  /** Told of lines for people, in order. `item` is the item that they are about, 0 for none. */
  readonly write: (lines: readonly string[], item: number) => void;
}

/** The log of a run for people: from its beginning, and on as it happens. */
export class LogReader implements Disposable {
  /** Resolves when all is written that had happened when the reading began. */
  readonly whole: Promise<void>;
  readonly #options: LogReaderOptions;
  readonly #lines: LogLines;
  readonly #events: EventReader;
  readonly #owned = new Disposables();
  #begun = false;
  #ended = false;

  constructor(options: LogReaderOptions) {
    this.#options = options;
    const { runs, run, t, limit, colours = false } = options;
    this.#lines = new LogLines(t, { colours });
    const tell = (events: readonly RunEvent[]): void => this.#tell(events);
    this.#events = this.#owned.add(new EventReader({ runs, run, limit, tell }));
    this.whole = this.#events.whole.then(() => {
      this.#begin();
      return this.#checkEnd();
    });
    this.#owned.add(
      runs.changed.on((change) => {
        if (change.run.id === run && change.events.length === 0) void this.#checkEnd();
      }),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #begin(): void {
    const { runs, run, t, write } = this.#options;
    const state = runs.get(run)?.state;
    if (this.#begun || state === undefined || this.#owned.disposed) return;
    this.#begun = true;
    write([this.#lines.header(state)], 0);
    if (this.#events.cut) write([t('The beginning is left out: this log is very long.')], 0);
  }

  #tell(events: readonly RunEvent[]): void {
    const { runs, run, item, write } = this.#options;
    const state = runs.get(run)?.state;
    if (state === undefined) return;
    this.#begin();
    for (const event of events) {
      if (event.type === 'finish') this.#ended = true;
      const about = 'item' in event ? event.item : 0;
      if (item !== undefined && about !== item) continue;
      const lines = this.#lines.lines(state, event);
      if (lines.length > 0) write(lines, about);
    }
  }

  /** A runner that was killed says no last word. */
  async #checkEnd(): Promise<void> {
    const { runs, run, t, write } = this.#options;
    await this.#events.catchUp();
    if (this.#ended || this.#owned.disposed || runs.get(run)?.state.state !== 'interrupted') return;
    this.#ended = true;
    write([t('The run was interrupted: its runner is gone.')], 0);
  }
}
