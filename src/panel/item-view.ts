import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { ItemState } from '../protocol/state.ts';
import { PanelElement } from './element.ts';
import { itemHint, itemIcon, itemRight, placeName } from './labels.ts';
import { liveText } from './live-text.ts';
import type { PanelStore } from './store.ts';
import { action, bar, icon } from './templates.ts';
import { text } from './text.ts';

/** One item: a row of 22 px, and below it what is going on or what went wrong. */
export class ItemView extends PanelElement {
  static override properties = {
    item: { attribute: false },
    run: { attribute: false },
    steps: { attribute: false },
    reachable: { attribute: false },
  };
  declare store: PanelStore;
  declare item: ItemState;
  declare run: string;
  declare steps: readonly { readonly name: string }[];
  /** The keyboard is at this row. */
  declare reachable: boolean;

  protected override render(): TemplateResult {
    const { item } = this;
    return html`<div class="row" title=${ifDefined(itemHint(item))}>
        ${icon(itemIcon(item))}
        <span class="number">${item.item}</span>
        <span class="title">${item.title}</span>
        <span class="right">${itemRight(item, this.steps)}</span>
        ${this.#actions()}
      </div>
      ${this.#detail()}`;
  }

  #actions(): TemplateResult | typeof nothing {
    const { item, run, store, reachable } = this;
    const result = item.results.at(-1);
    if (item.state === 'running' || item.state === 'queued' || item.state === 'waiting') {
      return action({
        icon: 'close',
        label: text.cancelItem,
        reachable,
        quiet: true,
        run: () => store.post({ type: 'cancel', run, item: item.item }),
      });
    }
    if (item.state === 'failed' || item.state === 'cancelled') {
      return action({
        icon: 'refresh',
        label: text.retryItem,
        reachable,
        run: () => store.post({ type: 'retry', run, item: item.item }),
      });
    }
    if (result === undefined) return nothing;
    const sound = result.mime.startsWith('audio/');
    return action({
      icon: sound ? 'play' : 'go-to-file',
      label: sound ? text.play : text.open,
      reachable,
      run: () =>
        store.post({ type: 'openResult', run, item: item.item, result: item.results.length - 1 }),
    });
  }

  #detail(): TemplateResult | typeof nothing {
    const { item } = this;
    if (item.state === 'running') return this.#live();
    if (item.failure === undefined) return nothing;
    if (item.state === 'waiting') {
      return html`<div class="detail">
        <p class="calm">${text.attempt(item.attempt)} ${item.failure.message}</p>
      </div>`;
    }
    return html`<div class="detail">
      <p class="bad">${item.failure.message}</p>
      ${item.failure.hint === undefined ? nothing : html`<p class="calm">${item.failure.hint}</p>`}
      ${this.#source()}
    </div>`;
  }

  #live(): TemplateResult {
    const { item } = this;
    const fraction = item.progress?.fraction ?? 0;
    const said = item.text === '' ? (item.lastLine ?? '') : liveText(item);
    return html`<div class="detail">
      ${bar('mini', text.progress, [{ tone: 'done', share: Math.min(1, fraction) }])}
      ${
        item.silent === undefined ? nothing : html`<p class="warn">${text.silence(item.silent)}</p>`
      }
      ${
        said === ''
          ? nothing
          : html`<div class=${item.text === '' ? 'last-line' : 'live'}><p>${said}</p></div>`
      }
    </div>`;
  }

  #source(): TemplateResult | typeof nothing {
    const { item, run, store } = this;
    const place = item.failure?.where ?? item.source;
    if (place === undefined) return nothing;
    const name = placeName(place);
    return html`<button
      type="button"
      class="link"
      aria-label=${text.openSource(name)}
      tabindex=${this.reachable ? 0 : -1}
      @click=${() => store.post({ type: 'openSource', run, item: item.item })}
    >
      ${name}
    </button>`;
  }
}
customElements.define('sluice-item', ItemView);
