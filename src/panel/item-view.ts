import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { tellingStep } from '../protocol/progress.ts';
import type { ItemState } from '../protocol/state.ts';
import { possible } from './actions.ts';
import { PanelElement } from './element.ts';
import { itemHint, itemIcon, itemRight, placeName } from './labels.ts';
import { liveText, spokenText } from './live-text.ts';
import { LONGEST } from './mixer.ts';
import './mixer-view.ts';
import { isPlayable, mainResult, recordingOf } from './recording.ts';
import { resultLines } from './results-view.ts';
import { stemsOf } from './stems.ts';
import type { PanelStore } from './store.ts';
import { action, bar, icon, link, marked, more } from './templates.ts';
import { text } from './text.ts';
import { isListenable } from './track.ts';
import { saying, visible } from './visible.ts';

/** Of a running item the newest results are shown; all of them when it is open. */
const PARTIAL = 2;

/** One item: a row of 22 px, and below it what is going on, what went wrong or what was made. */
export class ItemView extends PanelElement {
  static override properties = {
    item: { attribute: false },
    run: { attribute: false },
    steps: { attribute: false },
    place: { attribute: false },
    terms: { attribute: false },
    reachable: { attribute: false },
    open: { attribute: false },
    playing: { attribute: false },
    listened: { attribute: false },
    version: { attribute: false },
    hovered: { attribute: false },
  };
  declare store: PanelStore;
  declare item: ItemState;
  declare run: string;
  declare steps: readonly { readonly name: string }[];
  /** Place in the queue, where it is to be shown. */
  declare place: number | undefined;
  /** What is searched for, to be marked. */
  declare terms: readonly string[];
  /** The keyboard is at this row. */
  declare reachable: boolean;
  /** Its results are shown. */
  declare open: boolean;
  /** One of its results is playing, or what it makes. */
  declare playing: boolean;
  /** What it makes is in the player, with its text. */
  declare listened: boolean;
  /** Of the store, as far as the item shows more than its own state; otherwise 0. */
  declare version: number;
  /** The pointer is at it, which brings what most rows can do without. */
  declare hovered: boolean;

  protected override render(): TemplateResult {
    const { item } = this;
    const { word, share, left } = itemRight(item, this.steps, this.place);
    const opens = item.results.length > 0;
    const near = this.hovered || this.reachable;
    return html`<div
        class="row ${opens ? 'opens' : ''}"
        title=${ifDefined(itemHint(item))}
        @click=${opens ? this.#toggle : nothing}
      >
        ${icon(itemIcon(item))}
        ${
          opens && near
            ? html`<span
                class="opener codicon codicon-chevron-${this.open ? 'down' : 'right'}"
                aria-hidden="true"
              ></span>`
            : nothing
        }
        <span class="number">${item.item}</span>
        <span class="title">${marked(visible(item.title), this.terms)}</span>
        ${near ? html`<span class="quiet">${this.#cancel()}${more(this.reachable)}</span>` : nothing}
        <span class="right"
          >${word}${share === undefined ? nothing : html` <span class="share">${share}</span>`}${
            left === undefined ? nothing : html` <span>${left}</span>`
          }</span
        >
        ${this.#action()}
      </div>
      ${this.#detail()}`;
  }

  /** The one thing that is most likely to be wanted. */
  #action(): TemplateResult | typeof nothing {
    const { item, run, store, reachable } = this;
    const at = { run, item: item.item };
    if (isListenable(item)) {
      return action({
        icon: this.playing ? 'debug-pause' : 'play',
        label: this.playing ? text.pausePlaying : text.listen,
        reachable,
        run: () => void store.player.play(at),
      });
    }
    if (possible(item).canFinish) {
      const finish = (): void => store.post({ type: 'finish', ...at });
      return action({ icon: 'stop-circle', label: text.finishItem, reachable, run: finish });
    }
    // A recording can be heard while the steps behind its transcript are under way.
    if (possible(item).canCancel) return recordingOf(item) === -1 ? nothing : this.#play();
    if (possible(item).canRetry) {
      const retry = (): void => store.post({ type: 'retry', ...at });
      return action({ icon: 'refresh', label: text.retryItem, reachable, run: retry });
    }
    const result = mainResult(item);
    const file = item.results[result];
    if (file === undefined) return nothing;
    if (isPlayable(item, result)) return this.#play();
    const open = (): void => store.post({ type: 'openResult', ...at, result });
    return action({ icon: 'go-to-file', label: text.open, reachable, run: open });
  }

  #play(): TemplateResult {
    const { item, run, store, reachable } = this;
    const label = mainResult(item) === recordingOf(item) ? text.playRecording : text.play;
    return action({
      icon: this.playing ? 'debug-pause' : 'play',
      label: this.playing ? text.pausePlaying : label,
      reachable,
      run: () => void store.playItem({ run, item: item.item }),
    });
  }

  #cancel(): TemplateResult | typeof nothing {
    const { item, run, store, reachable } = this;
    if (!possible(item).canCancel) return nothing;
    const cancel = (): void => store.post({ type: 'cancel', run, item: item.item });
    return action({ icon: 'close', label: text.cancelItem, reachable, run: cancel });
  }

  readonly #toggle = (): void => {
    // A click that ends a selection of text is none.
    if (getSelection()?.type === 'Range') return;
    this.store.open({ run: this.run, item: this.item.item }, !this.open);
  };

  #detail(): TemplateResult | typeof nothing {
    const { item } = this;
    const parts = [this.#news(), this.#results()].filter((part) => part !== nothing);
    return parts.length === 0 ? nothing : html`<div class="detail ${item.state}">${parts}</div>`;
  }

  #news(): TemplateResult | typeof nothing {
    const { item } = this;
    if (item.state === 'running') return this.#live();
    if (item.waits !== undefined) {
      const { needs, free } = item.waits;
      return html`<p class="calm">${text.waitsHint(needs, free)}</p>`;
    }
    const { failure } = item;
    if (failure === undefined) return nothing;
    if (item.state === 'waiting') {
      return html`<p class="calm">${text.attempt(item.attempt)} ${saying(failure.message)}</p>`;
    }
    const message = saying(failure.message);
    return html`<p class="bad" title=${message}>${message}</p>
      ${failure.hint === undefined ? nothing : html`<p class="calm">${saying(failure.hint)}</p>`}
      ${this.#source()}`;
  }

  #live(): TemplateResult {
    const { item } = this;
    const fraction = tellingStep(item).progress?.fraction ?? 0;
    return html`${bar('mini', text.progress, [{ tone: 'done', share: Math.min(1, fraction) }])}
      ${
        item.silent === undefined ? nothing : html`<p class="warn">${text.silence(item.silent)}</p>`
      }
      ${this.listened ? nothing : item.text === '' ? this.#lastLine() : this.#text()}`;
  }

  #lastLine(): TemplateResult | typeof nothing {
    const { lastLine = '' } = this.item;
    return lastLine === ''
      ? nothing
      : html`<div class="last-line"><p>${saying(lastLine)}</p></div>`;
  }

  #text(): TemplateResult {
    const spoken = spokenText(this.item);
    if (spoken === undefined) {
      return html`<div class="live"><p>${saying(liveText(this.item))}</p></div>`;
    }
    const { before, now, after } = spoken;
    return html`<div class="live spoken">
      <p>${saying(before)}<span class="now">${saying(now)}</span>${saying(after)}</p>
    </div>`;
  }

  #results(): readonly TemplateResult[] | typeof nothing {
    const { item, open, store, run, reachable } = this;
    const { length } = item.results;
    const at = { store, run, item, reachable };
    if (!open) {
      if (item.state !== 'running') return nothing;
      return resultLines(at, (_, index) => index >= length - PARTIAL);
    }
    const stems = stemsOf(item);
    if (stems.length === 0) return resultLines(at, () => true);
    const row = { run, item: item.item };
    if (!store.isMixed(item, run)) {
      return [
        ...resultLines(at, () => true),
        html`<p class="calm">${text.tooLongToMix(LONGEST / 60)}</p>`,
      ];
    }
    return [
      ...resultLines(at, (_, index) => stems.every(({ result }) => result !== index)),
      html`<sluice-mixer
        .store=${store}
        .row=${row}
        .stems=${stems}
        .reachable=${reachable}
        .version=${this.version}
      ></sluice-mixer>`,
    ];
  }

  #source(): TemplateResult | typeof nothing {
    const { item, run, store, reachable } = this;
    const place = item.failure?.where ?? item.source;
    if (place === undefined) return nothing;
    const label = placeName(place);
    if (!store.can('openSource')) return html`<p class="calm">${label}</p>`;
    const open = (): void => store.post({ type: 'openSource', run, item: item.item });
    return link({ label, name: text.openSource(label), reachable, run: open });
  }
}
customElements.define('sluice-item', ItemView);
