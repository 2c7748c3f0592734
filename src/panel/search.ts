import type { RunHeader } from '../protocol/events.ts';
import type { ItemPhase, ItemState, RunState } from '../protocol/state.ts';
import { fold, termsOf } from './fold.ts';
import { text } from './text.ts';

export const FILTERS = ['all', 'running', 'failed', 'done'] as const;
export type Filter = (typeof FILTERS)[number];

const FILTER_OF: Readonly<Record<ItemPhase, Filter | undefined>> = {
  queued: undefined,
  running: 'running',
  waiting: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: undefined,
  skipped: 'done',
};

/** What is shown of a run. */
export interface ShownRun {
  readonly state: RunState;
  /** Its items, or those of them that are searched for, by their numbers. */
  readonly items: readonly ItemState[];
  /** It is shown for the sake of these items, which therefore are to be seen. */
  readonly opens: boolean;
}

/** What is searched for among runs and items, and what is found. */
export class Search {
  readonly #changed: () => void;
  #query = '';
  #terms: readonly string[] = [];
  #filter: Filter = 'all';
  /** What is found in each state, as long as nothing else is searched for. */
  #found = new WeakMap<RunState, ShownRun | 'nothing'>();
  /** Titles do not change: they are folded once a run. */
  readonly #titles = new WeakMap<RunHeader, string[]>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get query(): string {
    return this.#query;
  }

  set query(query: string) {
    this.#query = query;
    this.#terms = termsOf(query);
    this.#restart();
  }

  get filter(): Filter {
    return this.#filter;
  }

  set filter(filter: Filter) {
    this.#filter = filter;
    this.#restart();
  }

  /** The folded words that are searched for. */
  get terms(): readonly string[] {
    return this.#terms;
  }

  /** Something may be hidden. */
  get active(): boolean {
    return this.#terms.length > 0 || this.#filter !== 'all';
  }

  clear(): void {
    this.#filter = 'all';
    this.query = '';
  }

  /** What is to be shown of a run; `undefined` when nothing of it is searched for. */
  shown(state: RunState): ShownRun | undefined {
    if (!this.active) return { state, items: state.items, opens: false };
    let found = this.#found.get(state);
    if (found === undefined) {
      found = this.#find(state) ?? 'nothing';
      this.#found.set(state, found);
    }
    return found === 'nothing' ? undefined : found;
  }

  #find(state: RunState): ShownRun | undefined {
    const { name, batch } = state.run;
    const named = this.#matches(fold(`${name} ${batch} ${text.runState[state.state]}`));
    const items = state.items.filter(
      (item) =>
        (this.#filter === 'all' || FILTER_OF[item.state] === this.#filter) &&
        (named || this.#matches(this.#words(state, item))),
    );
    if (items.length === 0 && !(named && this.#admits(state))) return undefined;
    // Every run has done items: to open all of them would show no more than before.
    const asked = this.#filter === 'running' || this.#filter === 'failed';
    return { state, items, opens: items.length > 0 && (asked || !named) };
  }

  #admits(state: RunState): boolean {
    switch (this.#filter) {
      case 'all':
        return true;
      case 'running':
        return state.ended === undefined;
      default:
        return state.state === this.#filter;
    }
  }

  #matches(words: string): boolean {
    return this.#terms.every((term) => words.includes(term));
  }

  /** The words that an item is found by: its title and its state. */
  #words(state: RunState, item: ItemState): string {
    if (this.#terms.length === 0) return '';
    let titles = this.#titles.get(state.run);
    if (titles === undefined) {
      titles = [];
      this.#titles.set(state.run, titles);
    }
    titles[item.item] ??= fold(item.title);
    return `${titles[item.item]} ${STATE_WORDS[item.state]}`;
  }

  #restart(): void {
    this.#found = new WeakMap();
    this.#changed();
  }
}

const STATE_WORDS = Object.fromEntries(
  Object.entries(text.itemState).map(([state, word]) => [state, fold(word)]),
) as Readonly<Record<ItemPhase, string>>;
