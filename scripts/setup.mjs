// What every command of the README needs first. Runs on an old Node: it brings the new one.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const marker = join(modules, '.sluice-installed');

// Ctrl-C is for the program that runs: it ends in its own way, and then we do.
process.on('SIGINT', () => {});

/** Says what is being done: on standard error, so that output stays output. */
export function say(text) {
  process.stderr.write(`\x1b[1m${text}\x1b[22m\n`);
}

/** The environment in which `node` is the project's own. */
export function environment() {
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = `${join(modules, '.bin')}${separator}${process.env.PATH ?? ''}`;
  return { ...process.env, PATH: path };
}

/** The project's own Node, or this one where there is none for the platform and this one is new enough. */
export function nodeProgram() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const own = join(modules, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own)) return own;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) return process.execPath;
  throw new Error(
    `Sluice needs Node 22.13 or newer; this is ${process.version}. Install it from nodejs.org.`,
  );
}

/** Runs a program to its end, its output shown. Returns its exit code. */
function execute(program, args, options = {}) {
  const shell = process.platform === 'win32' && !program.endsWith('.exe');
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    env: environment(),
    shell,
    ...options,
  });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** Runs a program to its end, its output shown. False when it fails. */
export function tryRun(program, args, options) {
  return execute(program, args, options) === 0;
}

/** Runs a program to its end, its output shown. Leaves with its exit code when it fails. */
function run(program, args, options) {
  const code = execute(program, args, options);
  if (code !== 0) process.exit(code);
}

/** Runs a program of the project with its own Node. */
export function runNode(args) {
  run(nodeProgram(), ['--disable-warning=ExperimentalWarning', ...args]);
}

/** Installs what package-lock.json says, unless it is there. */
export function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock) return;
  say('Installing packages (about a minute, once) …');
  const npm = process.env.npm_execpath;
  // Not `ci`: it fails where a registry lacks packages of other platforms that the lock file names.
  const args = [
    'install',
    '--no-save',
    '--loglevel=error',
    '--no-fund',
    '--no-audit',
    '--ignore-scripts',
  ];
  if (npm) run(process.execPath, [npm, ...args], { env: process.env });
  else run('npm', args, { env: process.env });
  writeFileSync(marker, lock);
}

/** Bundles the programs into dist/. */
export function build() {
  runNode(['esbuild.mjs']);
}

/** Installs those Debian packages that are missing; says the command where it may not. */
export function installDebian(packages) {
  const missing = packages.filter(
    (name) =>
      spawnSync('dpkg-query', ['--status', name]).stdout?.includes(
        'Status: install ok installed',
      ) !== true,
  );
  if (missing.length === 0) return;
  const apt = spawnSync('apt-get', ['--version']).status === 0;
  if (!apt || process.getuid?.() !== 0) {
    throw new Error(
      `These programs are needed: ${missing.join(' ')}. As root: apt-get install -y ${missing.join(' ')}`,
    );
  }
  say(`Installing Debian packages: ${missing.join(' ')} …`);
  const env = { ...environment(), DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-qq', '-y', '--no-install-recommends'];
  const attempt = () =>
    tryRun('apt-get', ['install', ...options, ...missing], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  // A machine that never ran `apt-get update` knows no packages, or old ones.
  if (attempt()) return;
  run('apt-get', ['update', '-qq'], { env });
  if (!attempt()) process.exit(1);
}
