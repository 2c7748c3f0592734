import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { findProgram } from './failure.ts';

/**
 * Programs that show their progress on a terminal only; recordings of both ways are in test/unit/progress/recorded.
 * What is not here shows it on a pipe, too (curl, wget, ffmpeg, sox, rsync, dd, ninja, tqdm), or never (npm).
 */
const NAMES = /^(?:aria2c|git|pip[\d.]*|pv|python[\d.]*|uv)$/;
/** Scripts of Python, whose usual libraries for bars (rich, click, alive-progress) hide them. */
const PYTHON_SCRIPT = /^#!.*\bpython[\d.]*\b/;

function firstBytes(path: string): string {
  const bytes = Buffer.alloc(256);
  try {
    const file = openSync(path, 'r');
    try {
      return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    // It may be run and not be read.
    return '';
  }
}

const known = new Map<string, boolean>();

/** Whether a program hides its progress on a pipe, as far as its name and its first line tell. */
export function isShy(
  program: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): boolean {
  if (NAMES.test(basename(program))) return true;
  const path = findProgram(program, cwd, env);
  if (path === undefined) return false;
  let shy = known.get(path);
  if (shy === undefined) {
    shy = PYTHON_SCRIPT.test(firstBytes(path));
    known.set(path, shy);
  }
  return shy;
}

/**
 * For programs that nobody sits before, though they have a terminal: no pager waits for a key, and what would ask for
 * a password fails as it does without one.
 */
export function unattended(env: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PAGER: 'cat',
    GIT_PAGER: 'cat',
    GIT_TERMINAL_PROMPT: '0',
    ...(env['SSH_ASKPASS'] === undefined ? { SSH_ASKPASS: 'false' } : {}),
    SSH_ASKPASS_REQUIRE: 'force',
  };
}
