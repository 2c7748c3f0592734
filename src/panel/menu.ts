/** What can be chosen in a menu. */
export interface MenuEntry {
  readonly label: string;
  /** Of one that is chosen from several: it is the present one. */
  readonly checked?: boolean;
  choose(): void;
}

/** Where a menu is opened, and how. */
export interface MenuPlace {
  readonly beside: Beside;
  /** It was opened with a key, which goes on to its first entry. */
  readonly keyboard: boolean;
}

/** A menu that is open, beside a place of the page. */
export interface OpenMenu extends MenuPlace {
  /** What a screen reader calls it. */
  readonly label: string;
  /** Groups with a line between them. */
  readonly groups: readonly (readonly MenuEntry[])[];
}

/** A part of what is visible, in px; a point where the pointer is. */
export interface Beside {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function point({ clientX: x, clientY: y }: MouseEvent): Beside {
  return { left: x, right: x, top: y, bottom: y };
}

const EDGE = 4;

/**
 * Where a menu of a size goes: below what it belongs to, its left edge at the left; above or to the left where
 * there is no room. All in px.
 */
export function placeMenu(
  beside: Beside,
  menu: { readonly width: number; readonly height: number },
  view: { readonly width: number; readonly height: number },
): { readonly left: number; readonly top: number } {
  const { width, height } = menu;
  const fitsRight = beside.left + width <= view.width - EDGE;
  const left = fitsRight ? beside.left : beside.right - width;
  const fitsBelow = beside.bottom + height <= view.height - EDGE;
  const top = fitsBelow ? beside.bottom : beside.top - height;
  return {
    left: clamp(left, view.width - width),
    top: clamp(top, view.height - height),
  };
}

function clamp(value: number, space: number): number {
  return Math.max(EDGE, Math.min(value, space - EDGE));
}
