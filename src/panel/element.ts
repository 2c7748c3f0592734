import { LitElement } from 'lit';

/**
 * An element of the panel. It renders into the page itself: one style sheet and the icon font serve all
 * of them, and the roles of rows reach their tree.
 */
export class PanelElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
