import { extname, join } from 'node:path';
import { stringify } from 'yaml';
import { itemLines } from '../../batch/lines.ts';
import { slug } from '../../batch/placeholders.ts';
import type { Format } from './formats.ts';
import { batchFileOf, type NewFiles, pathFrom, writeNew } from './new-files.ts';

/** A file with a prompt a line, a table with one a row, or the prompts themselves. */
export type Prompts = { readonly file: string } | { readonly lines: readonly string[] };

/** What the person chose. */
export interface Generation {
  readonly name: string;
  /** Absolute path of the folder that the batch file goes to. */
  readonly folder: string;
  readonly prompts: Prompts;
  /** Write a text from each prompt first; otherwise the lines are spoken as they are. */
  readonly write: boolean;
  readonly voice: string;
  readonly format: Format;
}

/**
 * Writes the batch file, and beside it the prompts when they were typed. Answers the batch file's path.
 * Rejects with code EEXIST, having changed nothing, when a file stands there already.
 */
export async function writeGeneration(generation: Generation): Promise<string> {
  const { folder, name, prompts } = generation;
  const batchFile = batchFileOf(name);
  const files: NewFiles =
    'file' in prompts
      ? { [batchFile]: batchText(generation, pathFrom(folder, prompts.file)) }
      : {
          [promptsFileOf(name)]: `${prompts.lines.join('\n')}\n`,
          [batchFile]: batchText(generation, promptsFileOf(name)),
        };
  await writeNew(folder, files);
  return join(folder, batchFile);
}

/** The files that a generation of this name makes, relative to its folder. */
export function generationFiles(name: string, prompts: Prompts): readonly string[] {
  return 'file' in prompts ? [batchFileOf(name)] : [batchFileOf(name), promptsFileOf(name)];
}

/** The prompts of a text, one a line. */
export function promptsIn(text: string): string[] {
  return Array.from(itemLines(text), (line) => line.text);
}

function batchText(generation: Generation, prompts: string): string {
  const { name, write, voice, format } = generation;
  const steps = [
    ...(write ? [{ uses: 'write', with: { words: 150 } }] : []),
    { uses: 'speak', with: { voice } },
  ];
  const batch = {
    name,
    // The first column of a table is what is asked for.
    inputs: extname(prompts).toLowerCase() === '.csv' ? { rows: prompts } : { lines: prompts },
    steps,
    output: `out/${slug(name)}/{index:3}-{slug}.${format}`,
    concurrency: 2,
    retries: 1,
  };
  return `# Change this file and run it again: what is made already is kept.\n${stringify(batch)}`;
}

function promptsFileOf(name: string): string {
  return `${slug(name)}.txt`;
}
