import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExecaError, execa } from 'execa';
import { findProgram } from '../process/failure.ts';
import { safeEnvironment } from './environment.ts';
import { EngineError } from './error.ts';

/** A program of the user's that does an engine's work, and what it is given. */
export interface CommandWork {
  /** The program and its arguments, with `{name}` for what is filled in. */
  readonly command: readonly string[];
  /** What is filled in; `undefined` for what is known but not set. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Files that are there for it while it runs: the name that stands for its path, its own name, what is in it. */
  readonly files: readonly {
    readonly name: string;
    readonly file: string;
    readonly content: string | Uint8Array;
  }[];
  /** Name of the file at `{output}`. */
  readonly output: string;
  readonly stdin?: string | Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

/** Whether an argument of a command names a placeholder. */
export function names(command: readonly string[], placeholder: string): boolean {
  return command.some((argument) => argument.includes(`{${placeholder}}`));
}

/**
 * Throws an `EngineError` when there is no such program, before anything is prepared for it. On Windows, which has more
 * ways to find one, it is known when it is started.
 */
export function assertProgram(program: string): void {
  if (process.platform === 'win32') return;
  if (findProgram(program, process.cwd(), process.env) === undefined) throw noProgram(program);
}

function noProgram(program: string, cause?: unknown): EngineError {
  return new EngineError(`cannot find the program ${program}`, {
    hint: 'Install it, or give its whole path in `command`.',
    retry: false,
    cause,
  });
}

/**
 * Runs a program on one piece of work: what it writes to `{output}`, or without that its standard output. Environment
 * variables that look like secrets are not passed on. The program and its children are ended when the signal is
 * aborted. Throws an `EngineError`.
 */
export async function runCommand(work: CommandWork): Promise<Uint8Array> {
  const { command, signal } = work;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-command-'));
  const output = join(folder, work.output);
  const values = {
    ...work.values,
    output,
    ...Object.fromEntries(work.files.map(({ name, file }) => [name, join(folder, file)])),
  };
  try {
    const [program = '', ...args] = command.map((argument) => fill(argument, values));
    for (const { name, file, content } of work.files) {
      if (names(command, name)) await writeFile(join(folder, file), content);
    }
    const { stdout } = await execa(program, args, {
      input: work.stdin ?? '',
      encoding: 'buffer',
      maxBuffer: 500_000_000,
      env: safeEnvironment(),
      extendEnv: false,
      killDescendants: true,
      forceKillAfterDelay: 2000,
      ...(signal && { cancelSignal: signal }),
    });
    return names(command, 'output') ? await readFile(output) : stdout;
  } catch (error) {
    signal?.throwIfAborted();
    throw commandError(command[0] ?? '', error, output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function fill(argument: string, values: Readonly<Record<string, string | undefined>>): string {
  return argument.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (!Object.hasOwn(values, name)) return whole;
    const value = values[name];
    if (value !== undefined) return value;
    throw new EngineError(`\`command\` has {${name}}, but \`${name}\` is not set`, {
      retry: false,
    });
  });
}

function commandError(program: string, error: unknown, output: string): unknown {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return 'path' in error && error.path === output
      ? new EngineError(`${program} ended well, but wrote nothing to {output}`, { retry: false })
      : noProgram(program, error);
  }
  if (!(error instanceof ExecaError)) return error;
  const said =
    Buffer.from(error.stderr ?? '')
      .toString()
      .trim()
      .split('\n')
      .at(-1) ?? '';
  const end = error.exitCode === undefined ? error.shortMessage : `exit code ${error.exitCode}`;
  return new EngineError(`${program} failed (${end})${said === '' ? '' : `: ${said}`}`, {
    cause: error,
  });
}
