import { html, nothing, type TemplateResult } from 'lit';
import { pieces } from './fold.ts';
import type { Icon } from './labels.ts';
import { text } from './text.ts';

/** A codicon that says nothing to a screen reader: the row's label does. */
export function icon(of: Icon): TemplateResult {
  const spin = of.name === 'loading' ? 'spin' : '';
  return html`<span
    class="codicon codicon-${of.name} ${spin} tone-${of.tone}"
    aria-hidden="true"
  ></span>`;
}

/** A text in which what was searched for is marked. */
export function marked(text: string, terms: readonly string[]): string | readonly unknown[] {
  if (terms.length === 0) return text;
  return pieces(text, terms).map((piece) =>
    piece.found ? html`<mark>${piece.text}</mark>` : piece.text,
  );
}

/** A small button with an icon. It is reached with Tab from its row only, when that has the focus. */
export function action(options: {
  readonly icon: string;
  readonly label: string;
  readonly reachable: boolean;
  readonly run: (event: MouseEvent) => void;
  /** It opens a menu. */
  readonly menu?: boolean;
}): TemplateResult {
  const click = (event: MouseEvent): void => {
    event.stopPropagation();
    options.run(event);
  };
  return html`<button
    type="button"
    class="action codicon codicon-${options.icon}"
    aria-label=${options.label}
    aria-haspopup=${options.menu === true ? 'menu' : nothing}
    title=${options.label}
    tabindex=${options.reachable ? 0 : -1}
    @click=${click}
  ></button>`;
}

/** What opens the menu of the row that it is in: the tree hears of it. */
export function more(reachable: boolean): TemplateResult {
  return action({
    icon: 'ellipsis',
    label: text.more,
    reachable,
    menu: true,
    run: ({ currentTarget, detail }) => {
      const asked = new CustomEvent<MenuAsked>('sluice-menu', {
        bubbles: true,
        // A key presses a button without a click of a pointer.
        detail: { keyboard: detail === 0 },
      });
      currentTarget?.dispatchEvent(asked);
    },
  });
}

/** What the event `sluice-menu` says. */
export interface MenuAsked {
  readonly keyboard: boolean;
}

/** A button that looks like a link. */
export function link(options: {
  readonly label: string;
  /** What a screen reader says, where the label alone says too little. */
  readonly name?: string;
  readonly reachable: boolean;
  readonly run: () => void;
}): TemplateResult {
  return html`<button
    type="button"
    class="link"
    aria-label=${options.name ?? nothing}
    tabindex=${options.reachable ? 0 : -1}
    @click=${options.run}
  >
    ${options.label}
  </button>`;
}

/**
 * A bar of parts, each a share from 0 to 1 of the whole. Styles are set as properties: the content
 * security policy refuses them as attributes.
 */
export function bar(
  className: string,
  label: string,
  parts: readonly { readonly tone: string; readonly share: number }[],
): TemplateResult {
  const sum = parts.reduce((total, part) => total + part.share, 0);
  return html`<div
    class=${className}
    role="progressbar"
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.floor(sum * 100)}
  >
    ${parts.map(({ tone, share }) =>
      share > 0 ? html`<i class=${tone} .style=${`width: ${share * 100}%`}></i>` : nothing,
    )}
  </div>`;
}
