import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { itemMenu, runMenu } from './actions.ts';
import { PanelElement } from './element.ts';
import { emptyView } from './empty-view.ts';
import { ItemView } from './item-view.ts';
import { handleKey } from './keys.ts';
import { type Beside, point } from './menu.ts';
import './menu-view.ts';
import './page-view.ts';
import type { Row } from './navigation.ts';
import './player-view.ts';
import './run-view.ts';
import type { ShownRun } from './search.ts';
import { nothingFound, searchView } from './search-view.ts';
import type { PanelStore } from './store.ts';
import type { MenuAsked } from './templates.ts';
import { text } from './text.ts';
import { visible } from './visible.ts';

const SECOND = 1000;
/** What is found is said when nothing was typed for so long, in ms. */
const TYPING = 600;

/** The whole panel. Renders once a frame at most: the store tells it no more often. */
export class PanelView extends PanelElement {
  static override properties = { store: { attribute: false } };
  declare store: PanelStore | undefined;
  #unsubscribe: (() => void) | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #typing: ReturnType<typeof setTimeout> | undefined;
  /** The item that the pointer is at. */
  #hovered: ItemView | undefined;
  /** What was searched for when the panel was rendered last. */
  #searched = '';
  /** The keyboard's row is to be brought into view once it is rendered, and whether it gets the focus. */
  #revealing: { readonly focus: boolean } | undefined;
  readonly #find = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey)) return;
    const input = this.querySelector('vscode-textfield')?.wrappedElement;
    if (input === undefined) return;
    event.preventDefault();
    input.focus();
    input.select();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.#find);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.#find);
    this.#unsubscribe?.();
    clearInterval(this.#clock);
    clearTimeout(this.#typing);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('store')) return;
    this.#unsubscribe?.();
    this.#unsubscribe = this.store?.subscribe(() => this.requestUpdate());
  }

  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    if (store?.ready !== true) return nothing;
    const revealed = store.tree.takeRevealed();
    if (revealed !== undefined) this.#revealing = { focus: revealed.focus };
    const focus = (): void => this.#focusRow();
    return html`<main>
        ${
          store.page === undefined ? nothing : html`<sluice-page .page=${store.page}></sluice-page>`
        }
        ${store.runs.length === 0 ? nothing : searchView(store, focus)}
        <div class="scroller" data-scroller>${this.#content(store)}</div>
        <sluice-player
          .store=${store}
          .version=${store.version}
          .item=${store.player.found?.item}
        ></sluice-player>
        <sluice-menu .menu=${store.menu} .close=${() => store.showMenu(undefined)}></sluice-menu>
      </main>
      <div class="for-readers" role="status" aria-live="polite">${visible(store.announcement)}</div>`;
  }

  protected override updated(): void {
    const { store } = this;
    this.#tick(store?.runs.some((state) => state.ended === undefined) ?? false);
    if (store !== undefined) this.#sayFound(store);
    const revealing = this.#revealing;
    if (revealing === undefined) return;
    this.#revealing = undefined;
    // The rows render after this element.
    requestAnimationFrame(() => {
      const row = this.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]');
      if (revealing.focus) row?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: 'nearest' });
    });
  }

  #content(store: PanelStore): TemplateResult {
    if (store.runs.length === 0) return emptyView(store);
    const { shown } = store.tree;
    return shown.length === 0 ? nothingFound(store) : this.#tree(store, shown);
  }

  #tree(store: PanelStore, shown: readonly ShownRun[]): TemplateResult {
    const { row } = store.tree;
    const now = Math.floor(store.now / SECOND) * SECOND;
    return html`<div
      role="tree"
      aria-label=${text.runs}
      @keydown=${(event: KeyboardEvent) => this.#key(store, event)}
      @focusin=${(event: FocusEvent) => this.#focusIn(store, event)}
      @pointerover=${this.#hover}
      @pointerleave=${this.#hover}
      @contextmenu=${(event: MouseEvent) => this.#contextMenu(store, event)}
      @sluice-menu=${(event: CustomEvent<MenuAsked>) => this.#moreMenu(store, event)}
    >
      ${repeat(
        shown,
        ({ state }) => state.run.id,
        ({ state, items }, index) => html`<sluice-run
          .store=${store}
          .state=${state}
          .items=${items}
          .expanded=${store.tree.isExpanded(state)}
          .focused=${row?.run === state.run.id ? row.item : undefined}
          .position=${index + 1}
          .count=${shown.length}
          .version=${store.version}
          .now=${state.ended === undefined ? now : 0}
        ></sluice-run>`,
      )}
    </div>`;
  }

  #key(store: PanelStore, event: KeyboardEvent): void {
    const { target, key, altKey } = event;
    if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey) return;
    const row = target.closest<HTMLElement>('[role=treeitem]');
    if (key === 'ContextMenu' || (key === 'F10' && event.shiftKey)) {
      event.preventDefault();
      if (row !== null) showMenu(store, row, belowRow(row), true);
      return;
    }
    // What is looked into scrolls by its own keys.
    const inside = target.matches('pre, input, [role=slider]');
    if (inside && key !== 'Escape') return;
    const onButton = inside || target instanceof HTMLButtonElement;
    const before = store.tree.row;
    if (!handleKey(store, { key, altKey, onButton })) return;
    event.preventDefault();
    const after = store.tree.row;
    if (after?.run !== before?.run || after?.item !== before?.item || onButton) this.#focusRow();
  }

  #focusRow(): void {
    this.#revealing = { focus: true };
    this.requestUpdate();
  }

  readonly #hover = ({ type, target }: PointerEvent): void => {
    const over = type === 'pointerover' && target instanceof Element ? target : undefined;
    const item = over?.closest('sluice-item') ?? undefined;
    if (item === this.#hovered) return;
    if (this.#hovered !== undefined) this.#hovered.hovered = false;
    this.#hovered = item instanceof ItemView ? item : undefined;
    if (this.#hovered !== undefined) this.#hovered.hovered = true;
  };

  #focusIn(store: PanelStore, event: FocusEvent): void {
    const row = event.target instanceof Element ? rowOf(event.target) : undefined;
    if (row !== undefined) store.tree.goTo(row);
  }

  #contextMenu(store: PanelStore, event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    // VS Code has its own menu for what is selected.
    if (getSelection()?.type === 'Range') return;
    event.preventDefault();
    showMenu(store, event.target, point(event), false);
  }

  #moreMenu(store: PanelStore, { target, detail }: CustomEvent<MenuAsked>): void {
    if (!(target instanceof Element)) return;
    showMenu(store, target, target.getBoundingClientRect(), detail.keyboard);
  }

  /** A screen reader is told how much is found, when the person has done typing. */
  #sayFound(store: PanelStore): void {
    const { search } = store;
    const searched = `${search.filter} ${search.query}`;
    if (searched === this.#searched) return;
    this.#searched = searched;
    clearTimeout(this.#typing);
    if (!search.active) return;
    this.#typing = setTimeout(() => {
      const { shown } = store.tree;
      const items = shown.reduce((sum, run) => sum + run.items.length, 0);
      store.announce(text.found(shown.length, items));
    }, TYPING);
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

/** Opens the menu of the row that an element is in. */
function showMenu(store: PanelStore, within: Element, beside: Beside, keyboard: boolean): void {
  const row = rowOf(within);
  const state = store.runs.find(({ run }) => run.id === row?.run);
  if (row === undefined || state === undefined) return;
  const item = state.items[row.item - 1];
  const label = text.actionsOf(visible(item?.title ?? state.run.name));
  const groups =
    item === undefined ? runMenu(store, state, { beside, keyboard }) : itemMenu(store, state, item);
  store.tree.goTo(row);
  store.showMenu({ label, groups, beside, keyboard });
}

/** Where the menu of a row goes that a key opens. */
function belowRow(row: Element): Beside {
  const { left, top } = row.getBoundingClientRect();
  const title = row.querySelector('.title, .name')?.getBoundingClientRect();
  const bottom = title?.bottom ?? top;
  return { left: title?.left ?? left, right: title?.left ?? left, top, bottom };
}

function rowOf(within: Element): Row | undefined {
  const element = within.closest('[role=treeitem]');
  if (!(element instanceof HTMLElement)) return undefined;
  const { run, item } = element.dataset;
  return run === undefined ? undefined : { run, item: Number(item ?? 0) };
}
