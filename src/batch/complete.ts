import { stringify } from 'yaml';
import { type Facts, factsOf } from './facts.ts';
import type { JsonSchema } from './json-schema.ts';
import { placeholderMeaning, placeholdersAt, stepAt } from './placeholder-rules.ts';
import { contentOf, read, valueAt } from './reading.ts';
import { batchJsonSchema } from './schema.ts';
import { formsAt, type Place, placeAt } from './schema-at.ts';
import { type Spot, spotsAt } from './spot.ts';

/** Something that may be written at the cursor. */
export interface Completion {
  readonly kind: 'key' | 'value' | 'placeholder' | 'file';
  readonly label: string;
  /** What it means; Markdown of our own. */
  readonly description?: string;
  /** What replaces the text from offset `from` to offset `to`; the cursor comes between the two. */
  readonly before: string;
  readonly after: string;
  readonly from: number;
  readonly to: number;
  /** What comes next can be completed, too. */
  readonly more?: true;
}

/** Which files an input may name. */
export type InputKind = 'lines' | 'files' | 'rows';

/** What is around a batch file. Paths are as the batch file writes them. */
export interface Around {
  /** @param folder the batch's own `folder`, when it has one */
  files(kind: InputKind, folder: string | undefined): Promise<readonly string[]>;
  /** The names of the columns of a CSV file; none when it cannot be read. */
  columns(file: string, folder: string | undefined): Promise<readonly string[]>;
}

/** What may be written at an offset of a batch file, which may be half typed: the likeliest first. */
export async function complete(
  text: string,
  offset: number,
  around: Around,
): Promise<readonly Completion[]> {
  const spots = spotsAt(text, offset);
  if (spots.length === 0) return [];
  const asked: Asked = { text, offset, around, value: contentOf(read(text)) };
  return (await Promise.all(spots.map((spot) => completeSpot(spot, asked)))).flat();
}

interface Asked {
  readonly text: string;
  readonly offset: number;
  readonly around: Around;
  readonly value: unknown;
}

async function completeSpot(spot: Spot, asked: Asked): Promise<readonly Completion[]> {
  const place = placeAt(batchJsonSchema(), spot.path, asked.value);
  if (spot.kind === 'key') {
    const keys = keyCompletions(spot, place, asked.text);
    return keys.length > 0 ? keys : placeholderCompletions(spot, asked);
  }
  const placeholders = await placeholderCompletions(spot, asked);
  if (placeholders.length > 0) return placeholders;
  const [inputs, kind] = spot.path;
  if (inputs === 'inputs' && (kind === 'lines' || kind === 'files' || kind === 'rows')) {
    const files = await asked.around.files(kind, textAt(asked.value, 'folder'));
    return files.map((file) => ({ ...written(spot, file, quoted(file)), kind: 'file' }));
  }
  return valueCompletions(spot, factsOf(place.schemas));
}

function keyCompletions(spot: Spot, place: Place, text: string): Completion[] {
  const keys = new Map<string, JsonSchema[]>();
  for (const { properties = {} } of formsAt(place)) {
    for (const [key, schema] of Object.entries(properties)) {
      keys.set(key, [...(keys.get(key) ?? []), schema]);
    }
  }
  const hasColon = /^\s*:/.test(text.slice(spot.to));
  const indent = ' '.repeat(spot.indent);
  const column = spot.from - (text.lastIndexOf('\n', spot.from - 1) + 1) + spot.indent;
  return [...keys]
    .filter(([key]) => !spot.siblings.includes(key))
    .map(([key, schemas]) => {
      const facts = factsOf(schemas);
      const [before, after] = hasColon ? ['', ''] : valueFrame(schemas, spot.flow, column);
      const more = !hasColon && (spot.path[0] === 'inputs' || canBeCompleted(facts));
      return {
        ...written(spot, key, indent + key + before, facts.description),
        kind: 'key',
        after,
        ...(more ? { more } : {}),
      };
    });
}

function canBeCompleted({ values, examples, default: usual, forms }: Facts): boolean {
  if (values.length > 0 || examples.length > 0 || usual !== undefined) return true;
  return forms.some(({ type }) => type === 'object');
}

/** What stands before and after the value of a key that is new and stands in a column, from 0. */
function valueFrame(
  schemas: readonly JsonSchema[],
  flow: boolean,
  column: number,
): [before: string, after: string] {
  const deeper = `:\n${' '.repeat(column + 2)}`;
  const forms = schemas.flatMap((schema) => schema.anyOf ?? [schema]);
  if (forms.some(({ type }) => type === 'object')) return flow ? [': { ', ' }'] : [deeper, ''];
  if (forms[0]?.type !== 'array') return [': ', ''];
  const ofMaps = forms[0].items?.anyOf !== undefined;
  if (!ofMaps) return [': [', ']'];
  return flow ? [': [{ ', ' }]'] : [`${deeper}- `, ''];
}

function valueCompletions(
  spot: Spot,
  { values, examples, description, default: usual }: Facts,
): Completion[] {
  const told = values.map(({ value, description: own }) => ({ value, own: own ?? description }));
  const others = [...(usual === undefined ? [] : [usual]), ...examples]
    .filter((value) => !values.some((one) => one.value === value))
    .map((value) => ({ value, own: description }));
  return [...told, ...others].map(({ value, own }) => ({
    ...written(spot, String(value), quoted(value), own),
    kind: 'value',
  }));
}

/** A placeholder that has been begun, up to the cursor; `{{` is a brace. */
const BEGUN = /(?<!\{)(?:\{\{)*(\{[\w.\- ]*)$/;

async function placeholderCompletions(
  spot: Spot,
  { text, offset, value, around }: Asked,
): Promise<readonly Completion[]> {
  const typed = spot.kind === 'key' ? `{${spot.typed}` : (BEGUN.exec(spot.typed)?.[1] ?? '');
  const from = spot.kind === 'key' ? spot.brace : offset - typed.length;
  if (typed === '' || from === undefined) return [];
  // Not where what is typed is written otherwise, as in a text with escapes.
  if (spot.kind === 'value' && text.slice(from, offset) !== typed) return [];
  const step = stepAt(spot.path, value);
  const names = placeholdersAt(spot.path, step, await columnsOf(value, around));
  const to = text[offset] === '}' ? offset + 1 : offset;
  return names.map((name) => {
    const placeholder = `{${name}}`;
    const description = placeholderMeaning(name, step);
    return {
      kind: 'placeholder',
      label: placeholder,
      ...(description === undefined ? {} : { description }),
      // In braces of YAML's own it has to be a text.
      before: spot.kind === 'key' ? quoted(placeholder) : placeholder,
      after: '',
      from,
      to,
    };
  });
}

async function columnsOf(value: unknown, around: Around): Promise<readonly string[]> {
  const rows = textAt(value, 'inputs', 'rows');
  if (rows === undefined) return [];
  return (await around.columns(rows, textAt(value, 'folder'))).map((column) => `row.${column}`);
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : undefined;
}

/** A completion that takes the place of all that a spot has. */
function written(
  { from, to }: Spot,
  label: string,
  before: string,
  description?: string,
): Omit<Completion, 'kind'> {
  return {
    label,
    before,
    after: '',
    from,
    to,
    ...(description === undefined ? {} : { description }),
  };
}

/** A value as it may stand anywhere in a file, quoted where it must be. */
function quoted(value: unknown): string {
  return stringify([value], { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false })
    .trim()
    .slice(1, -1);
}
