import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, type ResultPromise } from 'execa';
import { onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/protocol/events.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = join(ROOT, 'dist/sluice.js');

/** A fresh workspace with these files, removed when the test is over. Absolute, links resolved. */
export function makeWorkspace(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-test-')));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export interface Outcome {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
  /** With `--json`. */
  readonly events: readonly RunEvent[];
}

/** Runs the built command line in a folder to its end. */
export async function sluice(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const { exitCode, stdout, stderr } = await startSluice(folder, args, env);
  const events = args.includes('--json') ? parseEvents(String(stdout)) : [];
  return { code: exitCode, out: String(stdout), err: String(stderr), events };
}

interface Options {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly reject: false;
  readonly stdin: 'ignore';
}

/** Starts the built command line; never rejects for its exit code. */
export function startSluice(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
): ResultPromise<Options> {
  const options: Options = { cwd: folder, env, reject: false, stdin: 'ignore' };
  return execa(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], options);
}

export function parseEvents(text: string): RunEvent[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunEvent);
}

/** The events of one type, typed. */
export function ofType<T extends RunEvent['type']>(
  events: readonly RunEvent[],
  type: T,
): Extract<RunEvent, { type: T }>[] {
  return events.filter((event) => event.type === type) as Extract<RunEvent, { type: T }>[];
}
