import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { makeWorkspace, type Outcome, ofType, sluice } from '../../support/sluice.ts';

/** A `run` step that is a little Node program; its arguments are in `args`. */
export function script(code: string, ...args: string[]): { run: string[] } {
  return { run: [process.execPath, '-e', `const args = process.argv.slice(1); ${code}`, ...args] };
}

/** Writes what it was given, in capitals, to its standard output. */
export const SHOUT = script('process.stdout.write(args[0].toUpperCase())', '{input}');

/** A batch file; JSON is YAML, too. */
export function batchFile(batch: object): string {
  return JSON.stringify(batch, undefined, 2);
}

/** A workspace with a batch file and more files. */
export function workspaceWith(
  batch: object | string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): string {
  const text = typeof batch === 'string' ? batch : batchFile(batch);
  return makeWorkspace({ 'a.batch.yaml': text, ...files });
}

export function run(folder: string, ...flags: string[]): Promise<Outcome> {
  return sluice(folder, ['run', 'a.batch.yaml', ...flags]);
}

/** Runs the batch to its end and answers its events, too. */
export function runJson(folder: string, ...flags: string[]): Promise<Outcome> {
  return run(folder, '--json', ...flags);
}

/** Names of the files in a folder, sorted; none when there is no folder. */
export function listing(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true }).map(String).sort();
  } catch {
    return [];
  }
}

export function textOf(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** What became of each item: `done`, or the message of its failure. */
export function ends(events: readonly RunEvent[]): string[] {
  const found: string[] = [];
  for (const { item, state, failure } of ofType(events, 'end')) {
    found[item - 1] =
      failure === undefined ? state : [failure.message, failure.hint].filter(Boolean).join(' ');
  }
  return found;
}
