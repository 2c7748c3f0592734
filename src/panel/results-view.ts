import { html, nothing, type TemplateResult } from 'lit';
import type { Result } from '../protocol/events.ts';
import type { ItemState } from '../protocol/state.ts';
import { extent } from './format.ts';
import { kindOf } from './kinds.ts';
import { resultName } from './labels.ts';
import type { Preview } from './previews.ts';
import type { PanelStore } from './store.ts';
import { action, link } from './templates.ts';
import { text } from './text.ts';
import { visible } from './visible.ts';

/** Where results are shown: an item's row, and whether the keyboard is at it. */
interface At {
  readonly store: PanelStore;
  readonly run: string;
  readonly item: ItemState;
  readonly reachable: boolean;
}

/** A line for each result of an item that is to be shown, and what the person looks into below it. */
export function resultLines(
  at: At,
  isShown: (result: Result, index: number) => boolean,
): readonly TemplateResult[] {
  return at.item.results.flatMap((result, index) =>
    isShown(result, index) ? [resultLine(at, result, index)] : [],
  );
}

function resultLine(at: At, result: Result, index: number): TemplateResult {
  const { store, run, item, reachable } = at;
  const id = { run, item: item.item, result: index };
  const name = resultName(result);
  const preview = store.previews.of(id, result);
  return html`<div class="result">
      ${link({
        label: name,
        name: text.openNamed(name),
        reachable,
        run: () => store.post({ type: 'openResult', ...id }),
      })}
      <span class="extent">${extent(result)}</span>
      ${resultAction(at, result, index, preview !== undefined)}
    </div>
    ${preview === undefined ? nothing : previewOf(name, preview)}`;
}

function resultAction(
  { store, run, item, reachable }: At,
  result: Result,
  index: number,
  previewed: boolean,
): TemplateResult | typeof nothing {
  const id = { run, item: item.item, result: index };
  const name = resultName(result);
  switch (kindOf(result)) {
    case 'sound': {
      const playing = store.player.isAt(id) && store.player.playing;
      return action({
        icon: playing ? 'debug-pause' : 'play',
        label: playing ? text.pausePlaying : text.playNamed(name),
        reachable,
        run: () => void store.player.play(id),
      });
    }
    case 'text':
      return action({
        icon: previewed ? 'chevron-up' : 'chevron-down',
        label: previewed ? text.hidePreview(name) : text.showPreview(name),
        reachable,
        run: () => (previewed ? store.previews.hide(id) : store.previews.show(id, result)),
      });
    default:
      return nothing;
  }
}

function previewOf(name: string, preview: Preview): TemplateResult {
  if ('problem' in preview) return html`<p class="bad">${visible(preview.problem)}</p>`;
  if (preview.text === undefined) return html`<p class="calm">${text.fetching}</p>`;
  if (preview.text === '') return html`<p class="calm">${text.previewEmpty}</p>`;
  return html`<pre class="preview" role="group" tabindex="0" aria-label=${text.previewOf(name)}>${preview.text}</pre>
    ${preview.whole ? nothing : html`<p class="calm">${text.previewCut}</p>`}`;
}
