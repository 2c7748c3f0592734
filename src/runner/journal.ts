import type { Fact, RunEvent } from '../protocol/events.ts';
import { applyEvents, EMPTY_STATE, type RunState } from '../protocol/state.ts';
import { KeptEvents } from './kept-events.ts';
import { LogFile } from './log-file.ts';

/** Clients get what comes within so many ms as one batch. */
const FLUSH_MS = 5;

/** Events that are worth nothing once the next one is there: they are not written. */
const REPLACED: ReadonlySet<Fact['type']> = new Set(['progress', 'schedule']);

type Listener = (events: readonly RunEvent[]) => void;

/**
 * The event log of a run: numbers events, keeps the latest in memory, holds the state that they give,
 * tells listeners in batches, and appends all but what is soon replaced to a file off the hot path.
 */
export class Journal {
  readonly #listeners = new Set<Listener>();
  readonly #kept = new KeptEvents();
  #file: LogFile | undefined;
  #fresh: RunEvent[] = [];
  #state: RunState = EMPTY_STATE;
  #seq = 0;
  #flushTimer: NodeJS.Timeout | undefined;

  /** @param onPressure told `true` when events come faster than the disk takes them, then `false` */
  static async open(path: string, onPressure: (high: boolean) => void): Promise<Journal> {
    const journal = new Journal();
    journal.#file = await LogFile.open(path, onPressure, (error) =>
      journal.emit({
        type: 'note',
        level: 'warning',
        message: `The log of this run could not be written: ${error.message}. The run goes on without it.`,
      }),
    );
    return journal;
  }

  emit(fact: Fact): void {
    this.#seq += 1;
    const event = Object.assign({ seq: this.#seq, time: Date.now() }, fact) as RunEvent;
    this.#fresh.push(event);
    this.#kept.add(event);
    if (!REPLACED.has(event.type)) this.#file?.append(JSON.stringify(event));
    // Whoever finds a run that was killed at once shall know what it was.
    if (event.type === 'items') this.#file?.flush();
    this.#flushTimer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Tells the listeners now what they have not been told yet. */
  flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    if (this.#fresh.length === 0) return;
    const events = this.#fresh;
    this.#fresh = [];
    this.#state = applyEvents(this.#state, events);
    for (const listener of this.#listeners) listener(events);
  }

  get state(): RunState {
    this.flush();
    return this.#state;
  }

  /** The events after number `after`, or `undefined` when they are not all kept any more. */
  since(after: number): readonly RunEvent[] | undefined {
    this.flush();
    return this.#kept.since(after, this.#seq);
  }

  subscribe(listener: Listener): () => void {
    this.flush();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when what was told is in the file: a crash does not take it back. */
  async kept(): Promise<void> {
    this.flush();
    await this.#file?.written();
  }

  /** Writes what is left and closes the file. */
  async close(): Promise<void> {
    this.flush();
    await this.#file?.close();
    this.#file = undefined;
  }
}
