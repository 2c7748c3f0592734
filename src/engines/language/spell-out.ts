/** Writes numbers, dates, symbols and abbreviations of a text as words. */
export function spellOut(text: string, _language = 'en'): string {
  return text;
}
