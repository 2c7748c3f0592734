const places = new WeakMap<readonly number[], ReadonlyMap<number, number> | 'in order'>();

/**
 * Place of an item in the queue, from 1, where the order of the queue is another one than that of the
 * numbers: otherwise the rows show it already.
 */
export function queuePlace(queue: readonly number[], item: number): number | undefined {
  let known = places.get(queue);
  if (known === undefined) {
    const inOrder = queue.every((number, index) => index === 0 || number > (queue[index - 1] ?? 0));
    known = inOrder ? 'in order' : new Map(queue.map((number, index) => [number, index + 1]));
    places.set(queue, known);
  }
  return known === 'in order' ? undefined : known.get(item);
}
