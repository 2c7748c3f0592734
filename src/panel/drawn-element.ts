import { PanelElement } from './element.ts';

/** Ms between two drawings of what changes all the time. */
const PATIENCE = 100;

/** An element that draws itself: anew when its size or the theme changes, and some times a second when it is asked. */
export abstract class DrawnElement extends PanelElement {
  readonly #sized = new ResizeObserver(() => this.draw());
  /** A theme changes the classes of the body. */
  readonly #themed = new MutationObserver(() => this.draw());
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drawn = Number.NEGATIVE_INFINITY;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sized.observe(this);
    this.#themed.observe(document.body, { attributeFilter: ['class'] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sized.disconnect();
    this.#themed.disconnect();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  protected override updated(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#drawn + PATIENCE - performance.now();
    if (wait <= 0) this.#draw();
    else this.#timer = setTimeout(() => this.#draw(), wait);
  }

  #draw(): void {
    this.#timer = undefined;
    this.#drawn = performance.now();
    this.draw();
  }

  protected abstract draw(): void;
}

/** The value of one of the theme's colours, such as `charts-blue`. */
export function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--vscode-${name}`).trim();
}
