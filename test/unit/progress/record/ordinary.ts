/**
 * Looks for progress in what ordinary programs print: compilers, test runners, servers, lists. There is none in it.
 * `node test/unit/progress/record/ordinary.ts` makes 20 MB and more of it and looks at every line; with `--samples` it
 * also keeps some kB of each for the unit tests.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectProgress } from '../../../../src/progress/detect.ts';
import { feed } from '../feed.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const SAMPLES = join(import.meta.dirname, '..', 'ordinary');
/** Bytes of one program that are looked at. */
const MOST = 4_000_000;
const SAMPLE = 6000;
/** Output that tells of this machine is not kept. */
const PRIVATE = new Set([
  'installed',
  'list',
  'npm-verbose',
  'processes',
  'python-import',
  'tsc-files',
  'tsc-trace',
]);

/** Name and command of the shell, in a new folder with the files of `prepare`. */
const PROGRAMS: readonly (readonly [name: string, command: string])[] = [
  ['tsc-trace', `${ROOT}/node_modules/.bin/tsc -p ${ROOT} --noEmit --traceResolution`],
  [
    'tsc-files',
    `${ROOT}/node_modules/.bin/tsc -p ${ROOT} --noEmit --explainFiles --extendedDiagnostics`,
  ],
  ['gcc-warnings', 'gcc -Wall -Wextra -fsyntax-only many.c 2>&1'],
  ['gcc-verbose', 'gcc -v -H -Q -ftime-report -c many.c -o many.o 2>&1'],
  ['rustc-warnings', 'rustc --crate-type lib --emit metadata many.rs 2>&1'],
  ['rustc-json', 'rustc --crate-type lib --emit metadata --error-format json many.rs 2>&1'],
  ['cmake-trace', 'cmake --trace-expand . 2>&1'],
  ['make-database', 'make -p -n -f /dev/null all 2>&1'],
  ['node-test-tap', 'node --test --test-reporter tap many.test.mjs'],
  ['node-test-spec', 'node --test --test-reporter spec many.test.mjs'],
  ['python-unittest', 'python3 -m unittest -v many_tests 2>&1'],
  ['python-import', 'python3 -v -c "import asyncio, http.server, email, json" 2>&1'],
  ['http-server', 'sh serve.sh 2>&1'],
  ['git-log', `git -C ${ROOT} log --format=%s --stat --summary -M50% --no-color`],
  [
    'vitest',
    `cd ${ROOT} && node_modules/.bin/vitest run --project unit --reporter verbose test/unit/batch 2>&1`,
  ],
  ['installed', 'dpkg -l'],
  ['list', 'ls -lR /usr/share /usr/lib/python3'],
  [
    'processes',
    'ps auxww; df -h; free -m; mount; cat /proc/meminfo /proc/cpuinfo /proc/interrupts',
  ],
  ['npm-verbose', 'npm config ls -l; npm help config'],
  ['ffmpeg-help', 'ffmpeg -hide_banner -h full'],
  ['curl-verbose', 'curl -s --help all; curl -sv http://127.0.0.1:1/ 2>&1; curl --version'],
];

function prepare(folder: string): void {
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const many = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  put(
    'many.c',
    many(
      4000,
      (n) =>
        `static int part_${n}(int a, char *b) { int c; if (a = ${n}) return "x"; return b / 3; }`,
    ).replaceAll('b / 3', 'c'),
  );
  put(
    'many.rs',
    many(2500, (n) => `fn part_${n}(a: u32) -> u32 { let mut b = ${n}; let c = a; b }`),
  );
  put(
    'many.test.mjs',
    `import { test } from 'node:test';\n${many(4000, (n) => `test('case ${n} of 4000: ${n % 13}/12 and ${n % 100}%', () => { if (${n} % 50 === 0) throw new Error('${n}/4000 failed'); });`)}`,
  );
  put(
    'many_tests.py',
    `import unittest\nclass Many(unittest.TestCase):\n${many(6000, (n) => `    def test_${n}(self):\n        ${n % 40 === 0 ? `self.assertEqual(${n}, 1)` : 'pass'}`)}\n`,
  );
  put('CMakeLists.txt', 'cmake_minimum_required(VERSION 3.10)\nproject(sample C CXX)\n');
  put(
    'serve.sh',
    `python3 -m http.server 0 --bind 127.0.0.1 > served.txt 2>&1 &
server=$!
until port=$(sed -n 's/.*port \\([0-9]*\\) .*/\\1/p' served.txt) && [ -n "$port" ]; do sleep 0.1; done
curl -s -o /dev/null "http://127.0.0.1:$port/page/[1-3000]/of/3000?share=[0-9]%25"
kill $server; wait $server; cat served.txt`
      .replace('PYTHON', 'python3')
      .replace('python3 -m', 'python3 -u -m'),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-ordinary-'));
let bytes = 0;
let lines = 0;
let wrong = 0;
try {
  prepare(folder);
  if (process.argv.includes('--samples')) mkdirSync(SAMPLES, { recursive: true });
  for (const [name, command] of PROGRAMS) {
    const { stdout } = spawnSync('sh', ['-c', command], {
      cwd: folder,
      maxBuffer: 1 << 28,
      env: { ...process.env, LC_ALL: 'C.UTF-8', PAGER: 'cat', NO_COLOR: '1' },
    });
    const output = stdout.subarray(0, MOST);
    bytes += output.length;
    const text = output.toString();
    const found: string[] = [];
    for (const line of text.split(/\r?\n|\r/)) {
      lines += 1;
      if (detectProgress(line) !== undefined) found.push(line);
    }
    // As chunks, too, in which many lines are looked at together.
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < output.length; at += 65_536)
      pieces.push(output.subarray(at, at + 65_536));
    const told = feed(...pieces).progress.length;
    wrong += found.length;
    console.log(`${name}: ${output.length} bytes, ${found.length} wrong, ${told} told`);
    for (const line of found.slice(0, 40)) console.log(`    ${line.slice(0, 160)}`);
    if (process.argv.includes('--samples') && !PRIVATE.has(name)) {
      const middle = text.indexOf('\n', Math.max(0, text.length / 2 - SAMPLE / 2)) + 1;
      const some = text
        .slice(middle, middle + SAMPLE)
        .replaceAll(ROOT, '/project')
        .replaceAll(folder, '/tmp/ordinary');
      writeFileSync(join(SAMPLES, `${name}.txt`), some);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  `${(bytes / 1e6).toFixed(1)} MB, ${lines} lines, ${wrong} wrong (${execFileSync('uname', ['-sm'], { encoding: 'utf8' }).trim()})`,
);
if (wrong > 0 || bytes < 20_000_000) process.exitCode = 1;
