/** Placeholders: `{name}` or `{index:3}` (padded by zeros to 3 digits); `{{` and `}}` are braces. */

const PLACEHOLDER = /\{\{|\}\}|\{(row\.[^{}]+?|[a-zA-Z][\w.\- ]*)(?::(\d))?\}/g;

/** Names of placeholders that every item has. `{row.COLUMN}` comes with rows. */
export const PLACEHOLDERS = [
  'input',
  'input.name',
  'input.stem',
  'input.dir',
  'index',
  'slug',
  'output',
  'outdir',
] as const;

type Placeholder = (typeof PLACEHOLDERS)[number];

/** What each placeholder stands for, for editors; docs/batch-file.md says more. */
export const PLACEHOLDER_MEANINGS: Readonly<Record<Placeholder, string>> = {
  input:
    "First step: the text, or the file's absolute path. Later steps: the path of what the step before made.",
  'input.name': "The file's name, or the slug of a text.",
  'input.stem': "The file's name without its ending.",
  'input.dir': "The file's folder, relative to the batch file or its `folder`.",
  index: "The item's number, from 1. `{index:3}` fills it up by zeros to 3 digits.",
  slug: "The item's title as a name for files: lower case letters and digits, joined by `-`.",
  output: 'Where the program writes its result file.',
  outdir: 'The folder in which the program writes its results.',
};

export type Values = Readonly<Record<string, string>>;

/** The names of the placeholders in a text, in order. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap((match) =>
    match[1] === undefined ? [] : [match[1]],
  );
}

/** The placeholder around an offset of a text. `at` is the offset of its brace. */
export function placeholderAround(
  text: string,
  offset: number,
): { readonly name: string; readonly at: number; readonly length: number } | undefined {
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, name] = match;
    if (name === undefined || offset < match.index || offset > match.index + whole.length) continue;
    return { name, at: match.index, length: whole.length };
  }
  return undefined;
}

/** Fills in a text. A name without a value stays as it is: check with `placeholdersIn` first. */
export function fill(text: string, values: Values): string {
  return text.replace(PLACEHOLDER, (whole, name: string | undefined, width: string | undefined) => {
    if (name === undefined) return whole.charAt(0);
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return whole;
    return width === undefined ? value : value.padStart(Number(width), '0');
  });
}

/** Fills in every string of a value made of lists, maps and scalars. */
export function fillDeep(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return fill(value, values);
  if (Array.isArray(value)) return value.map((one) => fillDeep(one, values));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, fillDeep(one, values)]),
    );
  }
  return value;
}

/**
 * A name for files: lower case letters and digits of any script, joined by `-`, at most 60 characters.
 * Accents of Latin, Greek and Cyrillic letters are left out; the marks that other scripts write with stay.
 */
export function slug(title: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .normalize('NFC')
    .match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu);
  // The cut may leave the half of a character.
  const joined = (words ?? [])
    .join('-')
    .slice(0, 60)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/-+$/, '');
  // Windows keeps these names for devices.
  return /^(con|prn|aux|nul|com\d|lpt\d)?$/.test(joined) ? `item${joined && `-${joined}`}` : joined;
}
