import type { RunEvent } from '../protocol/events.ts';

/** What is kept for clients that come back, in events and in characters of their text. */
const KEPT_EVENTS = 50_000;
const KEPT_CHARS = 1 << 20;

/** The latest events of a run, without a gap between them. */
export class KeptEvents {
  #events: RunEvent[] = [];
  #chars = 0;

  get all(): readonly RunEvent[] {
    return this.#events;
  }

  add(event: RunEvent): void {
    const last = this.#events.at(-1);
    if (last !== undefined && event.seq !== last.seq + 1) this.clear();
    this.#events.push(event);
    this.#chars += eventSize(event);
    if (this.#events.length <= KEPT_EVENTS && this.#chars <= KEPT_CHARS) return;
    // Half at a time: an array is not cut at each event.
    const half = Math.max(1, this.#events.length >> 1);
    for (const old of this.#events.slice(0, half)) this.#chars -= eventSize(old);
    this.#events = this.#events.slice(half);
  }

  /**
   * The events after number `after`, or `undefined` when they are not all kept any more.
   *
   * @param newest number of the run's last event
   */
  since(after: number, newest: number): readonly RunEvent[] | undefined {
    const first = this.#events[0]?.seq ?? newest + 1;
    if (after > newest || after < first - 1) return undefined;
    return this.#events.slice(after - first + 1);
  }

  clear(): void {
    this.#events = [];
    this.#chars = 0;
  }
}

/** About how many characters an event takes in memory and on its way, but for the list of items. */
export function eventSize(event: RunEvent): number {
  if (event.type === 'log') return event.lines.reduce((sum, line) => sum + line.length, 100);
  if (event.type === 'schedule') return 100 + 30 * event.schedule.tasks.length;
  if (event.type === 'sound') return 300 + event.sound.text.length;
  return event.type === 'text' ? 100 + event.text.length : 100;
}
