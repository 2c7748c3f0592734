import { type Node, type Scalar, visit } from 'yaml';
import { type Facts, factsOf } from './facts.ts';
import { placeholderMeaning, stepAt } from './placeholder-rules.ts';
import { placeholderAround } from './placeholders.ts';
import { contentOf, pathOf, read } from './reading.ts';
import { batchJsonSchema } from './schema.ts';
import { placeAt } from './schema-at.ts';

/** What there is to say of a part of a batch file, from offset `from` to offset `to`. */
export type Hover = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'key'; readonly name: string; readonly facts: Facts }
  | { readonly kind: 'placeholder'; readonly name: string; readonly meaning: string }
);

/** What stands at an offset of a batch file, which may be half typed. Pure; never throws. */
export function hoverAt(text: string, offset: number): Hover | undefined {
  const document = read(text);
  const pointed: { node?: Scalar; path?: PropertyKey[]; name?: string } = {};
  visit(document, {
    Scalar(key, node, ancestors) {
      if (!contains(node, offset)) return undefined;
      const path = pathOf(node, key === 'key', ancestors);
      pointed.node = node;
      pointed.path = key === 'key' ? [...path, String(node.value)] : path;
      return visit.BREAK;
    },
  });
  const { node, path } = pointed;
  if (node?.range === undefined || node.range === null || path === undefined) return undefined;
  const [from, to] = node.range;
  const value = contentOf(document);
  const placeholder = placeholderAround(text.slice(from, to), offset - from);
  if (placeholder !== undefined) {
    const { name, at, length } = placeholder;
    const meaning = placeholderMeaning(name, stepAt(path, value));
    if (meaning === undefined) return undefined;
    return { kind: 'placeholder', name, meaning, from: from + at, to: from + at + length };
  }
  const name = path.findLast((key) => typeof key === 'string');
  const { schemas } = placeAt(batchJsonSchema(), path, value);
  if (name === undefined || schemas.length === 0) return undefined;
  const facts = factsOf(schemas);
  return facts.description === undefined ? undefined : { kind: 'key', name, facts, from, to };
}

function contains(node: Node, offset: number): boolean {
  return !!node.range && node.range[0] <= offset && offset <= node.range[1];
}
