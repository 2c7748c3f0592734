import type { RunEvent } from '../protocol/events.ts';
import type { RunnerNotice } from '../protocol/rpc.ts';
import type { RunState } from '../protocol/state.ts';
import { eventSize } from './kept-events.ts';

/** What may wait for one client, in characters, before it gets a snapshot instead. */
const WAITING_CHARS = 8 << 20;

/**
 * Events on their way to one client, one message at a time: what comes while a message is under way goes
 * into the next one. A client that is too slow is dropped to a snapshot and never slows the run.
 */
export class Subscriber {
  readonly #send: (notice: RunnerNotice) => Promise<void>;
  readonly #snapshot: () => RunState;
  #waiting: RunEvent[] = [];
  #waitingChars = 0;
  #behind = false;
  #sending = false;

  /** @param send resolves when the message has left; rejects when the client is gone */
  constructor(send: (notice: RunnerNotice) => Promise<void>, snapshot: () => RunState) {
    this.#send = send;
    this.#snapshot = snapshot;
  }

  push(events: readonly RunEvent[]): void {
    if (this.#behind) return;
    for (const event of events) this.#waitingChars += eventSize(event);
    if (this.#waitingChars > WAITING_CHARS && this.#sending) {
      this.#behind = true;
      this.#waiting = [];
    } else {
      this.#waiting.push(...events);
    }
    if (!this.#sending) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#sending = true;
    try {
      while (this.#behind || this.#waiting.length > 0) {
        const notice = this.#behind
          ? { snapshot: this.#snapshot(), events: [] }
          : { events: this.#waiting };
        this.#behind = false;
        this.#waiting = [];
        this.#waitingChars = 0;
        await this.#send(notice);
      }
    } catch {
      // The client is gone: its connection's end takes it off the list.
    }
    this.#sending = false;
  }
}
