import type { FromPanel, ToPanel } from '../protocol/panel.ts';
import { applyEvents, type RunState } from '../protocol/state.ts';
import { announcement } from './announce.ts';
import type { PanelHost } from './host.ts';
import { type Move, moveRow, type Row } from './navigation.ts';

/**
 * What the panel shows: the runs as their events make them, and the little that is the panel's own.
 * Listeners are told at most once a frame.
 */
export class PanelStore {
  /** False until the first snapshot. */
  ready = false;
  trusted = true;
  folder = true;
  /** Newest first. */
  runs: readonly RunState[] = [];
  announcement = '';
  readonly #host: PanelHost;
  readonly #frame: (callback: () => void) => unknown;
  readonly #listeners = new Set<() => void>();
  #expanded: Record<string, boolean>;
  #scroll: number;
  /** Added to the panel's clock, in ms, it gives the host's. */
  #clockOffset = 0;
  #row: Row | undefined;
  #scheduled = false;

  /** `frame` calls back before the next frame is drawn. */
  constructor(
    host: PanelHost,
    frame: (callback: () => void) => unknown = (callback) => requestAnimationFrame(callback),
  ) {
    this.#host = host;
    this.#frame = frame;
    const memory = host.load();
    this.#expanded = { ...memory?.expanded };
    this.#scroll = memory?.scroll ?? 0;
    host.listen((message) => this.#receive(message));
  }

  /** The host's time, in ms since 1970. */
  get now(): number {
    return Date.now() + this.#clockOffset;
  }

  get scroll(): number {
    return this.#scroll;
  }

  /** The row that the keyboard is at; the first one when that is gone. */
  get row(): Row | undefined {
    const state = this.runs.find((one) => one.run.id === this.#row?.run);
    const [first] = this.runs;
    if (state === undefined) return first && { run: first.run.id, item: 0 };
    const there = this.#row !== undefined && this.#row.item <= state.items.length;
    return there && this.isExpanded(state) ? this.#row : { run: state.run.id, item: 0 };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  post(message: FromPanel): void {
    this.#host.post(message);
  }

  /** What the person did last counts; otherwise live runs and the newest one are open. */
  isExpanded(state: RunState): boolean {
    const chosen = this.#expanded[state.run.id];
    return chosen ?? (state.ended === undefined || this.#isNewest(state));
  }

  expand(state: RunState, expanded: boolean): void {
    this.#expanded[state.run.id] = expanded;
    this.#save();
    this.#changed();
  }

  goTo(row: Row): void {
    if (this.#row?.run === row.run && this.#row.item === row.item) return;
    this.#row = row;
    this.#changed();
  }

  /** Moves the keyboard's row. False when it cannot be moved. */
  move(move: Move): boolean {
    const from = this.row;
    if (from === undefined) return false;
    const to = moveRow(this.runs, (state) => this.isExpanded(state), from, move);
    if (to === undefined) return false;
    this.goTo(to);
    return true;
  }

  scrolled(to: number): void {
    this.#scroll = to;
    this.#save();
  }

  #receive(message: ToPanel): void {
    switch (message.type) {
      case 'snapshot':
        this.ready = true;
        this.trusted = message.trusted;
        this.folder = message.folder;
        this.#clockOffset = message.now - Date.now();
        this.runs = newestFirst(message.runs);
        this.announcement = '';
        break;
      case 'events':
        for (const { run, events } of message.runs) {
          const before = this.runs.find((state) => state.run.id === run);
          if (before === undefined) continue;
          const after = applyEvents(before, events);
          this.#keepOpen(before, after);
          this.runs = this.runs.map((state) => (state === before ? after : state));
          this.announcement = announcement(after, events) || this.announcement;
        }
        break;
      case 'run': {
        const others = this.runs.filter((state) => state.run.id !== message.state.run.id);
        this.runs = newestFirst([message.state, ...others]);
        break;
      }
      case 'removed':
        this.runs = this.runs.filter((state) => state.run.id !== message.run);
        break;
      default:
        message satisfies never;
    }
    this.#changed();
  }

  /** A run that ends under the person's eyes does not close. */
  #keepOpen(before: RunState, after: RunState): void {
    const ends = before.ended === undefined && after.ended !== undefined;
    if (!ends || this.#isNewest(before) || !this.isExpanded(before)) return;
    this.#expanded[before.run.id] = true;
    this.#save();
  }

  #isNewest(state: RunState): boolean {
    return state.run.id === this.runs[0]?.run.id;
  }

  #changed(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#frame(() => {
      this.#scheduled = false;
      for (const listener of this.#listeners) listener();
    });
  }

  #save(): void {
    const known = new Set(this.runs.map((state) => state.run.id));
    const expanded = Object.entries(this.#expanded).filter(([run]) => known.has(run));
    this.#host.save({ expanded: Object.fromEntries(expanded), scroll: this.#scroll });
  }
}

function newestFirst(runs: readonly RunState[]): readonly RunState[] {
  return [...runs].sort((a, b) => b.started - a.started);
}
