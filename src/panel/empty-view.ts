import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { EngineLine, PanelCommand } from '../protocol/panel.ts';
import type { PanelStore } from './store.ts';
import { text } from './text.ts';
import { visible } from './visible.ts';

interface Offer {
  readonly command: PanelCommand;
  readonly icon: string;
  readonly label: string;
  readonly hint?: string;
}

const RUN_EXAMPLE: Offer = { command: 'runExample', icon: 'play', label: text.runExample };
const OPEN_FOLDER: Offer = { command: 'openFolder', icon: 'folder-opened', label: text.openFolder };
const TRUST: Offer = { command: 'trust', icon: 'shield', label: text.trust };
const CHECK_SETUP: Offer = { command: 'checkSetup', icon: 'checklist', label: text.checkSetup };

/** Each thing that Sluice does. */
const OFFERS: readonly Offer[] = [
  { command: 'startLesson', icon: 'mortar-board', label: text.startLesson, hint: text.hintTopic },
  { command: 'generateAudio', icon: 'unmute', label: text.generate, hint: text.hintPrompts },
  { command: 'speakDocuments', icon: 'book', label: text.speakDocuments, hint: text.hintDocuments },
  {
    command: 'separateStems',
    icon: 'split-horizontal',
    label: text.separateStems,
    hint: text.hintSongs,
  },
  {
    command: 'optimiseSchedule',
    icon: 'graph-line',
    label: text.optimiseSchedule,
    hint: text.hintTasks,
  },
  { command: 'runCommand', icon: 'terminal', label: text.runCommand, hint: text.hintProgram },
  { command: 'runBatch', icon: 'run-all', label: text.runBatch, hint: text.hintBatch },
  { command: 'newBatch', icon: 'new-file', label: text.newBatch, hint: text.hintTemplate },
];

/** What a panel without runs shows: what can be done next, and one thing first. */
export function emptyView(store: PanelStore): TemplateResult {
  if (!store.folder) return page(store, text.noFolder, OPEN_FOLDER, [CHECK_SETUP]);
  if (!store.trusted) return page(store, text.restricted, TRUST, []);
  if (store.page !== undefined) return html`<div class="empty"><p>${text.introPage}</p></div>`;
  return page(store, text.intro, RUN_EXAMPLE, OFFERS, setup(store));
}

function page(
  store: PanelStore,
  intro: string,
  first: Offer,
  others: readonly Offer[],
  end: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`<div class="empty">
    <p>${intro}</p>
    <vscode-button block data-command=${first.command} @click=${run(store, first.command)}>
      <span class="codicon codicon-${first.icon}" aria-hidden="true"></span>
      ${first.label}
    </vscode-button>
    ${others.map(
      (offer) => html`<button
        type="button"
        class="offer"
        data-command=${offer.command}
        @click=${run(store, offer.command)}
      >
        <span class="label"
          ><span class="codicon codicon-${offer.icon}" aria-hidden="true"></span>${offer.label}</span
        >
        <small aria-hidden="true">${offer.hint ?? ''}</small>
      </button>`,
    )}
    ${end}
  </div>`;
}

/** What the work is done by, and where it is looked into. */
function setup(store: PanelStore): TemplateResult {
  return html`<div class="setup">
    ${store.engines.map((engine) => engineLine(store, engine))}
    <div>
      <button
        type="button"
        class="link"
        data-command="checkSetup"
        @click=${run(store, 'checkSetup')}
      >
        ${text.checkSetup}
      </button>
    </div>
  </div>`;
}

function engineLine(store: PanelStore, { need, name, ready }: EngineLine): TemplateResult {
  const what = text.need[need];
  const label = ready ? text.engineReady(visible(name)) : text.chooseEngine;
  return html`<div class="engine">
    <span>${text.needs(what)}</span>
    <button
      type="button"
      class="link"
      aria-label="${text.needs(what)} ${label}"
      @click=${run(store, 'chooseEngine')}
    >
      ${label}
    </button>
  </div>`;
}

function run(store: PanelStore, command: PanelCommand): () => void {
  return () => store.post({ type: 'command', command });
}
