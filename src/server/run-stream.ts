import type { RunEvent } from '../protocol/events.ts';
import type { RunState } from '../protocol/state.ts';
import type { RunHandle } from '../runner/client.ts';
import { KeptEvents } from '../runner/kept-events.ts';
import { eventBytes, snapshotBytes } from './frames.ts';
import type { Outlet } from './outlet.ts';

interface Client {
  readonly outlet: Outlet;
  /** Number of the last event that the client has. */
  seq: number;
}

/** Told of events; of none when the whole state was replaced. */
export type Follower = (events: readonly RunEvent[], state: RunState) => void;

/**
 * The events of one run for all who watch it over HTTP: one subscription, each event made into bytes once.
 * A client that is too slow gets the state instead of what it missed.
 */
export class RunStream {
  #run: RunHandle;
  readonly #clients = new Set<Client>();
  readonly #followers = new Set<Follower>();
  readonly #kept = new KeptEvents();
  #snapshot: { readonly state: RunState; readonly bytes: Uint8Array } | undefined;

  constructor(run: RunHandle) {
    this.#run = run;
  }

  get run(): RunHandle {
    return this.#run;
  }

  /** News of the run; no events when its state was replaced, as when its runner was killed. */
  take(run: RunHandle, events: readonly RunEvent[]): void {
    this.#run = run;
    for (const event of events) this.#kept.add(event);
    if (this.#clients.size > 0) {
      const bytes = events.length === 0 ? this.#snapshotBytes() : eventBytes(events);
      for (const client of this.#clients) this.#tell(client, events, bytes);
    }
    for (const follower of this.#followers) follower(events, run.state);
    if (isOver(run)) this.#end();
  }

  /**
   * Sends a client what it misses and then what comes. The stream ends with the run. False, and nothing is
   * sent, when the run is over and the client has all of it.
   *
   * @param after number of the last event that the client has; without it the stream begins with a snapshot
   */
  connect(after: number | undefined, open: () => Outlet): boolean {
    const { state } = this.#run;
    const over = isOver(this.#run);
    if (over && after !== undefined && after >= state.seq) return false;
    const outlet = open();
    const missing = after === undefined ? undefined : this.#kept.since(after, state.seq);
    const client = { outlet, seq: missing === undefined ? state.seq : (after ?? 0) };
    if (missing === undefined) outlet.write(this.#snapshotBytes());
    else this.#send(client, missing);
    if (over) {
      outlet.end();
      return true;
    }
    this.#clients.add(client);
    outlet.onRoom(() => this.#catchUp(client));
    outlet.onClose(() => this.#clients.delete(client));
    return true;
  }

  /** Tells the kept events at once, then all that come. The answer stops it. */
  follow(follower: Follower): () => void {
    follower(this.#kept.all, this.#run.state);
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** Lets go of what is kept for clients that come back: they get a snapshot. */
  forget(): void {
    this.#kept.clear();
  }

  dispose(): void {
    this.#end();
    this.#followers.clear();
  }

  /** Almost every client has every event before these: it gets the bytes that all get. */
  #tell(client: Client, events: readonly RunEvent[], bytes: Uint8Array): void {
    const first = events[0]?.seq ?? this.#run.state.seq + 1;
    if (client.seq >= first) this.#send(client, events);
    else if (client.outlet.write(bytes)) client.seq = events.at(-1)?.seq ?? this.#run.state.seq;
  }

  #send(client: Client, events: readonly RunEvent[]): void {
    const fresh = events.filter((event) => event.seq > client.seq);
    const last = fresh.at(-1);
    if (last !== undefined && client.outlet.write(eventBytes(fresh))) client.seq = last.seq;
  }

  #catchUp(client: Client): void {
    const { state } = this.#run;
    if (client.outlet.write(this.#snapshotBytes())) client.seq = state.seq;
  }

  #snapshotBytes(): Uint8Array {
    const { state } = this.#run;
    if (this.#snapshot?.state !== state) this.#snapshot = { state, bytes: snapshotBytes(state) };
    return this.#snapshot.bytes;
  }

  #end(): void {
    for (const client of this.#clients) {
      const { outlet } = client;
      // One that was left behind gets the last state first.
      if (outlet.behind) {
        outlet.onRoom(() => {
          this.#catchUp(client);
          outlet.end();
        });
      } else outlet.end();
    }
    this.#clients.clear();
  }
}

/** Whether no more events of a run come. */
export function isOver({ state, live }: RunHandle): boolean {
  return state.ended !== undefined && (state.state !== 'interrupted' || !live);
}
