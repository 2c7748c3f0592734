import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { childEnvironment } from '../../../src/process/environment.ts';
import {
  type Exit,
  type Program,
  type ProgramOptions,
  startProgram,
} from '../../../src/process/program.ts';

export const PROGRAMS = join(import.meta.dirname, '../../programs');
export const PYTHON = 'python3';

let count = 0;

export interface Running {
  readonly program: Program;
  readonly tag: string;
  out(): string;
  err(): string;
  /** Resolves when the standard output holds a text. */
  says(text: string): Promise<void>;
  readonly exited: Promise<Exit>;
}

/** Starts a program with a tag of its own and keeps what it prints. */
export function start(
  program: string,
  args: readonly string[],
  options: Partial<ProgramOptions> = {},
): Running {
  count += 1;
  const tag = options.tag ?? `test-${process.pid}-${count}/`;
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  let wake: () => void = () => undefined;
  const child = startProgram(
    { program, args, cwd: process.cwd(), env: childEnvironment(), ...options, tag },
    {
      onOut(chunk) {
        out.push(chunk);
        wake();
      },
      onErr: (chunk) => err.push(chunk),
    },
  );
  const text = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString();
  return {
    program: child,
    tag,
    out: () => text(out),
    err: () => text(err),
    says(wanted) {
      return new Promise((resolve) => {
        wake = () => {
          if (text(out).includes(wanted)) resolve();
        };
        wake();
      });
    },
    exited: child.exited,
  };
}

/** Process ids of those alive that have a tag, as another program than ours sees them. */
export function alive(tag: string): number[] {
  const script = `for e in /proc/[0-9]*/environ; do
    p=\${e%/environ}; p=\${p#/proc/}
    if tr '\\0' '\\n' <$e 2>/dev/null | grep -q '^SLUICE_TAG=${tag}'; then
      grep -q '^State:.[ZX]' /proc/$p/status 2>/dev/null || echo $p
    fi
  done; true`;
  // Without its output, `ready` and all: those that ended meanwhile are not there.
  const found = execFileSync('bash', ['-c', script], { encoding: 'utf8', stdio: 'pipe' });
  return found.split('\n').filter(Boolean).map(Number);
}
