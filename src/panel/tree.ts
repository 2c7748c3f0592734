import type { RunState } from '../protocol/state.ts';
import { indexOfItem, keyOfRow, type Move, moveRow, ofRuns, type Row } from './navigation.ts';
import type { Search, ShownRun } from './search.ts';
import { stemsOf } from './stems.ts';

/** A row that is to be brought into view. */
export interface Revealing {
  readonly row: Row;
  /** It gets the focus. */
  readonly focus: boolean;
  /** Its run is opened. */
  readonly open: boolean;
}

/** The rows: which are there, which are open, and which one the keyboard is at. */
export class Tree {
  readonly #search: Search;
  readonly #runs: () => readonly RunState[];
  readonly #changed: () => void;
  /** Runs that the person opened (true) or closed. */
  readonly #expanded: Map<string, boolean>;
  /** The same while the present search lasts. */
  readonly #expandedInSearch = new Map<string, boolean>();
  /** Items whose results the person showed (true) or hid, as `ITEM/RUN`. */
  readonly #openItems: Map<string, boolean>;
  #row: Row | undefined;
  #revealing: Revealing | undefined;

  /** `runs` are the present ones, newest first; `expanded` and `open` are what was open before the panel was hidden. */
  constructor(options: {
    readonly search: Search;
    readonly runs: () => readonly RunState[];
    readonly expanded: Readonly<Record<string, boolean>>;
    readonly open: Readonly<Record<string, boolean>>;
    readonly changed: () => void;
  }) {
    this.#search = options.search;
    this.#runs = options.runs;
    this.#expanded = new Map(Object.entries(options.expanded));
    this.#openItems = new Map(Object.entries(options.open));
    this.#changed = options.changed;
  }

  /** What the person opened and closed of the present runs, to be remembered. */
  get expanded(): Readonly<Record<string, boolean>> {
    const known = new Set(this.#runs().map(({ run }) => run.id));
    return Object.fromEntries([...this.#expanded].filter(([run]) => known.has(run)));
  }

  /** The same of items, as `ITEM/RUN`. */
  get openItems(): Readonly<Record<string, boolean>> {
    return ofRuns(this.#openItems, this.#runs());
  }

  /** The runs that are searched for, with their items. */
  get shown(): readonly ShownRun[] {
    return this.#runs()
      .map((state) => this.#search.shown(state))
      .filter((shown) => shown !== undefined);
  }

  /** The row that the keyboard is at; the first one when that is gone. */
  get row(): Row | undefined {
    const { shown } = this;
    const run = shown.find(({ state }) => state.run.id === this.#row?.run);
    const [first] = shown;
    if (run === undefined) return first && { run: first.state.run.id, item: 0 };
    const there = this.#row !== undefined && indexOfItem(run.items, this.#row.item) !== -1;
    return there && this.isExpanded(run.state) ? this.#row : { run: run.state.run.id, item: 0 };
  }

  /** Another search begins. */
  restart(): void {
    this.#expandedInSearch.clear();
  }

  /** What the person did last counts; otherwise live runs and the newest one are open, and what is found. */
  isExpanded(state: RunState): boolean {
    const { id } = state.run;
    if (this.#search.active) {
      const chosen = this.#expandedInSearch.get(id);
      if (chosen !== undefined) return chosen;
      if (this.#search.shown(state)?.opens === true) return true;
    }
    return this.#expanded.get(id) ?? (state.ended === undefined || this.#isNewest(state));
  }

  expand(state: RunState, expanded: boolean): void {
    const chosen = this.#search.active ? this.#expandedInSearch : this.#expanded;
    chosen.set(state.run.id, expanded);
    this.#changed();
  }

  /** A run that ends under the person's eyes does not close. True when there is something to remember. */
  keepOpen(before: RunState, after: RunState): boolean {
    const ends = before.ended === undefined && after.ended !== undefined;
    if (!ends || this.#isNewest(before) || !this.isExpanded(before)) return false;
    this.#expanded.set(before.run.id, true);
    return true;
  }

  /** The results of an item are shown. What the person did last counts; otherwise a song by itself is open. */
  isOpen(row: Row): boolean {
    const chosen = this.#openItems.get(keyOfRow(row));
    if (chosen !== undefined) return chosen;
    const items = this.#runs().find(({ run }) => run.id === row.run)?.items ?? [];
    const [only] = items;
    return only !== undefined && items.length === 1 && stemsOf(only).length > 0;
  }

  open(row: Row, open: boolean): void {
    this.#openItems.set(keyOfRow(row), open);
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
    const to = moveRow(this.shown, (state) => this.isExpanded(state), from, move);
    if (to === undefined) return false;
    this.goTo(to);
    return true;
  }

  /** Shows a row, whatever hides it: as soon as its run is known. */
  reveal(row: Row, focus: boolean, open = row.item > 0): void {
    this.#revealing = { row, focus, open };
    this.#changed();
  }

  /** The keyboard goes back to its row. */
  enter(): void {
    if (this.row !== undefined) this.reveal(this.row, true);
  }

  /** The row that is to be brought into view, once. */
  takeRevealed(): Revealing | undefined {
    const revealing = this.#revealing;
    const state = this.#runs().find(({ run }) => run.id === revealing?.row.run);
    if (revealing === undefined || state === undefined) return undefined;
    this.#revealing = undefined;
    const { row, open } = revealing;
    const shown = this.#search.shown(state);
    const hidden =
      shown === undefined || (row.item > 0 && indexOfItem(shown.items, row.item) === -1);
    if (hidden) this.#search.clear();
    if (open && !this.isExpanded(state)) this.expand(state, true);
    this.goTo(row);
    return revealing;
  }

  #isNewest(state: RunState): boolean {
    return state.run.id === this.#runs()[0]?.run.id;
  }
}
