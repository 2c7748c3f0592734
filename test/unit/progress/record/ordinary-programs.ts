import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { detectProgress } from '../../../../src/progress/detect.ts';
import { feed } from '../feed.ts';

export const ROOT = join(import.meta.dirname, '../../../..');
/** Bytes of one program that are looked at. */
const MOST = 8_000_000;
/** Bytes that are read at once from a pipe. */
const CHUNK = 65_536;

/** A program that prints much and tells no progress. */
export interface OrdinaryProgram {
  readonly name: string;
  /** Of the shell, in a folder that `prepare` has filled. */
  readonly command: string;
  /** It is on every machine that runs the tests. */
  readonly everywhere?: true;
  /** Its output tells of this machine: nothing of it is kept. */
  readonly isPrivate?: true;
}

const BIN = `${ROOT}/node_modules/.bin`;

/** Compilers, test runners, servers, lists. */
export const ORDINARY: readonly OrdinaryProgram[] = [
  {
    name: 'tsc-trace',
    command: `${BIN}/tsc -p ${ROOT} --noEmit --traceResolution`,
    everywhere: true,
    isPrivate: true,
  },
  {
    name: 'tsc-files',
    command: `${BIN}/tsc -p ${ROOT} --noEmit --explainFiles --extendedDiagnostics`,
    isPrivate: true,
  },
  { name: 'gcc-warnings', command: 'gcc -Wall -Wextra -fsyntax-only many.c', everywhere: true },
  {
    name: 'gcc-verbose',
    command: 'gcc -v -H -Q -ftime-report -c many.c -o many.o',
    everywhere: true,
  },
  { name: 'rustc-warnings', command: 'rustc --crate-type lib --emit metadata many.rs' },
  {
    name: 'rustc-json',
    command: 'rustc --crate-type lib --emit metadata --error-format json many.rs',
  },
  { name: 'cmake-trace', command: 'cmake --trace-expand .' },
  { name: 'make-database', command: 'make -p -n -f /dev/null all' },
  {
    name: 'node-test-tap',
    command: 'node --test --test-reporter tap many.test.mjs',
    everywhere: true,
  },
  {
    name: 'node-test-spec',
    command: 'node --test --test-reporter spec many.test.mjs',
    everywhere: true,
  },
  { name: 'python-unittest', command: 'python3 -m unittest -v many_tests', everywhere: true },
  {
    name: 'python-import',
    command: 'python3 -v -c "import asyncio, http.server, email, json"',
    everywhere: true,
    isPrivate: true,
  },
  { name: 'http-server', command: 'python3 serve.py', everywhere: true },
  { name: 'git-log', command: `git -C ${ROOT} log --format=%s --stat --summary -M50% --no-color` },
  {
    name: 'vitest',
    command: `cd ${ROOT} && ${BIN}/vitest run --project unit --reporter verbose test/unit/batch`,
  },
  { name: 'installed', command: 'dpkg -l', isPrivate: true },
  { name: 'list', command: 'ls -lR /usr/share /usr/lib', everywhere: true, isPrivate: true },
  {
    name: 'processes',
    command: 'ps auxww; df -h; free -m; mount; cat /proc/meminfo /proc/cpuinfo /proc/interrupts',
    everywhere: true,
    isPrivate: true,
  },
  { name: 'npm-verbose', command: 'npm config ls -l; npm help config', isPrivate: true },
  { name: 'ffmpeg-help', command: 'ffmpeg -hide_banner -h full' },
  {
    name: 'curl-verbose',
    command: 'curl -s --help all; curl -sv http://127.0.0.1:1/; curl --version',
  },
];

const SERVE = `
import http.server, threading, urllib.error, urllib.request
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
for page in range(1, 4001):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/page/{page}/of/4000?share={page % 100}%25").read()
    except urllib.error.HTTPError as error:
        error.close()
`;

/** Writes what the programs work on into an empty folder. */
export function prepare(folder: string): void {
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const many = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  put(
    'many.c',
    many(
      9000,
      (n) => `static int part_${n}(int a, char *b) { int c; if (a = ${n}) return "x"; return c; }`,
    ),
  );
  put(
    'many.rs',
    many(5000, (n) => `fn part_${n}(a: u32) -> u32 { let mut b = ${n}; let c = a; b }`),
  );
  put(
    'many.test.mjs',
    `import { test } from 'node:test';\n${many(8000, (n) => `test('case ${n} of 8000: ${n % 13}/12 and ${n % 100}%', () => { if (${n} % 50 === 0) throw new Error('${n}/8000 failed'); });`)}`,
  );
  put(
    'many_tests.py',
    `import unittest\nclass Many(unittest.TestCase):\n${many(15_000, (n) => `    def test_${n}(self):\n        ${n % 40 === 0 ? `self.assertEqual(${n}, 1)` : 'pass'}`)}\n`,
  );
  put('CMakeLists.txt', 'cmake_minimum_required(VERSION 3.10)\nproject(sample C CXX)\n');
  put('serve.py', SERVE);
}

/** What a program prints on both of its streams, up to a limit. */
export function outputOf({ command }: OrdinaryProgram, folder: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const child = spawn('sh', ['-c', `exec 2>&1; ${command}`], {
    cwd: folder,
    env: { ...process.env, LC_ALL: 'C.UTF-8', PAGER: 'cat', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (chunk: Buffer) => {
    if (bytes < MOST) chunks.push(chunk);
    bytes += chunk.length;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(chunks).subarray(0, MOST)));
  });
}

/** What is taken for progress in an output: its lines one by one, and all of it as it comes from a pipe. */
export function mistaken(output: Buffer): { readonly lines: string[]; readonly told: number } {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < output.length; at += CHUNK) pieces.push(output.subarray(at, at + CHUNK));
  return {
    lines: output
      .toString()
      .split(/\r?\n|\r/)
      .filter((line) => detectProgress(line) !== undefined),
    told: feed(...pieces).progress.length,
  };
}
