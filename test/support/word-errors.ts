import { spellOut } from '../../src/engines/language/spell-out.ts';

/**
 * Word errors (changed, missing and added ones) by words of `expected`; case, punctuation, and whether a number stands
 * in digits or in words do not count. 0 is the same text.
 */
export function wordErrorRate(expected: string, heard: string): number {
  const wanted = words(expected);
  const found = words(heard);
  let row = found.map((_, index) => index + 1);
  row.unshift(0);
  for (const [index, word] of wanted.entries()) {
    const next = [index + 1];
    for (const [column, other] of found.entries()) {
      const changed = (row[column] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return (row.at(-1) ?? 0) / Math.max(1, wanted.length);
}

function words(text: string): string[] {
  return (
    spellOut(text, 'en')
      .toLowerCase()
      .replace(/['’]/g, '')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}
