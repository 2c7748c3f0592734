import { html, nothing, type TemplateResult } from 'lit';
import type { RunHeader } from '../protocol/events.ts';
import type { ItemState } from '../protocol/state.ts';
import { PanelElement } from './element.ts';
import './item-view.ts';
import { itemLabel } from './labels.ts';
import { watchNear } from './near.ts';
import { queuePlace } from './queue-place.ts';
import type { PanelStore } from './store.ts';

const ROW = 22;

/**
 * Some of the shown items of a run. They are rendered only near to what is visible: a run of ten thousand items
 * costs no more than one of a hundred. Far from it the space that they took is kept.
 */
export class ItemsView extends PanelElement {
  static override properties = {
    run: { attribute: false },
    queue: { attribute: false },
    items: { attribute: false },
    first: { attribute: false },
    total: { attribute: false },
    focused: { attribute: false },
    version: { attribute: false },
    near: { state: true },
  };
  declare store: PanelStore;
  declare run: RunHeader;
  /** The queue of the run, as in its state. */
  declare queue: readonly number[];
  declare items: readonly ItemState[];
  /** Place of the first one, from 0, among the `total` that are shown. */
  declare first: number;
  declare total: number;
  /** Number of the item that the keyboard is at; 0 when it is elsewhere. */
  declare focused: number;
  /** Of the store. */
  declare version: number;
  declare near: boolean;
  #height = 0;
  #stopWatching: (() => void) | undefined;

  constructor() {
    super();
    this.near = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopWatching = watchNear(this, (near, height) => {
      if (!near && this.near) this.#height = height;
      this.near = near;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopWatching?.();
  }

  protected override render(): TemplateResult | readonly TemplateResult[] {
    // The first ones need no look at the page: they are at the top of their run.
    if (this.near || this.first === 0 || this.focused > 0) {
      return this.items.map((item, index) => this.#item(item, this.first + index + 1));
    }
    const height = this.#height || this.items.length * ROW;
    return html`<div .style=${`height: ${height}px`}></div>`;
  }

  #item(item: ItemState, position: number): TemplateResult {
    const { store, run, queue } = this;
    const row = { run: run.id, item: item.item };
    const focused = item.item === this.focused;
    const opens = item.results.length > 0;
    const open = opens && store.tree.isOpen(row);
    const listened = store.player.isAt(row);
    const place = item.state === 'queued' ? queuePlace(queue, item.item) : undefined;
    return html`<sluice-item
      role="treeitem"
      tabindex=${focused ? 0 : -1}
      aria-level="2"
      aria-posinset=${position}
      aria-setsize=${this.total}
      aria-selected=${focused}
      aria-expanded=${opens ? open : nothing}
      aria-label=${itemLabel(item, place)}
      data-run=${run.id}
      data-item=${item.item}
      data-state=${item.state}
      .store=${store}
      .run=${run.id}
      .steps=${run.steps}
      .item=${item}
      .place=${place}
      .terms=${store.search.terms}
      .reachable=${focused}
      .open=${open}
      .playing=${store.isPlaying(row)}
      .listened=${listened}
      .version=${open || (opens && item.state === 'running') ? this.version : 0}
    ></sluice-item>`;
  }
}
customElements.define('sluice-items', ItemsView);
