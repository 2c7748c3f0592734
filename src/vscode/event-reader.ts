import { stat } from 'node:fs/promises';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { RunEvent } from '../protocol/events.ts';
import { readEvents } from '../runner/events-file.ts';
import { layoutOf, runLayout } from '../runner/layout.ts';
import type { Runs } from '../runner/runs.ts';
import { type Disposable, Disposables } from './disposables.ts';

/** A runner writes its log at least twice a second: what is not there after so many ms never was for it. */
const PATIENCE = 1000;
const POLL = 100;

export interface EventReaderOptions {
  readonly runs: Runs;
  /** A run that is known now. */
  readonly run: string;
  /** Bytes of the log that are read, its end; what came before is left out. */
  readonly limit: number;
  /** Told of events in their order, each once. Of what is read from the log there is no `progress`. */
  readonly tell: (events: readonly RunEvent[]) => void;
}

/**
 * Every event of a run, from the first on: what is in its log, then what comes. Where events are missing
 * between the two, or later because this window was too slow for its runner, they are read from the log.
 */
export class EventReader implements Disposable {
  /** Resolves when all is told that had happened when the reading began. */
  readonly whole: Promise<void>;
  /** The beginning was left out. */
  cut = false;
  readonly #options: EventReaderOptions;
  readonly #owned = new Disposables();
  readonly #path: string;
  /** Number of the last event that was told, or that there is no need to wait for. */
  #seq = 0;
  /** Number of the last event that is known to have happened. */
  #goal = 0;
  #waiting: RunEvent[] = [];
  /** Byte of the log to read on from. */
  #byte: number | undefined;
  #work: Promise<void> | undefined;

  constructor(options: EventReaderOptions) {
    this.#options = options;
    const { runs, run } = options;
    const state = runs.get(run)?.state;
    this.#path = runLayout(layoutOf(state?.run.workspace ?? ''), run).events;
    this.#owned.add(
      runs.changed.on((change) => {
        if (change.run.id === run) this.#take(change.events, change.run.state.seq);
      }),
    );
    // A handle tells in a moment what came before anybody listened to it: then nothing need be read.
    this.whole = setImmediate().then(() => {
      this.#goal = Math.max(this.#goal, state?.seq ?? 0);
      return this.catchUp();
    });
  }

  /** Resolves when all is told that is known to have happened. Never rejects. */
  catchUp(): Promise<void> {
    this.#work ??= this.#fill().finally(() => {
      this.#work = undefined;
    });
    return this.#work;
  }

  dispose(): void {
    this.#owned.dispose();
    this.#waiting = [];
  }

  #take(events: readonly RunEvent[], seq: number): void {
    const [first] = events;
    if (this.#work === undefined && first !== undefined && first.seq <= this.#seq + 1) {
      this.#tell(events);
      return;
    }
    for (const event of events) this.#waiting.push(event);
    // A state that was replaced says only how far it is.
    if (first === undefined) this.#goal = Math.max(this.#goal, seq);
    void this.catchUp();
  }

  async #fill(): Promise<void> {
    while (!this.#owned.disposed) {
      const waiting = this.#waiting.filter((event) => event.seq > this.#seq);
      this.#waiting = waiting;
      const next = waiting[0]?.seq ?? this.#goal + 1;
      if (next > this.#seq + 1) {
        await this.#readTo(next - 1);
      } else {
        if (waiting.length === 0) return;
        this.#waiting = [];
        this.#tell(waiting);
      }
    }
  }

  async #readTo(seq: number): Promise<void> {
    let changed = performance.now();
    for (;;) {
      const grew = await this.#read();
      const now = performance.now();
      if (grew) changed = now;
      if (this.#owned.disposed || this.#seq >= seq || now - changed > PATIENCE) break;
      await setTimeout(POLL, undefined, { ref: false });
    }
    this.#seq = Math.max(this.#seq, seq);
  }

  async #read(): Promise<boolean> {
    let grew = false;
    try {
      this.#byte ??= await this.#firstByte();
      for await (const { events, end } of readEvents(this.#path, this.#byte)) {
        if (this.#owned.disposed) break;
        this.#byte = end;
        grew = true;
        this.#tell(events);
      }
    } catch {
      // There is no log: it is not made yet, or was removed, or the disk was full. What comes live is told.
    }
    return grew;
  }

  async #firstByte(): Promise<number> {
    const { size } = await stat(this.#path);
    const first = Math.max(0, size - this.#options.limit);
    this.cut = first > 0;
    return first;
  }

  #tell(events: readonly RunEvent[]): void {
    const fresh = events.filter((event) => event.seq > this.#seq);
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.#seq = last.seq;
    this.#options.tell(fresh);
  }
}
