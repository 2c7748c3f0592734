import { html, nothing, type TemplateResult } from 'lit';
import { clock, elapsed, finishedCount, remaining, runFraction } from '../protocol/progress.ts';
import type { RunState } from '../protocol/state.ts';
import { PanelElement } from './element.ts';
import { CHUNK } from './items-view.ts';
import { closedSummary, madeCount, runIcon, runLabel } from './labels.ts';
import type { PanelStore } from './store.ts';
import { action, bar, icon } from './templates.ts';
import { text } from './text.ts';

/** One run: its head, and when it is open its items. */
export class RunView extends PanelElement {
  static override properties = {
    state: { attribute: false },
    expanded: { attribute: false },
    focused: { attribute: false },
    position: { attribute: false },
    count: { attribute: false },
    now: { attribute: false },
    resumed: { attribute: false },
  };
  declare store: PanelStore;
  declare state: RunState;
  declare expanded: boolean;
  /** Item that the keyboard is at, 0 for the run itself, `undefined` when it is elsewhere. */
  declare focused: number | undefined;
  /** Number of the run, from 1, among so many. */
  declare position: number;
  declare count: number;
  /** The host's time in whole seconds, as ms: it changes what is shown. */
  declare now: number;
  /** Another run goes on with this one. */
  declare resumed: boolean;

  protected override render(): TemplateResult {
    const { state, expanded } = this;
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
        <div class="head" @click=${() => this.store.expand(state, !expanded)}>
          <span
            class="codicon codicon-chevron-${expanded ? 'down' : 'right'}"
            aria-hidden="true"
          ></span>
          ${expanded ? nothing : icon(runIcon(state))}
          <span class="name" title=${state.run.batch}>${state.run.name}</span>
          ${expanded ? nothing : html`<span class="right">${closedSummary(state)}</span>`}
          ${this.#actions()}
        </div>
        ${expanded || state.ended === undefined ? this.#progress() : nothing}
        ${expanded ? this.#notes() : nothing}
      </div>
      ${expanded ? this.#items() : nothing}`;
  }

  #actions(): TemplateResult | readonly TemplateResult[] {
    const { state, store } = this;
    const run = state.run.id;
    const reachable = this.focused === 0;
    const post = (type: 'pause' | 'resume' | 'cancel' | 'retry') => (): void =>
      store.post({ type, run });
    if (state.ended === undefined) {
      const paused = state.state === 'paused';
      return [
        paused
          ? action({ icon: 'debug-start', label: text.resume, reachable, run: post('resume') })
          : action({ icon: 'debug-pause', label: text.pause, reachable, run: post('pause') }),
        action({ icon: 'debug-stop', label: text.cancelRun, reachable, run: post('cancel') }),
      ];
    }
    const { failed, cancelled } = state.counts;
    const unfinished = state.run.total - finishedCount(state) + cancelled;
    if (this.resumed || failed + unfinished === 0) return [];
    const label = failed > 0 ? text.retryFailed : text.goOn;
    return [
      action({ icon: 'refresh', label, reachable, quiet: !this.expanded, run: post('retry') }),
    ];
  }

  #progress(): TemplateResult {
    const { state } = this;
    const total = Math.max(1, state.run.total);
    const running = runFraction(state) - finishedCount(state) / total;
    return html`${bar('bar', text.progress, [
      { tone: 'done', share: madeCount(state) / total },
      { tone: 'failed', share: state.counts.failed / total },
      { tone: 'now', share: state.ended === undefined ? Math.max(0, running) : 0 },
    ])}
      <div class="sub">
        <span>${text.of(madeCount(state), state.run.total)}</span>
        ${
          state.ended === undefined
            ? html`<span>${text.percent(runFraction(state))}</span>`
            : nothing
        }
        ${
          state.counts.failed > 0
            ? html`<span class="bad">${text.failed(state.counts.failed)}</span>`
            : nothing
        }
        <span class="end">${this.#time()}</span>
      </div>`;
  }

  #time(): string {
    const { state, now } = this;
    if (state.state === 'cancelled' || state.state === 'interrupted') {
      return text.runState[state.state];
    }
    if (state.ended !== undefined) return text.took(clock(elapsed(state, now)));
    if (state.state !== 'running') return text.runState[state.state];
    const left = remaining(state, now);
    return left === undefined ? '' : text.left(clock(left));
  }

  #notes(): TemplateResult | typeof nothing {
    const { state } = this;
    const note = state.notes.at(-1);
    if (note === undefined || (note.level === 'info' && state.ended !== undefined)) return nothing;
    return html`<p class="note ${note.level}">${note.message}</p>`;
  }

  #items(): TemplateResult {
    const { state, focused } = this;
    const chunks = Math.ceil(state.items.length / CHUNK);
    const digits = String(state.items.length).length;
    return html`<div class="items" role="none" .style=${`--digits: ${digits}`}>
      ${Array.from({ length: chunks }, (_, index) => {
        const first = index * CHUNK + 1;
        const here = focused !== undefined && focused >= first && focused < first + CHUNK;
        return html`<sluice-items
          .store=${this.store}
          .state=${state}
          .first=${first}
          .focused=${here ? focused : 0}
        ></sluice-items>`;
      })}
    </div>`;
  }
}
customElements.define('sluice-run', RunView);
