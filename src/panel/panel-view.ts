import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { PanelElement } from './element.ts';
import { emptyView } from './empty-view.ts';
import { handleKey } from './keys.ts';
import './items-view.ts';
import './run-view.ts';
import type { PanelStore } from './store.ts';
import { text } from './text.ts';

const SECOND = 1000;

/** The whole panel. Renders once a frame at most: the store tells it no more often. */
export class PanelView extends PanelElement {
  static override properties = { store: { attribute: false } };
  declare store: PanelStore | undefined;
  #unsubscribe: (() => void) | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  /** The keyboard's row is to get the focus once it is rendered. */
  #focusing = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    clearInterval(this.#clock);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('store')) return;
    this.#unsubscribe?.();
    this.#unsubscribe = this.store?.subscribe(() => this.requestUpdate());
  }

  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    if (store?.ready !== true) return nothing;
    return html`<main>${store.runs.length === 0 ? emptyView(store) : this.#tree(store)}</main>
      <div class="for-readers" role="status" aria-live="polite">${store.announcement}</div>`;
  }

  protected override updated(): void {
    this.#tick(this.store?.runs.some((state) => state.ended === undefined) ?? false);
    if (!this.#focusing) return;
    this.#focusing = false;
    // The rows render after this element.
    requestAnimationFrame(() => {
      const row = this.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]');
      row?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: 'nearest' });
    });
  }

  #tree(store: PanelStore): TemplateResult {
    const row = store.row;
    const now = Math.floor(store.now / SECOND) * SECOND;
    const resumed = new Set(store.runs.map((state) => state.run.resumes));
    return html`<div
      role="tree"
      aria-label=${text.runs}
      @keydown=${(event: KeyboardEvent) => this.#key(store, event)}
      @focusin=${(event: FocusEvent) => this.#focusIn(store, event)}
      @dblclick=${(event: MouseEvent) => this.#open(store, event)}
    >
      ${repeat(
        store.runs,
        (state) => state.run.id,
        (state, index) => html`<sluice-run
          .store=${store}
          .state=${state}
          .expanded=${store.isExpanded(state)}
          .focused=${row?.run === state.run.id ? row.item : undefined}
          .position=${index + 1}
          .count=${store.runs.length}
          .resumed=${resumed.has(state.run.id)}
          .now=${state.ended === undefined ? now : 0}
        ></sluice-run>`,
      )}
    </div>`;
  }

  #key(store: PanelStore, event: KeyboardEvent): void {
    const onButton = event.target instanceof HTMLButtonElement;
    const before = store.row;
    if (!handleKey(store, event.key, onButton)) return;
    event.preventDefault();
    const { row } = store;
    const moved = row?.run !== before?.run || row?.item !== before?.item;
    if (!moved && !onButton) return;
    this.#focusing = true;
    this.requestUpdate();
  }

  #focusIn(store: PanelStore, event: FocusEvent): void {
    const row = rowOf(event.target);
    if (row !== undefined) store.goTo(row);
  }

  #open(store: PanelStore, event: MouseEvent): void {
    const row = rowOf(event.target);
    if (row !== undefined && row.item > 0) handleKey(store, 'Enter', false);
  }

  #tick(live: boolean): void {
    if (live) {
      this.#clock ??= setInterval(() => this.requestUpdate(), SECOND);
      return;
    }
    clearInterval(this.#clock);
    this.#clock = undefined;
  }
}
customElements.define('sluice-panel', PanelView);

function rowOf(target: EventTarget | null): { run: string; item: number } | undefined {
  const element = target instanceof Element ? target.closest('[role=treeitem]') : null;
  if (!(element instanceof HTMLElement)) return undefined;
  const { run, item } = element.dataset;
  return run === undefined ? undefined : { run, item: Number(item ?? 0) };
}
