import { stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { CsvError, parse as parseCsv } from 'csv-parse/sync';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { Place } from '../protocol/events.ts';
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
 * Reads the inputs of a batch, in order. `shown` gives the name of a path for people.
 * Rejects with BatchError: a missing file, a pattern without a match, text that is not UTF-8, a bad row.
 */
export async function readInputs(
  batch: Batch,
  batchFile: string,
  positionOf: (path: readonly PropertyKey[]) => Position,
  shown: (path: string) => string,
): Promise<Input[]> {
  const { inputs } = batch;
  const folder = dirname(batchFile);
  const fail = (path: PropertyKey[], message: string, hint?: string): BatchError =>
    new BatchError([
      {
        file: shown(batchFile),
        ...positionOf(path),
        message,
        ...(hint === undefined ? {} : { hint }),
      },
    ]);

  if (Array.isArray(inputs)) {
    return inputs.map((text, index) => {
      const { line = 1, column = 1 } = positionOf(['inputs', index]);
      return textInput(text, { file: shown(batchFile), line, column });
    });
  }
  if (inputs.lines !== undefined) {
    const path = resolve(folder, inputs.lines);
    const found = await existing(path, () =>
      fail(
        ['inputs', 'lines'],
        `No such file: ${inputs.lines}.`,
        'Paths are relative to the batch file.',
      ),
    );
    const read = readLines(await readText(found, shown(path)), shown(path));
    if (read.length === 0)
      throw fail(['inputs', 'lines'], `${inputs.lines} has no lines to work on.`);
    return read;
  }
  if (inputs.rows !== undefined) {
    const path = resolve(folder, inputs.rows);
    await existing(path, () =>
      fail(
        ['inputs', 'rows'],
        `No such file: ${inputs.rows}.`,
        'Paths are relative to the batch file.',
      ),
    );
    const read = readRows(await readText(path, shown(path)), shown(path), inputs.text);
    if (read.length === 0) throw fail(['inputs', 'rows'], `${inputs.rows} has no rows.`);
    return read;
  }
  const patterns = [inputs.files ?? []].flat();
  const inputFiles: Input[] = [];
  const seen = new Set<string>();
  for (const [index, pattern] of patterns.entries()) {
    const path = Array.isArray(inputs.files) ? ['inputs', 'files', index] : ['inputs', 'files'];
    const found = isDynamicPattern(pattern)
      ? (await glob(pattern, { cwd: folder, absolute: true, expandDirectories: false })).sort(
          naturally,
        )
      : [resolve(folder, pattern)];
    if (found.length === 0) {
      throw fail(path, `No file matches ${pattern}.`, `Looked in ${shown(folder) || '.'}.`);
    }
    for (const file of found) {
      if (seen.has(file)) continue;
      seen.add(file);
      await existing(file, () =>
        fail(path, `No such file: ${pattern}.`, 'Paths are relative to the batch file.'),
      );
      inputFiles.push({ title: relative(folder, file), source: { file: shown(file) }, file });
    }
  }
  return inputFiles;
}

const { compare: naturally } = new Intl.Collator('en', { numeric: true });

async function existing(path: string, missing: () => BatchError): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw missing();
  return path;
}

function textInput(text: string, source: Place): Input {
  if (text.length > INPUT_LIMIT) {
    const size = `${(text.length / 1e6).toFixed(0)} MB`;
    throw new BatchError([
      {
        ...source,
        message: `This input is ${size} long; at most 1 MB is taken.`,
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
  const inputs: Input[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    inputs.push(textInput(trimmed, { file, line: index + 1, column: 1 }));
  }
  return inputs;
}

function readRows(text: string, file: string, template: string | undefined): Input[] {
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parseCsv(text, { columns: true, info: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number(error['lines'] ?? 1);
    throw new BatchError([{ file, line, column: 1, message: `Not valid CSV: ${error.message}.` }]);
  }
  return records.map(({ record, info }) => {
    const row = Object.fromEntries(
      Object.entries(record).map(([column, value]) => [`row.${column}`, value]),
    );
    const source = { file, line: info.lines, column: 1 };
    const first = Object.values(record)[0] ?? '';
    if (template === undefined) return { ...textInput(first, source), row };
    const unknown = placeholdersIn(template).find((name) => row[name] === undefined);
    if (unknown !== undefined) {
      throw new BatchError([
        {
          ...source,
          message: `There is no \`{${unknown}}\` in this row.`,
          hint: `There are ${Object.keys(row)
            .map((name) => `{${name}}`)
            .join(', ')}.`,
        },
      ]);
    }
    return { ...textInput(fill(template, row), source), title: shorten(first), row };
  });
}
