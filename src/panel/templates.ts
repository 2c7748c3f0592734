import { html, nothing, type TemplateResult } from 'lit';
import type { Icon } from './labels.ts';

/** A codicon that says nothing to a screen reader: the row's label does. */
export function icon(of: Icon): TemplateResult {
  const spin = of.name === 'loading' ? 'codicon-modifier-spin' : '';
  return html`<span
    class="codicon codicon-${of.name} ${spin} tone-${of.tone}"
    aria-hidden="true"
  ></span>`;
}

/** A small button with an icon. It is reached with Tab from its row only, when that has the focus. */
export function action(options: {
  readonly icon: string;
  readonly label: string;
  readonly reachable: boolean;
  readonly run: () => void;
  readonly quiet?: boolean;
}): TemplateResult {
  const click = (event: Event): void => {
    event.stopPropagation();
    options.run();
  };
  return html`<button
    type="button"
    class="action codicon codicon-${options.icon} ${options.quiet === true ? 'quiet' : ''}"
    aria-label=${options.label}
    title=${options.label}
    tabindex=${options.reachable ? 0 : -1}
    @click=${click}
  ></button>`;
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
