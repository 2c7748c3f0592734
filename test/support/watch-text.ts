import type { Frame } from 'playwright-core';

/** What an element showed, and when: ms since 1970, by the clock of this machine. */
export interface Shown {
  readonly text: string;
  readonly time: number;
}

interface Watching {
  shownTexts?: Map<string, Shown[]>;
}

/**
 * Notes each text that the first element of a selector shows from now on, also elements that are not there
 * yet. Nothing is missed between two looks, as it is when a page is asked again and again.
 */
export async function watchText(frame: Frame, selector: string): Promise<() => Promise<Shown[]>> {
  await frame.evaluate((watched) => {
    const own = window as Watching;
    own.shownTexts ??= new Map();
    const texts: Shown[] = [];
    own.shownTexts.set(watched, texts);
    const note = (): void => {
      const time = Date.now();
      const text = document.querySelector(watched)?.textContent?.trim();
      if (text !== undefined && text !== texts.at(-1)?.text) texts.push({ text, time });
    };
    new MutationObserver(note).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    note();
  }, selector);
  return () =>
    frame.evaluate((watched) => (window as Watching).shownTexts?.get(watched) ?? [], selector);
}
