import type { ItemHeader } from './events.ts';

/** The file that an item works on, relative to the workspace; `undefined` for a line of a list that names none. */
export function inputFile({
  input,
  source,
}: Pick<ItemHeader, 'input' | 'source'>): string | undefined {
  return input ?? (source?.line === undefined ? source?.file : undefined);
}
