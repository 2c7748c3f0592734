import { type FileHandle, open } from 'node:fs/promises';
import type { Fact, RunEvent } from '../protocol/events.ts';
import { applyEvents, EMPTY_STATE, type RunState } from '../protocol/state.ts';

/** Clients get what comes within so many ms as one batch. */
const FLUSH_MS = 5;
/** The log goes to disk at least so often, and whenever so many characters wait. */
const DISK_MS = 500;
const DISK_CHARS = 128 << 10;
/** Beyond this the sources of events should hold back until the disk has caught up. */
const HIGH_CHARS = 1 << 20;
/** What is kept for clients that come back, in events and in characters of their text. */
const KEPT_EVENTS = 50_000;
const KEPT_CHARS = 1 << 20;

type Listener = (events: readonly RunEvent[]) => void;

/**
 * The event log of a run: numbers events, keeps the latest in memory, holds the state that they give,
 * tells listeners in batches, and appends all but progress to a file off the hot path.
 */
export class Journal {
  readonly #listeners = new Set<Listener>();
  readonly #onPressure: (high: boolean) => void;
  #kept: RunEvent[] = [];
  #keptChars = 0;
  #fresh: RunEvent[] = [];
  #state: RunState = EMPTY_STATE;
  #seq = 0;
  #flushTimer: NodeJS.Timeout | undefined;

  #file: FileHandle | undefined;
  #unwritten: string[] = [];
  #unwrittenChars = 0;
  #writing: Promise<void> = Promise.resolve();
  #diskTimer: NodeJS.Timeout | undefined;
  #high = false;
  #broken = false;

  private constructor(file: FileHandle, onPressure: (high: boolean) => void) {
    this.#file = file;
    this.#onPressure = onPressure;
  }

  /** @param onPressure told `true` when events come faster than the disk takes them, then `false` */
  static async open(path: string, onPressure: (high: boolean) => void): Promise<Journal> {
    return new Journal(await open(path, 'a', 0o600), onPressure);
  }

  emit(fact: Fact): void {
    this.#seq += 1;
    const event = Object.assign({ seq: this.#seq, time: Date.now() }, fact) as RunEvent;
    this.#fresh.push(event);
    this.#keep(event);
    if (event.type !== 'progress') this.#append(event);
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
    const first = this.#kept[0]?.seq ?? this.#seq + 1;
    if (after > this.#seq || after < first - 1) return undefined;
    return this.#kept.slice(after - first + 1);
  }

  subscribe(listener: Listener): () => void {
    this.flush();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes what is left and closes the file. */
  async close(): Promise<void> {
    this.flush();
    clearTimeout(this.#diskTimer);
    this.#diskTimer = undefined;
    this.#write();
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  #keep(event: RunEvent): void {
    this.#kept.push(event);
    this.#keptChars += eventSize(event);
    if (this.#kept.length <= KEPT_EVENTS && this.#keptChars <= KEPT_CHARS) return;
    // Half at a time: an array is not cut at each event.
    const half = Math.max(1, this.#kept.length >> 1);
    for (const old of this.#kept.slice(0, half)) this.#keptChars -= eventSize(old);
    this.#kept = this.#kept.slice(half);
  }

  #append(event: RunEvent): void {
    if (this.#broken) return;
    const line = `${JSON.stringify(event)}\n`;
    this.#unwritten.push(line);
    this.#unwrittenChars += line.length;
    // Whoever finds a run that was killed at once shall know what it was.
    const urgent = event.type === 'items';
    if (urgent || this.#unwrittenChars >= DISK_CHARS) this.#write();
    else this.#diskTimer ??= setTimeout(() => this.#write(), DISK_MS);
    if (this.#unwrittenChars > HIGH_CHARS && !this.#high) {
      this.#high = true;
      this.#onPressure(true);
    }
  }

  #write(): void {
    clearTimeout(this.#diskTimer);
    this.#diskTimer = undefined;
    this.#writing = this.#writing.then(async () => {
      if (this.#unwritten.length === 0 || this.#file === undefined || this.#broken) return;
      const text = this.#unwritten.join('');
      this.#unwritten = [];
      this.#unwrittenChars = 0;
      try {
        await this.#file.appendFile(text);
      } catch (error) {
        this.#broken = true;
        this.emit({
          type: 'note',
          level: 'warning',
          message: `The log of this run could not be written: ${(error as Error).message}. The run goes on without it.`,
        });
      }
      if (this.#high) {
        this.#high = false;
        this.#onPressure(false);
      }
    });
  }
}

/** About how many characters an event takes in memory and on its way, but for the list of items. */
export function eventSize(event: RunEvent): number {
  if (event.type === 'log') return event.lines.reduce((sum, line) => sum + line.length, 100);
  return event.type === 'text' ? 100 + event.text.length : 100;
}
