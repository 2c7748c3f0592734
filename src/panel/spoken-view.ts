import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { guard } from 'lit/directives/guard.js';
import { PanelElement } from './element.ts';
import type { Line, Script, Word } from './script.ts';
import { text } from './text.ts';
import { visible } from './visible.ts';
import { writtenLines } from './written.ts';

/** What is said in a sound, with the piece that is being said; what is written behind it is dim. */
export class SpokenView extends PanelElement {
  static override properties = {
    script: { attribute: false },
    now: { attribute: false },
    word: { attribute: false },
    go: { attribute: false },
  };
  declare script: Script;
  /** Index of the line that is being said. */
  declare now: number;
  /** Index in that line of the word that is being said; -1 where words have no times. */
  declare word: number;
  /** Goes to a second of the sound. */
  declare go: (second: number) => void;

  protected override render(): TemplateResult {
    const { lines, rest, exact } = this.script;
    return html`<div
      class=${classMap({ said: true, exact })}
      role="group"
      aria-label=${text.said}
      tabindex=${exact ? 0 : nothing}
      @click=${exact ? this.#click : nothing}
    >
      ${lines.map((line, index) => {
        const now = index === this.now;
        // A recording of hours has many lines, and two of them change.
        return guard([line, now, now ? this.word : -1], () => this.#line(line, index));
      })}
      ${rest === '' ? nothing : html`<span class="rest">${pieces(rest)}</span>`}
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('now')) this.#follow();
  }

  #line({ text: said, gap, words, after = '' }: Line, index: number): TemplateResult {
    const now = index === this.now;
    if (words !== undefined) return this.#words(words, after, index);
    return html`<span
      class=${classMap({ line: true, now, gap: gap === true })}
      data-line=${index}
      aria-current=${now ? 'true' : nothing}
      title=${gap === true ? text.notSpoken : nothing}
      >${pieces(said)}</span
    >${/[^\S\n]$/.test(said) ? ' ' : nothing}`;
  }

  /** A line word by word: the one that is being said lights up, and what the words name is marked. */
  #words(words: readonly Word[], after: string, index: number): TemplateResult {
    const now = index === this.now;
    return html`<span
        class=${classMap({ line: true, now })}
        data-line=${index}
        aria-current=${now ? 'true' : nothing}
        >${namesOf(words).map(({ from, to }) => {
          const [first] = words.slice(from, to);
          const shown = words.slice(from, to).map(({ text: word, before }, place) => {
            const spoken = now && from + place === this.word;
            return html`${place > 0 ? visible(before) : nothing}<span
                class=${classMap({ word: true, spoken })}
                data-word=${from + place}
                >${visible(word)}</span
              >`;
          });
          const type = first?.entity?.type;
          return html`${visible(first?.before ?? '')}${
            type === undefined ? shown : html`<mark title=${nameOf(type)}>${shown}</mark>`
          }`;
        })}${visible(after.trimEnd())}</span
      >${after.endsWith('\n\n') ? html`<span class="end paragraph"></span>` : ' '}`;
  }

  /** A press on what is said goes to it. By keyboard the buttons do. */
  readonly #click = ({ target }: MouseEvent): void => {
    if (getSelection()?.type === 'Range' || !(target instanceof Element)) return;
    const at = (kind: 'line' | 'word'): number =>
      Number(target.closest<HTMLElement>(`[data-${kind}]`)?.dataset[kind] ?? -1);
    const line = this.script.lines[at('line')];
    const start = line?.words?.[at('word')]?.start ?? line?.start;
    if (start !== undefined) this.go(start);
  };

  /** Keeps what is being said in sight, with what came before it where there is room. */
  #follow(): void {
    const box = this.querySelector<HTMLElement>('.said');
    const now = box?.querySelector<HTMLElement>('.now');
    if (!box || !now) return;
    const above = now.getBoundingClientRect().top - box.getBoundingClientRect().top;
    const room = Math.max(0, (box.clientHeight - now.offsetHeight) / 3);
    box.scrollTo({ top: box.scrollTop + above - room });
  }
}
customElements.define('sluice-spoken', SpokenView);

function pieces(markdown: string): readonly TemplateResult[] {
  return writtenLines(markdown).map(({ text: line, heading, end }) => {
    const shown = visible(line);
    if (heading) return html`<b class="heading">${shown}</b>`;
    return html`${shown}${end === 'none' ? nothing : html`<span class=${`end ${end}`}></span>`}`;
  });
}

/** The words of a line in pieces: each name, and each word that is part of none. */
function namesOf(
  words: readonly Word[],
): readonly { readonly from: number; readonly to: number }[] {
  const pieces: { from: number; to: number }[] = [];
  for (const [index, { entity }] of words.entries()) {
    const last = pieces.at(-1);
    const goes = entity !== undefined && words[index - 1]?.entity === entity;
    if (last !== undefined && goes) last.to = index + 1;
    else pieces.push({ from: index, to: index + 1 });
  }
  return pieces;
}

const TYPES: Readonly<Record<string, string>> = text.entity;

/** What kind of thing is named, as a person reads it. */
function nameOf(type: string): string {
  return TYPES[type] ?? visible(type);
}
