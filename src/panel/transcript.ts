import type { Line, Script, Word } from './script.ts';

/** The longest transcript that is shown, in words: a day of speech. */
const MOST_WORDS = 300_000;

/** What a text names, and where, in UTF-16 units. */
interface Entity {
  readonly text: string;
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

interface Segment {
  readonly text: string;
  readonly paragraph?: boolean;
  readonly words: readonly {
    readonly text: string;
    readonly start: number;
    readonly end: number;
  }[];
}

/**
 * What is said in a recording, as `transcript.json` and, once it is there, `entities.json` have it: see
 * docs/recordings.md. `undefined` for any other file.
 */
export function transcriptScript(json: string, entitiesJson?: string): Script | undefined {
  const segments = listIn(json, 'segments')?.filter(isSegment);
  if (segments === undefined) return undefined;
  const named = entitiesJson === undefined ? [] : (listIn(entitiesJson, 'entities') ?? []);
  const entities = named.filter(isEntity).sort((a, b) => a.from - b.from);
  let from = 0;
  let words = 0;
  const lines: Line[] = [];
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    // As the text of the transcript is joined, in which the places of entities are.
    const gap = next === undefined ? '' : next.paragraph === true ? '\n\n' : ' ';
    words += segment.words.length;
    if (words > MOST_WORDS) break;
    lines.push(lineOf(segment, gap, from, entities));
    from += segment.text.length + gap.length;
  }
  return { lines, rest: '', exact: true };
}

function lineOf(
  { text, words }: Segment,
  gap: string,
  from: number,
  entities: readonly Entity[],
): Line {
  const found: Word[] = [];
  let behind = 0;
  for (const { text: word, start } of words) {
    const at = text.indexOf(word, behind);
    if (at === -1 || word === '') continue;
    const until = at + word.length;
    const entity = entityAt(entities, from + at, from + until);
    const before = text.slice(behind, at);
    found.push({ text: word, start, before, ...(entity === undefined ? {} : { entity }) });
    behind = until;
  }
  return {
    text: text + gap,
    start: words[0]?.start ?? 0,
    ...(found.length > 0 && { words: found, after: text.slice(behind) + gap }),
  };
}

/** The entity that begins last before the end of a word, if it reaches into it. */
function entityAt(entities: readonly Entity[], from: number, to: number): Entity | undefined {
  let low = 0;
  let high = entities.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entities[middle]?.from ?? to) < to) low = middle + 1;
    else high = middle;
  }
  const entity = entities[low - 1];
  return entity !== undefined && entity.to > from ? entity : undefined;
}

function listIn(json: string, key: string): readonly unknown[] | undefined {
  try {
    const list: unknown = JSON.parse(json)?.[key];
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

function isSegment(value: unknown): value is Segment {
  if (typeof value !== 'object' || value === null) return false;
  const { text, words } = value as Record<string, unknown>;
  return (
    typeof text === 'string' && Array.isArray(words) && words.length > 0 && words.every(isWord)
  );
}

function isWord(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { text, start } = value as Record<string, unknown>;
  return typeof text === 'string' && Number.isFinite(start);
}

function isEntity(value: unknown): value is Entity {
  if (typeof value !== 'object' || value === null) return false;
  const { text, type, from, to } = value as Record<string, unknown>;
  const texts = typeof text === 'string' && typeof type === 'string';
  return texts && Number.isInteger(from) && Number.isInteger(to);
}
