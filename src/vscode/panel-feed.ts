import type { RunEvent } from '../protocol/events.ts';
import type { ToPanel } from '../protocol/panel.ts';
import { coalesce } from './coalesce.ts';
import { type Disposable, Disposables } from './disposables.ts';
import { forPanel } from './panel-state.ts';
import type { Runs } from './runs.ts';

/** One frame: a panel cannot show more often. */
const FRAME = 16;

/**
 * What goes to a panel: a snapshot when it is shown, then news at most once a frame, and nothing while
 * it is hidden.
 */
export class PanelFeed implements Disposable {
  readonly #runs: Runs;
  readonly #send: (message: ToPanel) => void;
  readonly #snapshot: () => ToPanel;
  readonly #owned = new Disposables();
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
    readonly snapshot: () => ToPanel;
  }) {
    this.#runs = options.runs;
    this.#send = options.send;
    this.#snapshot = options.snapshot;
    this.#owned.add(this.#runs.added.on((run) => this.#note(() => this.#anew.add(run.id))));
    this.#owned.add(this.#runs.removed.on((run) => this.#note(() => this.#removed.add(run.id))));
    this.#owned.add(
      this.#runs.changed.on(({ run, events }) => this.#note(() => this.#gather(run.id, events))),
    );
  }

  /** The panel is ready, or visible again: it gets a snapshot, then the news. */
  show(): void {
    this.#forget();
    this.#shown = true;
    this.#send(this.#snapshot());
  }

  hide(): void {
    this.#forget();
    this.#shown = false;
  }

  dispose(): void {
    this.hide();
    this.#owned.dispose();
  }

  #note(take: () => void): void {
    if (!this.#shown) return;
    take();
    // At once when nothing was sent for a frame: what a program prints now and then is not held back.
    const wait = Math.max(0, this.#sent + FRAME - performance.now());
    this.#timer ??= setTimeout(() => this.#flush(), wait);
  }

  #gather(run: string, events: readonly RunEvent[]): void {
    if (events.length === 0) {
      this.#anew.add(run);
      return;
    }
    const gathered = this.#events.get(run);
    if (gathered === undefined) this.#events.set(run, [...events]);
    else for (const event of events) gathered.push(event);
  }

  #flush(): void {
    this.#sent = performance.now();
    const events = [...this.#events].filter(([run]) => !this.#anew.has(run));
    const [anew, removed] = [[...this.#anew], [...this.#removed]];
    this.#forget();
    for (const run of removed) this.#send({ type: 'removed', run });
    for (const id of anew) {
      const run = this.#runs.get(id);
      if (run !== undefined) this.#send({ type: 'run', state: forPanel(run.state) });
    }
    if (events.length === 0) return;
    this.#send({
      type: 'events',
      runs: events.map(([run, list]) => ({ run, events: coalesce(list) })),
    });
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#events.clear();
    this.#anew.clear();
    this.#removed.clear();
  }
}
