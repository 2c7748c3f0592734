import type { RunEvent } from '../protocol/events.ts';
import type { ToPanel } from '../protocol/panel.ts';
import type { RunState } from '../protocol/state.ts';
import type { Runs } from '../runner/runs.ts';
import { coalesce } from './coalesce.ts';
import { forPanel } from './panel-state.ts';

/** One frame, in whole ms, so that there are at most 60 messages a second: a panel cannot show more often. */
const FRAME = 17;

/**
 * What goes to a panel: a snapshot when it is shown, then one message a frame at most, and nothing while it
 * is hidden. A run is sent whole when the panel has not seen it, and after that as events alone.
 */
export class PanelFeed {
  readonly #runs: Runs;
  readonly #send: (message: ToPanel) => void;
  readonly #snapshot: () => Extract<ToPanel, { type: 'snapshot' }>;
  readonly #listening: readonly { dispose(): void }[];
  /** What the panel has of each run, once it has what waits. */
  readonly #known = new Map<string, string>();
  readonly #events = new Map<string, RunEvent[]>();
  readonly #anew = new Set<string>();
  readonly #removed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  /** When the panel was sent something last. */
  #sent = 0;
  #shown = false;

  constructor(options: {
    readonly runs: Runs;
    readonly send: (message: ToPanel) => void;
    readonly snapshot: () => Extract<ToPanel, { type: 'snapshot' }>;
  }) {
    this.#runs = options.runs;
    this.#send = options.send;
    this.#snapshot = options.snapshot;
    this.#listening = [
      this.#runs.added.on((run) => this.#note(() => this.#anew.add(run.id))),
      this.#runs.removed.on((run) => this.#note(() => this.#remove(run.id))),
      this.#runs.changed.on(({ run, events }) =>
        this.#note(() => this.#gather(run.id, run.state, events)),
      ),
    ];
  }

  /** Whether the panel is there to be told. */
  get shown(): boolean {
    return this.#shown;
  }

  /** The panel is ready, or something beside its runs has changed: it gets a snapshot, then the news. */
  show(): void {
    this.#forget();
    this.#shown = true;
    const snapshot = this.#snapshot();
    for (const state of snapshot.runs) this.#known.set(state.run.id, versionOf(state));
    this.#sent = performance.now();
    this.#send(snapshot);
  }

  /** Brings a run into view in a panel that is shown; one that it has not seen is sent first. */
  reveal(message: Extract<ToPanel, { type: 'reveal' }>): void {
    if (!this.#known.has(message.run)) this.#note(() => this.#anew.add(message.run));
    this.#send(message);
  }

  hide(): void {
    this.#forget();
    this.#shown = false;
  }

  dispose(): void {
    this.hide();
    for (const listening of this.#listening) listening.dispose();
  }

  #note(take: () => void): void {
    if (!this.#shown) return;
    take();
    this.#schedule();
  }

  #schedule(): void {
    if (this.#events.size + this.#anew.size + this.#removed.size === 0) return;
    // At once when nothing was sent for a frame: what a program prints now and then is not held back.
    const wait = Math.max(0, Math.ceil(this.#sent + FRAME - performance.now()));
    this.#timer ??= setTimeout(() => this.#flush(), wait);
  }

  #gather(run: string, state: RunState, events: readonly RunEvent[]): void {
    if (events.length === 0) {
      // Its runner is gone, or it was too slow for it, or it goes on as it was.
      if (this.#known.get(run) !== versionOf(state)) this.#anew.add(run);
      return;
    }
    if (!this.#known.has(run)) return;
    this.#known.set(run, versionOf(state));
    const gathered = this.#events.get(run);
    if (gathered === undefined) this.#events.set(run, [...events]);
    else for (const event of events) gathered.push(event);
  }

  #remove(run: string): void {
    this.#events.delete(run);
    this.#anew.delete(run);
    if (this.#known.delete(run)) this.#removed.add(run);
  }

  #flush(): void {
    this.#timer = undefined;
    const message = this.#next();
    if (message === undefined) return;
    this.#sent = performance.now();
    this.#send(message);
    this.#schedule();
  }

  #next(): ToPanel | undefined {
    for (const run of this.#removed) {
      this.#removed.delete(run);
      return { type: 'removed', run };
    }
    for (const id of this.#anew) {
      this.#anew.delete(id);
      this.#events.delete(id);
      const state = this.#runs.get(id)?.state;
      if (state === undefined) continue;
      this.#known.set(id, versionOf(state));
      return { type: 'run', state: forPanel(state) };
    }
    const runs = [...this.#events].map(([run, events]) => ({ run, events: coalesce(events) }));
    this.#events.clear();
    return runs.length === 0 ? undefined : { type: 'events', runs };
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#known.clear();
    this.#events.clear();
    this.#anew.clear();
    this.#removed.clear();
  }
}

/** Tells two states of a run apart, also where the end of a run that lost its runner is no event. */
function versionOf({ seq, state, ended }: RunState): string {
  return `${seq} ${state} ${ended ?? ''}`;
}
