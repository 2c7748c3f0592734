/** Things that are rendered together, or not at all. */
export const CHUNK = 25;

/**
 * A list in parts of `CHUNK`. A part in which nothing has changed since `before` is the same array as there, so
 * that it is not rendered again: most events are about few items of many.
 */
export function chunksOf<T>(
  list: readonly T[],
  before: readonly (readonly T[])[],
): readonly (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  for (let first = 0; first < list.length; first += CHUNK) {
    const old = before[chunks.length];
    chunks.push(
      old !== undefined && isSame(list, first, old) ? old : list.slice(first, first + CHUNK),
    );
  }
  return chunks;
}

function isSame<T>(list: readonly T[], first: number, old: readonly T[]): boolean {
  if (old.length !== Math.min(CHUNK, list.length - first)) return false;
  for (let index = 0; index < old.length; index += 1) {
    if (old[index] !== list[first + index]) return false;
  }
  return true;
}
