/**
 * Whether a text is too long to be read again at each key. A batch file of this size holds its inputs itself, and
 * reading it would hold up everything else that runs in this window.
 */
export function isLong(text: string): boolean {
  return text.length > 100_000;
}
