import { spawn } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];

/**
 * The first of these programs that stands on PATH.
 *
 * @param {string[]} names
 * @param {string} [path]
 * @returns {string | undefined}
 */
export function findProgram(names, path = process.env.PATH ?? '') {
  for (const name of names) {
    for (const directory of path.split(delimiter).filter(Boolean)) {
      for (const suffix of suffixes) {
        const file = join(directory, name + suffix);
        try {
          accessSync(file, constants.X_OK);
          return file;
        } catch {
          // Not in this directory.
        }
      }
    }
  }
  return undefined;
}

/**
 * Runs a program to its end and gives all it wrote.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { onLine?: (line: string) => void }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(program, args, { onLine, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const read = (/** @type {Buffer} */ bytes) => {
      output += bytes;
      if (onLine)
        for (const line of String(bytes).split('\n')) if (line.trim()) onLine(line.trim());
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * A Node of the major version that VS Code's server is built for: this one, the repository's, or the first on PATH.
 *
 * @param {number} major
 * @param {string} repository
 * @returns {Promise<string>}
 */
export async function findNode(major, repository) {
  const onPath = findProgram(['node']);
  const candidates = [
    process.execPath,
    join(repository, 'node_modules', '.bin', 'node'),
    ...(onPath ? [onPath] : []),
  ];
  for (const candidate of candidates) {
    const { code, output } = await run(candidate, ['--version']).catch(() => ({
      code: 1,
      output: '',
    }));
    if (code === 0 && output.startsWith(`v${major}.`)) return realpathSync(candidate);
  }
  throw new Error(
    `VS Code's server needs Node ${major}: run npm install in ${repository}, or put a Node ${major} on PATH.`,
  );
}
