/** Where a text may be cut, the best first: after a clause, after a comma, at a space. */
const CUTS = [/[;:—–。！？；][)"'”’\]]*\s*/g, /[,、，][)"'”’\]]*\s*/g, /\s+/g];

/**
 * Cuts a text into pieces of at most `max` UTF-16 units, at the last good place of each piece; a
 * piece without any is cut between two characters. The pieces are trimmed and none is empty.
 */
export function boundLength(text: string, max: number): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > max) {
    const at = cutAt(rest.slice(0, max + 1), max);
    const piece = rest.slice(0, at).trim();
    if (piece !== '') pieces.push(piece);
    rest = rest.slice(at).trimStart();
  }
  if (rest !== '') pieces.push(rest);
  return pieces;
}

function cutAt(window: string, max: number): number {
  for (const cut of CUTS) {
    let last = 0;
    for (const match of window.matchAll(cut)) {
      const end = match.index + match[0].length;
      if (end <= max) last = end;
    }
    // A cut near the start would leave a fragment, and the next kind is then the better one.
    if (last > max / 3) return last;
  }
  // Not between the two halves of a surrogate pair.
  return /[\ud800-\udbff]/.test(window.charAt(max - 1)) && max > 1 ? max - 1 : max;
}
