import { type Document, isMap, isNode, isScalar, visit } from 'yaml';
import { pathOf, read } from './reading.ts';

/** A part of a file that is being typed, or pointed at. Offsets count characters from 0. */
export interface Spot {
  /** A key of the map at `path`, or the value at `path`. */
  readonly kind: 'key' | 'value';
  readonly path: readonly PropertyKey[];
  /** What stands in it before the cursor, quotes left out. */
  readonly typed: string;
  /** Where it stands, with its quotes. */
  readonly from: number;
  readonly to: number;
  /** The other keys of the map, for a key. */
  readonly siblings: readonly string[];
  /** For a key that is alone within braces: where they begin. A text such as `{in` may be meant. */
  readonly brace?: number;
  /** Within braces or brackets, where a comma ends a value. */
  readonly flow: boolean;
  /** Spaces that have to come before it. */
  readonly indent: number;
}

const INDENT = 2;

/** A noncharacter of Unicode: no text has it that is meant for others to read. */
const MARK = '\ufdd0';

/**
 * What may be meant at an offset of a file. A mark is written there and the file is read with it: the parser,
 * which forgives much, then says what the mark is, in any style and at any indentation. A half-typed word may
 * be a value, or a key without its colon; where the file reads equally well with both, both are given. Pure;
 * never throws.
 */
export function spotsAt(text: string, offset: number): readonly Spot[] {
  const spots = spotsIn(text, offset);
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  if (spots.length > 0 || !/^ *\w*$/.test(text.slice(line, offset))) return spots;
  // Editors begin a line under the dash of a list; what is meant is a key of the item above.
  const deeper = `${text.slice(0, line)}${' '.repeat(INDENT)}${text.slice(line)}`;
  return spotsIn(deeper, offset + INDENT).map((spot) => ({
    ...spot,
    from: spot.from - INDENT,
    to: spot.to - INDENT,
    indent: INDENT,
  }));
}

function spotsIn(text: string, offset: number): readonly Spot[] {
  const readings = [MARK, `${MARK}: `].flatMap((mark) => {
    const marked = text.slice(0, offset) + mark + text.slice(offset);
    const document = read(marked);
    const spot = markedSpot(document, marked, offset, mark.length);
    // Within quotes the colon is none.
    if (spot === undefined || (mark !== MARK && spot.kind === 'value')) return [];
    return [{ spot, errors: document.errors.length }];
  });
  const least = Math.min(...readings.map(({ errors }) => errors));
  const [first, second] = readings.filter(({ errors }) => errors === least).map(({ spot }) => spot);
  if (first === undefined) return [];
  return second === undefined || second.kind === first.kind ? [first] : [first, second];
}

function markedSpot(
  document: Document,
  marked: string,
  offset: number,
  markLength: number,
): Spot | undefined {
  const column = (at = 0): number => at - marked.lastIndexOf('\n', at - 1);
  let spot: Spot | undefined;
  visit(document, {
    Scalar(key, node, ancestors) {
      const text = String(node.value);
      if (!node.range || !text.includes(MARK)) return undefined;
      const isKey = key === 'key';
      const map = isKey ? ancestors.at(-2) : undefined;
      const pairs = isMap(map) ? map.items : [];
      const others = pairs.flatMap((pair) =>
        isScalar(pair.key) && pair.key !== node ? [pair.key] : [],
      );
      const inBraces = isMap(map) && map.flow === true;
      // A key that does not stand under the others belongs nowhere.
      const [other] = others;
      if (other !== undefined && !inBraces) {
        if (column(other.range?.[0]) !== column(node.range[0])) return visit.BREAK;
      }
      spot = {
        kind: isKey ? 'key' : 'value',
        path: pathOf(node, isKey, ancestors),
        typed: text.slice(0, text.indexOf(MARK)),
        from: node.range[0],
        to: Math.max(offset, node.range[1] - markLength),
        siblings: others.map(({ value }) => String(value)),
        ...(inBraces && others.length === 0 && map.range ? { brace: map.range[0] } : {}),
        flow: ancestors.some((one) => isNode(one) && 'flow' in one && one.flow === true),
        indent: 0,
      };
      return visit.BREAK;
    },
  });
  return spot;
}
