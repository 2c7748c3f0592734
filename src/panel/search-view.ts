import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { FILTERS } from './search.ts';
import type { PanelStore } from './store.ts';
import { text } from './text.ts';

/** The field that searches runs and items. `leave` brings the keyboard to what is found. */
export function searchView(store: PanelStore, leave: () => void): TemplateResult {
  const { search } = store;
  const key = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLButtonElement) return;
    if (event.key === 'Escape' && search.active) search.clear();
    else if (event.key === 'Escape' || event.key === 'ArrowDown' || event.key === 'Enter') leave();
    else return;
    event.preventDefault();
  };
  const input = (event: Event): void => {
    if (event.target instanceof HTMLElement && 'value' in event.target) {
      search.query = String(event.target.value);
    }
  };
  return html`<div class="find" role="search" @keydown=${key}>
    <vscode-textfield
      .label=${text.search}
      placeholder=${text.search}
      .value=${search.query}
      @input=${input}
    >
      <span slot="content-after" class="find-buttons">
        ${
          search.query === ''
            ? nothing
            : html`<button
                type="button"
                class="action codicon codicon-close"
                aria-label=${text.clearSearch}
                title=${text.clearSearch}
                @click=${() => {
                  search.query = '';
                }}
              ></button>`
        }
        ${filterButton(store)}
      </span>
    </vscode-textfield>
  </div>`;
}

function filterButton(store: PanelStore): TemplateResult {
  const { search } = store;
  const chosen = search.filter !== 'all';
  const label = chosen ? text.filtered(text.filters[search.filter]) : text.filter;
  const choose = (event: MouseEvent): void => {
    if (!(event.currentTarget instanceof HTMLElement)) return;
    store.showMenu({
      label: text.filter,
      beside: event.currentTarget.getBoundingClientRect(),
      keyboard: event.detail === 0,
      groups: [
        FILTERS.map((filter) => ({
          label: text.filters[filter],
          checked: search.filter === filter,
          choose: () => {
            search.filter = filter;
          },
        })),
      ],
    });
  };
  return html`<button
    type="button"
    class="filter ${chosen ? 'chosen' : ''}"
    aria-label=${label}
    aria-haspopup="menu"
    title=${label}
    @click=${choose}
  >
    ${chosen ? html`<span class="word">${text.filters[search.filter]}</span>` : nothing}
    <span
      class="codicon codicon-${chosen ? 'filter-filled' : 'filter'}"
      aria-hidden="true"
    ></span>
  </button>`;
}

/** What stands where nothing is found. */
export function nothingFound(store: PanelStore): TemplateResult {
  const { search } = store;
  const said =
    search.terms.length === 0
      ? text.nothingWith[search.filter]
      : text.nothingMatches(search.query.trim());
  return html`<div class="nothing">
    <p>${said}</p>
    <button type="button" class="link" @click=${() => search.clear()}>${text.showAll}</button>
  </div>`;
}
