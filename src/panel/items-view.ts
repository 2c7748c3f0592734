import { html, type nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { ItemState, RunState } from '../protocol/state.ts';
import { PanelElement } from './element.ts';
import './item-view.ts';
import { itemLabel } from './labels.ts';
import { watchNear } from './near.ts';
import type { PanelStore } from './store.ts';

/** Items that are rendered together, or not at all. */
export const CHUNK = 50;
const ROW = 22;

/**
 * Some items of a run, from number `first` on. They are rendered only near to what is visible: a run of ten
 * thousand items costs no more than one of a hundred. Far from it the space that they took is kept.
 */
export class ItemsView extends PanelElement {
  static override properties = {
    state: { attribute: false },
    first: { attribute: false },
    focused: { attribute: false },
    near: { state: true },
  };
  declare store: PanelStore;
  declare state: RunState;
  declare first: number;
  /** Number of the item of this chunk that the keyboard is at; 0 when it is elsewhere. */
  declare focused: number;
  declare near: boolean;
  #height = 0;
  #shown: readonly ItemState[] = [];
  #stopWatching: (() => void) | undefined;

  constructor() {
    super();
    this.near = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopWatching = watchNear(this, (near) => {
      if (!near && this.near) this.#height = this.offsetHeight;
      this.near = near;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopWatching?.();
  }

  get #items(): readonly ItemState[] {
    return this.state.items.slice(this.first - 1, this.first - 1 + CHUNK);
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    if (changed.size !== 1 || !changed.has('state') || !this.hasUpdated) return true;
    // Most events are about items of other chunks.
    const items = this.#items;
    const same = items.length === this.#shown.length;
    return !same || items.some((item, index) => item !== this.#shown[index]);
  }

  protected override render(): TemplateResult | readonly TemplateResult[] | typeof nothing {
    this.#shown = this.#items;
    // The first ones need no look at the page: they are at the top of their run.
    if (this.near || this.first === 1 || this.focused > 0) {
      return this.#shown.map((item) => this.#item(item));
    }
    const height = this.#height || this.#shown.length * ROW;
    return html`<div .style=${`height: ${height}px`}></div>`;
  }

  #item(item: ItemState): TemplateResult {
    const { run } = this.state;
    const focused = item.item === this.focused;
    return html`<sluice-item
      role="treeitem"
      tabindex=${focused ? 0 : -1}
      aria-level="2"
      aria-posinset=${item.item}
      aria-setsize=${run.total}
      aria-selected=${focused}
      aria-label=${itemLabel(item)}
      data-run=${run.id}
      data-item=${item.item}
      data-state=${item.state}
      .store=${this.store}
      .run=${run.id}
      .steps=${run.steps}
      .item=${item}
      .reachable=${focused}
    ></sluice-item>`;
  }
}
customElements.define('sluice-items', ItemsView);
