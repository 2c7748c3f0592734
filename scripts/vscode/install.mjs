import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, installSystemPackages } from './debian.mjs';
import { findNode, findProgram, run } from './programs.mjs';

const version = '4.139.1';
const nodeMajor = 24;
const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** @typedef {{ serverMain: string, node: string, chromium: string }} VSCode */
/** @typedef {(line: string) => void} Log */

/**
 * VS Code's server and a browser to show it in, installed where they are missing.
 *
 * @param {{ log?: Log }} [options]
 * @returns {Promise<VSCode>}
 */
export async function ensureVSCode({ log = (line) => console.error(`[vscode] ${line}`) } = {}) {
  const home = join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'sluice-dev',
    `code-server-${version}`,
  );
  const serverMain = join(home, 'node_modules/code-server/lib/vscode/out/server-main.js');
  const marker = join(home, 'installed.json');
  const node = await findNode(nodeMajor, repository);
  const ready = () => existsSync(marker) && findChromium();
  if (!ready()) {
    await mkdir(dirname(home), { recursive: true });
    const release = await takeLock(home, log);
    try {
      await installSystemPackages({ toBuild: !existsSync(marker), log });
      if (!existsSync(marker)) await installServer(home, node, log);
    } finally {
      await release();
    }
  }
  return { serverMain, node, chromium: /** @type {string} */ (findChromium()) };
}

/**
 * @param {string} home
 * @param {Log} log
 */
async function takeLock(home, log) {
  // Loaded here alone: it listens to signals from then on, which changes how a process ends by one.
  const { lock } = await import('proper-lockfile');
  // Stale after 20 s without a sign of life, so that a killed install blocks nobody.
  const options = { realpath: false, stale: 20_000 };
  try {
    return await lock(home, options);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ELOCKED') throw error;
    log('another process is installing VS Code: waiting for it');
    return await lock(home, { ...options, retries: { retries: 900, factor: 1, minTimeout: 1000 } });
  }
}

/**
 * @param {string} home
 * @param {string} node
 * @param {Log} log
 */
async function installServer(home, node, log) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  log(`installing code-server ${version} in ${home} (once; a minute or two, 0.6 GB)`);
  await rm(home, { recursive: true, force: true });
  const bin = join(home, 'bin');
  await mkdir(bin, { recursive: true });
  await symlink(node, join(bin, 'node'));
  const manifest = {
    private: true,
    dependencies: { 'code-server': version },
    // npm 11.16 and later run no install script that is not named here; code-server's own installs VS Code's parts.
    allowScripts: { 'code-server': true },
  };
  await writeFile(join(home, 'package.json'), JSON.stringify(manifest, null, 2));
  const npm = findProgram(['npm']);
  if (!npm) throw new Error('npm is not on PATH: it installs VS Code.');
  const beat = setInterval(() => log(`still installing code-server (${seconds()} s)`), 15_000);
  const args = [
    'install',
    '--ignore-scripts=false',
    '--omit=dev',
    '--no-fund',
    '--no-audit',
    '--foreground-scripts',
  ];
  const { code, output } = await run(npm, args, {
    cwd: home,
    env: installEnvironment(bin, node),
  }).finally(() => clearInterval(beat));
  const logFile = join(home, 'install.log');
  await writeFile(logFile, output);
  if (code !== 0 || !existsSync(join(home, 'node_modules/code-server/lib/vscode/node_modules'))) {
    const tail = output.trimEnd().split('\n').slice(-15).join('\n');
    throw new Error(
      `code-server was not installed (npm exited with ${code}). The end of ${logFile}:\n${tail}`,
    );
  }
  await writeFile(
    join(home, 'installed.json'),
    JSON.stringify({ version, node, seconds: seconds() }),
  );
  log(`code-server ${version} installed in ${seconds()} s`);
}

/**
 * @param {string} bin
 * @param {string} node
 * @returns {NodeJS.ProcessEnv}
 */
function installEnvironment(bin, node) {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    // Left by an outer `npm run`: the user agent names the outer Node, which code-server's script would refuse, and
    // the others are the repository's own settings.
    if (
      /^npm_(config_(user_agent|ignore_scripts|allow_scripts|local_prefix|omit|workspace)|package_|lifecycle_)/i.test(
        name,
      )
    ) {
      delete env[name];
    }
  }
  delete env.NODE_ENV;
  delete env.NODE_OPTIONS;
  env.PATH = bin + delimiter + (env.PATH ?? '');
  const headers = dirname(dirname(node));
  // The headers that came with this Node: node-gyp would fetch them, and the machine's own may be another version's.
  if (existsSync(join(headers, 'include/node/node_api.h'))) env.npm_config_nodedir = headers;
  return env;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await ensureVSCode(), null, 2));
}
