import { dirname, resolve } from 'node:path';
import { isMap, isNode, isSeq, LineCounter } from 'yaml';
import { contentOf, read, valueAt } from './reading.ts';

/** An item that is written in the batch file itself. Both numbers count from 1. */
export interface ListedItem {
  readonly item: number;
  readonly line: number;
}

/** The items of `inputs: [...]`. The file may be half typed. */
export function listedItems(text: string): readonly ListedItem[] {
  const lines = new LineCounter();
  const { contents } = read(text, lines);
  const inputs = isMap(contents) ? contents.get('inputs', true) : undefined;
  if (!isSeq(inputs)) return [];
  return inputs.items.flatMap((node, index) =>
    isNode(node) && node.range
      ? [{ item: index + 1, line: lines.linePos(node.range[0]).line }]
      : [],
  );
}

/** The file that a batch reads its items from. */
export interface NamedFile {
  readonly kind: 'lines' | 'rows';
  /** Absolute path. */
  readonly path: string;
}

/** The file of `inputs: { lines }` or `{ rows }`. The batch file, at an absolute path, may be half typed. */
export function namedFile(text: string, batchFile: string): NamedFile | undefined {
  const value = contentOf(read(text));
  const folder = valueAt(value, ['folder']);
  for (const kind of ['lines', 'rows'] as const) {
    const file = valueAt(value, ['inputs', kind]);
    if (typeof file !== 'string' || file === '') continue;
    const base = typeof folder === 'string' ? folder : '.';
    return { kind, path: resolve(dirname(batchFile), base, file) };
  }
  return undefined;
}
