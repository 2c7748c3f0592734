/** The languages that the panel has words in. */
const SPOKEN = ['en', 'fr'];

/** The language of a page, where the panel speaks it: numbers are to look like the words around them. */
export function panelLanguage(tag: string): string {
  return SPOKEN.includes(tag.split('-')[0] ?? '') ? tag : 'en';
}

/** The host writes VS Code's display language into the page. */
export const language = panelLanguage(globalThis.document?.documentElement.lang ?? 'en');
