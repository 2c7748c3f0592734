import { html, nothing, type TemplateResult } from 'lit';
import {
  clock,
  elapsed,
  finishedCount,
  itemRate,
  remaining,
  runFraction,
} from '../protocol/progress.ts';
import type { ItemState, RunState } from '../protocol/state.ts';
import { concurrencyMenu, isWide, retryOf } from './actions.ts';
import { CHUNK, chunksOf } from './chunks.ts';
import { PanelElement } from './element.ts';
import './items-view.ts';
import { closedSummary, madeCount, runIcon, runLabel } from './labels.ts';
import { indexOfItem } from './navigation.ts';
import './optimum-view.ts';
import type { PanelStore } from './store.ts';
import { action, bar, icon, marked, more } from './templates.ts';
import { text } from './text.ts';
import { saying, visible } from './visible.ts';

/** The numbers of a run that follow the clock, in words. */
interface Times {
  /** What they were made of. */
  readonly of: string;
  readonly rate: string;
  readonly elapsed: string;
  /** What stands at the end: the time that is left, that it took, or why there is none. */
  readonly end: string;
}

/** One run: its head, and when it is open its items. */
export class RunView extends PanelElement {
  static override properties = {
    state: { attribute: false },
    items: { attribute: false },
    expanded: { attribute: false },
    focused: { attribute: false },
    position: { attribute: false },
    count: { attribute: false },
    now: { attribute: false },
    version: { attribute: false },
  };
  declare store: PanelStore;
  declare state: RunState;
  /** The items that are shown. */
  declare items: readonly ItemState[];
  declare expanded: boolean;
  /** Item that the keyboard is at, 0 for the run itself, `undefined` when it is elsewhere. */
  declare focused: number | undefined;
  /** Number of the run, from 1, among so many. */
  declare position: number;
  declare count: number;
  /** The host's time in whole seconds, as ms: it changes what is shown. */
  declare now: number;
  /** Of the store. */
  declare version: number;
  #times: Times | undefined;
  #chunks: readonly (readonly ItemState[])[] = [];

  protected override render(): TemplateResult {
    const { state, expanded, store } = this;
    const live = state.ended === undefined;
    return html`<div
        role="treeitem"
        class="run"
        tabindex=${this.focused === 0 ? 0 : -1}
        aria-level="1"
        aria-posinset=${this.position}
        aria-setsize=${this.count}
        aria-expanded=${expanded}
        aria-selected=${this.focused === 0}
        aria-label=${runLabel(state)}
        data-run=${state.run.id}
        data-state=${state.state}
      >
        <div class="head" @click=${() => store.expand(state, !expanded)}>
          <span
            class="codicon codicon-chevron-${expanded ? 'down' : 'right'}"
            aria-hidden="true"
          ></span>
          ${expanded ? nothing : icon(runIcon(state))}
          <span class="name" title=${visible(state.run.batch)}
            >${marked(visible(state.run.name), store.search.terms)}</span
          >
          <span class="quiet"
            >${live || expanded ? nothing : this.#retry()}${more(this.focused === 0)}</span
          >
          ${this.#summary(live)} ${this.#actions(live)}
        </div>
        ${expanded || live ? this.#progress() : nothing} ${expanded ? this.#notes() : nothing}
        ${expanded ? this.#optimum() : nothing}
      </div>
      ${expanded ? this.#items() : nothing}`;
  }

  #summary(live: boolean): TemplateResult | typeof nothing {
    if (live) return html`<span class="right">${this.#clock().elapsed}</span>`;
    return this.expanded ? nothing : html`<span class="right">${closedSummary(this.state)}</span>`;
  }

  #actions(live: boolean): readonly TemplateResult[] {
    if (!live) return this.expanded ? this.#retry() : [];
    const reachable = this.focused === 0;
    return [
      this.state.state === 'paused'
        ? action({ icon: 'debug-start', label: text.resume, reachable, run: this.#ask('resume') })
        : action({ icon: 'debug-pause', label: text.pause, reachable, run: this.#ask('pause') }),
      action({ icon: 'debug-stop', label: text.cancelRun, reachable, run: this.#ask('cancel') }),
    ];
  }

  #retry(): readonly TemplateResult[] {
    const label = retryOf(this.store, this.state);
    if (label === undefined) return [];
    const reachable = this.focused === 0;
    return [action({ icon: 'refresh', label, reachable, run: this.#ask('retry') })];
  }

  #ask(type: 'pause' | 'resume' | 'cancel' | 'retry'): () => void {
    return () => this.store.post({ type, run: this.state.run.id });
  }

  #progress(): TemplateResult {
    const { state } = this;
    const live = state.ended === undefined;
    const total = Math.max(1, state.run.total);
    const running = runFraction(state) - finishedCount(state) / total;
    const times = this.#clock();
    return html`${bar('bar', text.progress, [
      { tone: 'done', share: madeCount(state) / total },
      { tone: 'failed', share: state.counts.failed / total },
      { tone: 'now', share: live ? Math.max(0, running) : 0 },
    ])}
      <div class="sub">
        <div class="facts">
          <span>${text.of(madeCount(state), state.run.total)}</span>
          ${live ? html`<span class="share">${text.percent(runFraction(state))}</span>` : nothing}
          ${
            state.counts.failed > 0
              ? html`<span class="bad">${text.failed(state.counts.failed)}</span>`
              : nothing
          }
          ${isWide(state) ? this.#width() : nothing}
          ${times.rate === '' ? nothing : html`<span>${times.rate}</span>`}
          ${live ? this.#workers() : nothing}
        </div>
        <span class="end">${times.end}</span>
      </div>`;
  }

  /** How many items are under way at once, and what changes it. */
  #width(): TemplateResult {
    const { state, store } = this;
    return html`<button
      type="button"
      class="fact"
      aria-label=${text.changeAtOnce(state.concurrency)}
      aria-haspopup="menu"
      title=${text.changeAtOnce(state.concurrency)}
      tabindex=${this.focused === 0 ? 0 : -1}
      @click=${({ currentTarget, detail }: MouseEvent) => {
        if (!(currentTarget instanceof Element)) return;
        const at = { beside: currentTarget.getBoundingClientRect(), keyboard: detail === 0 };
        store.showMenu(concurrencyMenu(store, state, at));
      }}
    >
      ${text.atOnce(state.concurrency)}
    </button>`;
  }

  /** Who does the items of a run with a queue, and how many wait there. */
  #workers(): TemplateResult | typeof nothing {
    const { run, workers } = this.state;
    if (workers === undefined) return nothing;
    return html`<span class="workers" title=${visible(run.queue ?? '')}
      >${text.workers(workers.workers, workers.waiting)}</span
    >`;
  }

  /** Made anew once a second, and when an item or the run ends: numbers that change each frame are not read. */
  #clock(): Times {
    const { state, now } = this;
    const of = [now, state.state, finishedCount(state), state.ended].join();
    if (this.#times?.of !== of) {
      const perSecond = itemRate(state, now);
      this.#times = {
        of,
        rate: perSecond === undefined ? '' : text.rate(perSecond),
        elapsed: clock(elapsed(state, now)),
        end: endOf(state, now),
      };
    }
    return this.#times;
  }

  #notes(): TemplateResult | typeof nothing {
    const { state } = this;
    const note = state.notes.at(-1);
    if (note === undefined || (note.level === 'info' && state.ended !== undefined)) return nothing;
    return html`<p class="note ${note.level}">${saying(note.message)}</p>`;
  }

  /** How its searches stand, where there are any. */
  #optimum(): TemplateResult | typeof nothing {
    const { state, store } = this;
    if (!state.items.some(({ curve }) => curve !== undefined)) return nothing;
    return html`<sluice-optimum
      .store=${store}
      .state=${state}
      .reachable=${this.focused === 0}
    ></sluice-optimum>`;
  }

  #items(): TemplateResult {
    const { state, items, focused = 0, version, store } = this;
    this.#chunks = chunksOf(items, this.#chunks);
    const digits = String(state.items.length).length;
    return html`<div class="items" role="none" .style=${`--digits: ${digits}`}>
      ${this.#chunks.map(
        (chunk, index) => html`<sluice-items
          .store=${store}
          .run=${state.run}
          .queue=${state.queue}
          .items=${chunk}
          .first=${index * CHUNK}
          .total=${items.length}
          .focused=${indexOfItem(chunk, focused) === -1 ? 0 : focused}
          .version=${version}
        ></sluice-items>`,
      )}
    </div>`;
  }
}
customElements.define('sluice-run', RunView);

function endOf(state: RunState, now: number): string {
  if (state.state === 'cancelled' || state.state === 'interrupted') {
    return text.runState[state.state];
  }
  if (state.ended !== undefined) return text.took(clock(elapsed(state, now)));
  if (state.state !== 'running') return text.runState[state.state];
  const left = remaining(state, now);
  return left === undefined ? '' : text.left(clock(left));
}
