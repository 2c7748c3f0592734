import {
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';

/** Reads a file that may be half typed. */
export function read(text: string, lineCounter?: LineCounter): Document {
  return parseDocument(text, {
    logLevel: 'silent',
    prettyErrors: false,
    strict: false,
    uniqueKeys: false,
    ...(lineCounter === undefined ? {} : { lineCounter }),
  });
}

/** What a file says; `undefined` when that cannot be told. */
export function contentOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    // An alias without its anchor.
    return undefined;
  }
}

/** What stands at a path of a file's value. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? Reflect.get(at, key)
        : undefined,
    value,
  );
}

type Ancestors = readonly (Document | Node | Pair)[];

/** The path to a node, or for a key to its map, by those above it. */
export function pathOf(node: Node, isKey: boolean, ancestors: Ancestors): PropertyKey[] {
  return ancestors.flatMap((ancestor, index): PropertyKey[] => {
    const next = ancestors[index + 1] ?? node;
    if (isSeq(ancestor)) return [ancestor.items.indexOf(next)];
    if (!isPair(ancestor) || (isKey && next === node)) return [];
    return [isScalar(ancestor.key) ? String(ancestor.key.value) : ''];
  });
}

/** Where a key of a map stands. */
export function keyRange(node: unknown, key: string): readonly [number, number] | undefined {
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  const found = pair?.key as Node | undefined;
  return found?.range ? [found.range[0], found.range[1]] : undefined;
}
