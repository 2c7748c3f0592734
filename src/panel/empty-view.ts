import { html, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { PanelCommand } from '../protocol/panel.ts';
import type { PanelStore } from './store.ts';
import { text } from './text.ts';

interface Offer {
  readonly command: PanelCommand;
  readonly icon: string;
  readonly label: string;
  readonly hint?: string;
}

const RUN_BATCH: Offer = {
  command: 'runBatch',
  icon: 'run-all',
  label: text.runBatch,
  hint: text.hintBatch,
};
const CHECK_SETUP: Offer = {
  command: 'checkSetup',
  icon: 'checklist',
  label: text.checkSetup,
  hint: text.hintSetup,
};

/** What a panel without runs shows: what can be done next, and one thing first. */
export function emptyView(store: PanelStore): TemplateResult {
  if (!store.folder) {
    const open: Offer = { command: 'openFolder', icon: 'folder-opened', label: text.openFolder };
    return page(store, text.noFolder, open, [CHECK_SETUP]);
  }
  if (!store.trusted) {
    const trust: Offer = { command: 'trust', icon: 'shield', label: text.trust };
    return page(store, text.restricted, trust, []);
  }
  const generate: Offer = { command: 'generateAudio', icon: 'unmute', label: text.generate };
  return page(store, text.intro, generate, [RUN_BATCH, CHECK_SETUP]);
}

function page(
  store: PanelStore,
  intro: string,
  first: Offer,
  others: readonly Offer[],
): TemplateResult {
  const run = (offer: Offer) => (): void => store.post({ type: 'command', command: offer.command });
  return html`<div class="empty">
    <p>${intro}</p>
    <vscode-button block data-command=${first.command} @click=${run(first)}>
      <span class="codicon codicon-${first.icon}" aria-hidden="true"></span>
      ${first.label}
    </vscode-button>
    ${others.map(
      (offer) => html`<button
        type="button"
        class="offer"
        data-command=${offer.command}
        @click=${run(offer)}
      >
        <span class="codicon codicon-${offer.icon}" aria-hidden="true"></span>
        <span>${offer.label}</span>
        <small aria-hidden="true">${offer.hint ?? ''}</small>
      </button>`,
    )}
  </div>`;
}
