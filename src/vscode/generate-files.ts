import { constants } from 'node:fs';
import { access, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { stringify } from 'yaml';
import { slug } from '../batch/placeholders.ts';
import { BATCH_ENDING } from './diagnostics.ts';
import { isInside } from './places.ts';

/** As the step `speak` writes them. Not imported from there: encoders do not belong in this bundle. */
export const FORMATS = ['mp3', 'wav', 'ogg', 'flac'] as const;
export type Format = (typeof FORMATS)[number];

/** A file with a prompt a line, or the prompts themselves. */
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

/** The text of the batch file. `lines` is the prompts file, relative to the batch file where it can be. */
function batchText(generation: Generation, lines: string): string {
  const { name, write, voice, format } = generation;
  const steps = [
    ...(write ? [{ uses: 'write', with: { words: 150 } }] : []),
    { uses: 'speak', with: { voice } },
  ];
  const batch = {
    name,
    inputs: { lines },
    steps,
    output: `out/${slug(name)}/{index:3}-{slug}.${format}`,
    concurrency: 2,
    retries: 1,
  };
  return `# Change this file and run it again: what is made already is kept.\n${stringify(batch)}`;
}

/**
 * Writes the batch file, and beside it the prompts when they were typed. Answers the batch file's path.
 * Rejects with code EEXIST, having changed nothing, when a file stands there already.
 */
export async function writeGeneration(generation: Generation): Promise<string> {
  const { folder, prompts } = generation;
  const [batchFile, promptsFile] = filesOf(folder, generation.name);
  if ('file' in prompts) {
    const lines = isInside(folder, prompts.file)
      ? relative(dirname(batchFile), prompts.file).replaceAll('\\', '/')
      : prompts.file;
    await writeFile(batchFile, batchText(generation, lines), { flag: 'wx' });
    return batchFile;
  }
  await writeFile(promptsFile, `${prompts.lines.join('\n')}\n`, { flag: 'wx' });
  try {
    const lines = relative(folder, promptsFile);
    await writeFile(batchFile, batchText(generation, lines), { flag: 'wx' });
  } catch (error) {
    await unlink(promptsFile);
    throw error;
  }
  return batchFile;
}

/** `name`, or `name 2` and so on: one that is not taken. */
export async function freeName(folder: string, name: string, prompts: Prompts): Promise<string> {
  let free = name;
  for (let number = 2; await isTaken(folder, free, prompts); number += 1) {
    free = `${name} ${number}`;
  }
  return free;
}

/** True when a file stands where the batch file goes, or the prompts, where these are to be written. */
export async function isTaken(folder: string, name: string, prompts: Prompts): Promise<boolean> {
  const [batchFile, promptsFile] = filesOf(folder, name);
  const files = 'file' in prompts ? [batchFile] : [batchFile, promptsFile];
  return (await Promise.all(files.map(exists))).includes(true);
}

/** Lines that are prompts: not empty, and no comments. */
export function promptsIn(text: string): string[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function filesOf(folder: string, name: string): [batch: string, prompts: string] {
  return [join(folder, `${slug(name)}${BATCH_ENDING}`), join(folder, `${slug(name)}.txt`)];
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
