import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Failure } from '../protocol/events.ts';

/** Absolute path of a program as `execvp` would find it, or `undefined`. Unix only. */
export function findProgram(
  program: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const places = program.includes('/')
    ? [isAbsolute(program) ? program : resolve(cwd, program)]
    : (env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin')
        .split(delimiter)
        .map((folder) => join(resolve(cwd, folder), program));
  return places.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function missing(program: string, cwd: string, env: Readonly<Record<string, string>>): Failure {
  if (/[/\\]/.test(program)) {
    return {
      message: `There is no program ${program}`,
      hint: isAbsolute(program)
        ? 'Check the path in the step.'
        : `The path is taken from ${cwd}. Check it in the step.`,
    };
  }
  const other = [`${program}3`, program.replace(/3$/, '')].find(
    (name) => name !== program && findProgram(name, cwd, env) !== undefined,
  );
  return {
    message: `The program ${program} was not found`,
    hint:
      other === undefined
        ? 'Install it, add its folder to PATH, or give its full path in the step.'
        : `There is a program ${other}: use that name in the step.`,
  };
}

const BY_CODE: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  EACCES: ['may not be run', 'Make the file executable (chmod +x), or name its interpreter first.'],
  EPERM: ['may not be run', 'Check the permissions of the file.'],
  E2BIG: ['was given too long arguments', 'Hand the input over in a file.'],
  EAGAIN: ['could not start: too many processes', 'Lower the concurrency.'],
  EMFILE: ['could not start: too many open files', 'Lower the concurrency, or raise `ulimit -n`.'],
  ENFILE: ['could not start: too many open files', 'Lower the concurrency.'],
  ENOMEM: ['could not start: not enough memory', 'Lower the concurrency.'],
  ENOEXEC: ['is no program that this system can run', 'Name its interpreter first.'],
};

/** What to tell a person when a program did not start. `error` is what the system said. */
export function startFailure(
  error: NodeJS.ErrnoException,
  program: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Failure {
  // The system says ENOENT or ENOTDIR for a missing folder, too.
  if (!isFolder(cwd)) {
    return {
      message: `The folder ${cwd} to run ${basename(program)} in does not exist`,
      hint: 'Create it, or change the `cwd` of the step.',
    };
  }
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return missing(program, cwd, env);
  const known = BY_CODE[error.code ?? ''];
  if (known !== undefined) return { message: `${program} ${known[0]}`, hint: known[1] };
  return { message: `${program} did not start: ${error.message}` };
}
