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
  ...['python3-requests', 'python3-tqdm', 'util-linux'],
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
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
for (const name of failures) process.stdout.write(`Failed: ${name}\n`);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exitCode = failures.length > 0 || sum('passed') === 0 ? 1 : 0;

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

function read(name) {
  try {
    const {
      numPassedTests = 0,
      numFailedTests = 0,
      stats,
    } = JSON.parse(readFileSync(report(name), 'utf8'));
    return stats
      ? { passed: stats.passes, failed: stats.failures }
      : { passed: numPassedTests, failed: numFailedTests };
  } catch {
    // It broke before it could say: the failure above counts.
    return { passed: 0, failed: 0 };
  }
}

function check(args, env = {}) {
  const all = ['--disable-warning=ExperimentalWarning', ...args];
  if (!tryRun(nodeProgram(), all, { env: { ...environment(), ...env } })) process.exit(1);
}
