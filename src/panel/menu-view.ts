import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { PanelElement } from './element.ts';
import { type MenuEntry, type OpenMenu, placeMenu } from './menu.ts';

/**
 * The menu that is open. VS Code's own context menu would need VS Code around the panel, and the panel is
 * also a page.
 */
export class MenuView extends PanelElement {
  static override properties = { menu: { attribute: false }, close: { attribute: false } };
  declare menu: OpenMenu | undefined;
  declare close: () => void;
  /** What had the focus before: it gets it back. */
  #before: HTMLElement | undefined;
  readonly #leave = (event: Event): void => {
    if (event.target instanceof Node && this.contains(event.target)) return;
    this.close();
  };

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listen(false);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { menu } = this;
    if (menu === undefined) return nothing;
    const groups = menu.groups.filter((group) => group.length > 0);
    return html`<div
      class="menu"
      role="menu"
      tabindex="-1"
      aria-label=${menu.label}
      @keydown=${this.#key}
      @pointerover=${this.#hover}
      @contextmenu=${(event: Event) => event.preventDefault()}
    >
      ${groups.map(
        (group, index) => html`${index === 0 ? nothing : html`<div role="separator"></div>`}
        ${group.map((entry) => this.#entry(entry))}`,
      )}
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('menu')) return;
    const menu = this.querySelector<HTMLElement>('[role=menu]');
    this.#listen(menu !== null);
    if (menu === null || this.menu === undefined) {
      // Whatever took the focus meanwhile keeps it.
      if (document.activeElement === document.body) this.#before?.focus({ preventScroll: true });
      this.#before = undefined;
      return;
    }
    const view = { width: window.innerWidth, height: window.innerHeight };
    const { left, top } = placeMenu(this.menu.beside, menu.getBoundingClientRect(), view);
    menu.style.left = `${left}px`;
    menu.style.top = `${top}px`;
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && !this.contains(activeElement)) {
      this.#before = activeElement;
    }
    const chosen = this.#entries.find((entry) => entry.ariaChecked === 'true');
    const first = this.menu.keyboard ? this.#entries[0] : menu;
    (chosen ?? first)?.focus();
  }

  get #entries(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('.entry')];
  }

  #entry(entry: MenuEntry): TemplateResult {
    const choose = (): void => {
      this.#finish();
      entry.choose();
    };
    if (entry.checked === undefined) {
      return html`<button type="button" class="entry" role="menuitem" tabindex="-1" @click=${choose}>
        ${entry.label}
      </button>`;
    }
    return html`<button
      type="button"
      class="entry"
      role="menuitemradio"
      tabindex="-1"
      aria-checked=${entry.checked}
      @click=${choose}
    >
      <span class="checked codicon codicon-check" aria-hidden="true"></span>${entry.label}
    </button>`;
  }

  /** Gives the focus back, then closes. */
  #finish(): void {
    this.#before?.focus({ preventScroll: true });
    this.close();
  }

  readonly #key = (event: KeyboardEvent): void => {
    const entries = this.#entries;
    const { activeElement } = document;
    const at = activeElement instanceof HTMLElement ? entries.indexOf(activeElement) : -1;
    const { key } = event;
    let to: number | undefined;
    if (key === 'ArrowDown') to = at + 1;
    else if (key === 'ArrowUp') to = at === -1 ? -1 : at - 1;
    else if (key === 'Home') to = 0;
    else if (key === 'End') to = -1;
    else if (key === 'Escape' || key === 'Tab') this.#finish();
    else if (key.length === 1 && key !== ' ') to = startingWith(entries, key, at);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (to !== undefined) entries.at(to % entries.length)?.focus();
  };

  /** One entry is marked: the one at the pointer, or the one that keys lead to. */
  readonly #hover = (event: PointerEvent): void => {
    const entry = event.target instanceof Element ? event.target.closest('.entry') : null;
    if (entry instanceof HTMLElement) entry.focus();
  };

  #listen(open: boolean): void {
    const change = open ? 'addEventListener' : 'removeEventListener';
    document[change]('pointerdown', this.#leave, true);
    document[change]('wheel', this.#leave, true);
    window[change]('resize', this.#leave);
    window[change]('blur', this.#leave);
  }
}
customElements.define('sluice-menu', MenuView);

/** The next entry whose label begins with a letter. */
function startingWith(
  entries: readonly HTMLElement[],
  letter: string,
  at: number,
): number | undefined {
  for (let step = 1; step <= entries.length; step += 1) {
    const index = (at + step) % entries.length;
    const label = entries[index]?.textContent?.trim().toLocaleLowerCase() ?? '';
    if (label.startsWith(letter.toLocaleLowerCase())) return index;
  }
  return undefined;
}
