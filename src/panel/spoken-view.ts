import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { PanelElement } from './element.ts';
import type { Line, Script } from './script.ts';
import { text } from './text.ts';
import { visible } from './visible.ts';
import { writtenLines } from './written.ts';

/** What is said in a sound, with the piece that is being said; what is written behind it is dim. */
export class SpokenView extends PanelElement {
  static override properties = {
    script: { attribute: false },
    now: { attribute: false },
    go: { attribute: false },
  };
  declare script: Script;
  /** Index of the line that is being said. */
  declare now: number;
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
      ${lines.map((line, index) => this.#line(line, index))}
      ${rest === '' ? nothing : html`<span class="rest">${pieces(rest)}</span>`}
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('now')) this.#follow();
  }

  #line({ text: said, gap }: Line, index: number): TemplateResult {
    const now = index === this.now;
    return html`<span
      class=${classMap({ line: true, now, gap: gap === true })}
      data-line=${index}
      aria-current=${now ? 'true' : nothing}
      title=${gap === true ? text.notSpoken : nothing}
      >${pieces(said)}</span
    >${/[^\S\n]$/.test(said) ? ' ' : nothing}`;
  }

  /** A press on what is said goes to it. By keyboard the buttons do. */
  readonly #click = ({ target }: MouseEvent): void => {
    if (getSelection()?.type === 'Range' || !(target instanceof Element)) return;
    const line = target.closest<HTMLElement>('[data-line]')?.dataset['line'];
    const start = line === undefined ? undefined : this.script.lines[Number(line)]?.start;
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
