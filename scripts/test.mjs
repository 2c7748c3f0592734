// `npm test`: installs what the tests need, then runs all of them. Ends with how many passed and failed.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  build,
  environment,
  install,
  installDebian,
  nodeProgram,
  root,
  say,
  tryRun,
} from './setup.mjs';

const MODELS = [
  'tinyllama',
  'kokoro-fp32',
  'kokoro-q8',
  'kokoro-voices',
  'kokoro-tokenizer',
  'cmudict',
  'g2p',
  'flite',
  'moonshine-tiny',
  'htdemucs',
  'whisper-tiny',
  'whisper-base',
  'silero-vad',
  'minilm',
];
const reports = join(root, 'node_modules/.cache/sluice-tests');

install();
build();
// All at once: two test files that ran apt at the same time would wait for each other, or fail.
installDebian([
  ...['apertium', 'apertium-eng-spa'],
  ...['curl', 'ffmpeg', 'gcc', 'nginx-light', 'openssl', 'parallel', 'procps', 'python3'],
  ...['python3-requests', 'python3-swift', 'python3-tqdm', 'util-linux'],
  ...['redis-server', 'redis-tools'],
]);
say('Installing VS Code for tests, unless it is here …');
check(['scripts/vscode/install.mjs']);
say('Fetching models, unless they are here …');
// The weights of HT Demucs are for personal and research use: here it is found out whether they work. The tests
// accept the licence where they need it, so that they see also what is not accepted.
check(['dist/sluice.js', 'models', 'pull', ...MODELS], { SLUICE_ACCEPT_LICENCES: 'htdemucs' });

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const failures = [];
for (const [name, program, ...args] of [
  ['types', 'tsc', '--project', '.'],
  ['lint, format and folder rules', 'biome', 'check', '--error-on-warnings', '.'],
  ['unused code and packages', 'knip'],
  ['unit tests', 'vitest', ...vitest('unit')],
  ['tests in VS Code', 'node', 'test/host/run.ts', report('host')],
  ['end-to-end tests', 'vitest', ...vitest('e2e')],
]) {
  say(`Checking ${name} …`);
  if (!tryRun(program, args)) failures.push(name);
}

const counts = ['unit', 'host', 'e2e'].map(read);
// Again, as the last thing that is printed: what they printed themselves is long.
for (const { failed } of counts)
  for (const test of failed) process.stdout.write(`Failed: ${test}\n`);
for (const { again } of counts)
  for (const test of again) process.stdout.write(`Passed at the second try: ${test}\n`);
const passed = counts.reduce((total, count) => total + count.passed, 0);
const failed = counts.reduce((total, count) => total + count.failed.length, 0);
for (const name of failures) process.stdout.write(`Failed: ${name}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;

function report(name) {
  return join(reports, `${name}.json`);
}

function vitest(project) {
  return [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report(project)}`,
  ];
}

/** How many passed, and each that failed or needed a second try: its name, and the first line of what went wrong. */
function read(name) {
  try {
    const said = JSON.parse(readFileSync(report(name), 'utf8'));
    if (said.failed) {
      const failed = said.failed.map(({ test, message }) => told(test, message));
      return { passed: said.passed, failed, again: [] };
    }
    const failed = said.testResults.flatMap(({ name: file, status, message, assertionResults }) => {
      const tests = assertionResults.filter((test) => test.status === 'failed');
      // A file that could not be read has no tests.
      if (tests.length === 0) return status === 'failed' ? [told(file, message)] : [];
      return tests.map(({ fullName, failureMessages: [first] }) => told(fullName, first));
    });
    const again = said.testResults.flatMap(({ assertionResults }) =>
      assertionResults
        .filter((test) => test.status === 'passed' && test.failureMessages.length > 0)
        .map(({ fullName, failureMessages: [first] }) => told(fullName, first)),
    );
    return { passed: said.numPassedTests, failed, again };
  } catch {
    // It broke before it could say: the failure above counts.
    return { passed: 0, failed: [], again: [] };
  }
}

function told(test, message = '') {
  return `${test}: ${message.split('\n', 1)[0]}`;
}

function check(args, env = {}) {
  const all = ['--disable-warning=ExperimentalWarning', ...args];
  if (!tryRun(nodeProgram(), all, { env: { ...environment(), ...env } })) process.exit(1);
}
