import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { CsvError, parse as parseCsv } from 'csv-parse/sync';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { Place } from '../protocol/events.ts';
import { itemLines } from './lines.ts';
import { fill, placeholdersIn, type Values } from './placeholders.ts';
import { BatchError, type Problem } from './problem.ts';
import type { Batch } from './schema.ts';
import { readText } from './text.ts';

/** An input is a prompt, a name, a row; longer texts are files. */
const INPUT_LIMIT = 1_000_000;

/** One input of a batch, before its outputs are known. */
export interface Input {
  readonly title: string;
  readonly source: Place;
  /** The text, or the absolute path of the file, to work on. */
  readonly text?: string;
  readonly file?: string;
  readonly row?: Values;
}

type Position = Omit<Problem, 'message' | 'file'>;

/**
 * Reads the inputs of a batch, in order. `folder` is what paths are relative to; `shown` gives the name of
 * a path for people. Rejects with BatchError: a missing file, a pattern without a match, text that is not UTF-8, a bad row.
 */
export async function readInputs(
  batch: Batch,
  batchFile: string,
  folder: string,
  positionOf: (path: readonly PropertyKey[]) => Position,
  shown: (path: string) => string,
): Promise<Input[]> {
  const { inputs } = batch;
  const fail = (path: PropertyKey[], message: string, hint?: string): BatchError =>
    new BatchError([
      {
        file: shown(batchFile),
        ...positionOf(path),
        message,
        ...(hint === undefined ? {} : { hint }),
      },
    ]);

  const relativeTo = `Paths are relative to ${batch.folder === undefined ? 'the batch file' : shown(folder) || 'the workspace'}.`;

  if (Array.isArray(inputs)) {
    return inputs.map((text, index) => {
      const { line = 1, column = 1 } = positionOf(['inputs', index]);
      return textInput(text, { file: shown(batchFile), line, column });
    });
  }
  if (inputs.lines !== undefined) {
    const path = resolve(folder, inputs.lines);
    const found = await existing(path, () =>
      fail(['inputs', 'lines'], `No such file: ${inputs.lines}.`, relativeTo),
    );
    const read = readLines(await readText(found, shown(path)), shown(path));
    if (read.length === 0)
      throw fail(['inputs', 'lines'], `${inputs.lines} has no lines to work on.`);
    return read;
  }
  if (inputs.rows !== undefined) {
    const path = resolve(folder, inputs.rows);
    await existing(path, () =>
      fail(['inputs', 'rows'], `No such file: ${inputs.rows}.`, relativeTo),
    );
    const { columns, records } = readRows(await readText(path, shown(path)), shown(path));
    if (records.length === 0) throw fail(['inputs', 'rows'], `${inputs.rows} has no rows.`);
    for (const key of ['text', 'file'] as const) {
      const unknown = placeholdersIn(inputs[key] ?? '').find((name) => !columns.includes(name));
      if (unknown === undefined) continue;
      const known = columns.map((name) => `{${name}}`).join(', ');
      throw fail(
        ['inputs', key],
        `There is no \`{${unknown}}\` in ${inputs.rows}.`,
        `There are ${known}.`,
      );
    }
    if (inputs.file === undefined) return records.map((record) => rowInput(record, inputs.text));
    const { file } = inputs;
    return Promise.all(records.map((record) => rowFileInput(record, file, folder, relativeTo)));
  }
  const patterns = [inputs.files ?? []].flat();
  const inputFiles: Input[] = [];
  const seen = new Set<string>();
  for (const [index, pattern] of patterns.entries()) {
    const path = Array.isArray(inputs.files) ? ['inputs', 'files', index] : ['inputs', 'files'];
    // A name such as `take [2].wav` is a pattern, too: what is there by that name comes first.
    const found =
      isDynamicPattern(pattern) && !(await isFile(resolve(folder, pattern)))
        ? (await glob(pattern, { cwd: folder, absolute: true, expandDirectories: false })).sort(
            naturally,
          )
        : [resolve(folder, pattern)];
    if (found.length === 0) {
      throw fail(
        path,
        `No file matches ${pattern}.`,
        `Looked in ${shown(folder) || 'the workspace'}.`,
      );
    }
    for (const file of found) {
      if (seen.has(file)) continue;
      seen.add(file);
      await existing(file, () => fail(path, `No such file: ${pattern}.`, relativeTo));
      inputFiles.push({ title: relative(folder, file), source: { file: shown(file) }, file });
    }
  }
  return inputFiles;
}

const { compare: naturally } = new Intl.Collator('en', { numeric: true });

async function existing(path: string, missing: () => BatchError): Promise<string> {
  if (!(await isFile(path))) throw missing();
  return path;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

function textInput(text: string, source: Place): Input {
  if (text.length > INPUT_LIMIT) {
    const limit = INPUT_LIMIT.toLocaleString('en');
    throw new BatchError([
      {
        ...source,
        message: `This input has ${text.length.toLocaleString('en')} characters; at most ${limit} are taken.`,
        hint: 'Give long texts as files, with `inputs: { files: ... }`.',
      },
    ]);
  }
  return { title: shorten(text), source, text };
}

function shorten(text: string): string {
  const flat = text.slice(0, 400).replace(/\s+/g, ' ').trim();
  return flat.length <= 80 ? flat : `${flat.slice(0, 79).trimEnd()}…`;
}

function readLines(text: string, file: string): Input[] {
  return Array.from(itemLines(text), ({ line, text: prompt }) =>
    textInput(prompt, { file, line, column: 1 }),
  );
}

interface Row {
  readonly source: Place;
  /** What stands in the first column. */
  readonly first: string;
  /** By `row.COLUMN`. */
  readonly values: Values;
}

interface CsvRecord {
  readonly record: Record<string, string>;
  readonly raw: string;
  /** Bytes to the end of the record. */
  readonly info: { readonly bytes: number };
}

function readRows(text: string, file: string): { columns: string[]; records: Row[] } {
  let columns: string[] = [];
  let found: CsvRecord[];
  try {
    found = parseCsv(text, {
      columns: (header: string[]) => {
        columns = header;
        return header;
      },
      info: true,
      raw: true,
      trim: true,
      skip_empty_lines: true,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number(error['lines'] ?? 1);
    throw new BatchError([{ file, line, column: 1, message: `Not valid CSV: ${error.message}.` }]);
  }
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) {
    const message = `There are two columns \`${twice}\`.`;
    throw new BatchError([{ file, line: 1, column: 1, message, hint: 'Rename one of them.' }]);
  }
  // The parser's own count is that of a row's end, and takes \r\n within quotes for two lines.
  const bytes = Buffer.from(text);
  let line = 1;
  let counted = 0;
  const records = found.map(({ record, raw, info }) => {
    const start = info.bytes - Buffer.byteLength(raw.trimStart());
    line += bytes.toString('utf8', counted, start).match(/\r\n|\n|\r/g)?.length ?? 0;
    counted = start;
    return {
      source: { file, line, column: 1 },
      first: record[columns[0] ?? ''] ?? '',
      values: Object.fromEntries(
        Object.entries(record).map(([column, value]) => [`row.${column}`, value]),
      ),
    };
  });
  return { columns: columns.map((column) => `row.${column}`), records };
}

function rowInput({ source, first, values }: Row, template: string | undefined): Input {
  if (template === undefined) return { ...textInput(first, source), row: values };
  return { ...textInput(fill(template, values), source), title: shorten(first), row: values };
}

async function rowFileInput(
  { source, first, values }: Row,
  template: string,
  folder: string,
  hint: string,
): Promise<Input> {
  const named = fill(template, values);
  const file = await existing(
    resolve(folder, named),
    () => new BatchError([{ ...source, message: `No such file: ${named}.`, hint }]),
  );
  return { title: shorten(first), source, file, row: values };
}
