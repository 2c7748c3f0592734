import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endWithUs } from './ending.mjs';
import { ensureVSCode } from './install.mjs';
import { mark, processesOf, signalAll } from './tree.mjs';
import { linkExtensions, outsideOfVSCode, windowAddress, writeSettings } from './window.mjs';

/**
 * @typedef {object} ServerOptions
 * @property {string} [workspace] a folder or a .code-workspace file; without it the window is empty
 * @property {string | string[]} [extensionPath] the extension, or extensions, to have in it
 * @property {string} [testsPath] a module that exports `run()`, run inside the extension host
 * @property {boolean} [trust] false for Restricted Mode, where the window asks whether to trust the folder
 * @property {string} [userDataDir] kept when given; else a fresh one, removed at the end
 * @property {Record<string, unknown>} [settings] the user's settings
 * @property {NodeJS.ProcessEnv} [env] more variables for the server and its extension hosts
 */

/**
 * @typedef {object} Server
 * @property {string} url the address of the window
 * @property {number} port
 * @property {number} pid
 * @property {string[]} logs what the server wrote, the last 2000 lines
 * @property {string} userDataDir
 * @property {Promise<void>} ended
 * @property {() => number[]} processes the server and all that it started, detached ones too
 * @property {() => Promise<void>} stop
 */

const keptLogLines = 2000;
const startTimeout = 60_000;

/**
 * Starts VS Code's own server on a free port of the loopback interface, and answers once it can be opened.
 *
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startVSCode({ userDataDir, settings = {}, env = {}, trust = true, ...opened }) {
  const { node, serverMain } = await ensureVSCode();
  const temporary = mkdtempSync(join(tmpdir(), 'sluice-vscode-'));
  const userData = resolve(userDataDir ?? join(temporary, 'user'));
  writeSettings(userData, settings);
  const extensions = join(temporary, 'extensions');
  const args = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'];
  args.push('--disable-telemetry', '--disable-experiments', '--force-disable-user-env');
  if (trust) args.push('--disable-workspace-trust');
  // Only with this switch does a window take tests from its address. It also shows no notifications, so that a window
  // without tests has the extension as an installed one.
  if (opened.testsPath) args.push('--enable-smoke-test-driver');
  else linkExtensions(extensions, [opened.extensionPath ?? []].flat());
  args.push('--user-data-dir', userData, '--server-data-dir', join(temporary, 'server'), '--extensions-dir', extensions);
  const id = randomUUID();
  const guarded = fileURLToPath(new URL('guarded.mjs', import.meta.url));
  const child = spawn(node, [guarded, serverMain, ...args], {
    // No gallery of extensions: it would be asked at each start.
    env: { ...outsideOfVSCode(process.env), EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...env, [mark]: id },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C reaches us alone, and we end the server.
    detached: true,
  });
  const pid = child.pid ?? 0;
  /** @type {string[]} */
  const logs = [];
  const ended = new Promise((/** @type {(value?: undefined) => void} */ done) => child.once('close', () => done()));
  const processes = () => (pid ? processesOf(pid, id) : []);
  const clean = () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  const release = endWithUs(() => {
    signalAll(processes(), 'SIGKILL');
    clean();
  });
  const stop = async () => {
    signalAll(processes(), 'SIGTERM');
    for (let tries = 0; processes().length > 0 && tries < 100; tries++) {
      await delay(50);
      // Two seconds are enough to end well. Until none is left: one may have been starting another.
      if (tries >= 40) signalAll(processes(), 'SIGKILL');
    }
    if (pid) await ended;
    clean();
    release();
  };
  try {
    const port = await listeningPort(child, logs);
    await answers(port);
    return { url: windowAddress(port, opened), port, pid, logs, userDataDir: userData, ended, processes, stop };
  } catch (error) {
    await stop();
    throw new Error(`VS Code's server did not start: ${error instanceof Error ? error.message : error}\n${logs.slice(-20).join('\n')}`);
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string[]} logs
 * @returns {Promise<number>}
 */
function listeningPort(child, logs) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no port after ${startTimeout / 1000} s`)), startTimeout);
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        logs.push(line);
        if (logs.length > keptLogLines) logs.shift();
        const port = /Extension host agent listening on (\d+)/.exec(line)?.[1];
        if (port) resolve(Number(port));
      });
    }
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`it exited with ${code ?? signal}`)));
    child.once('close', () => clearTimeout(timer));
  });
}

/** @param {number} port */
async function answers(port) {
  for (let tries = 0; ; tries++) {
    const response = await fetch(`http://127.0.0.1:${port}/`).catch((error) => error);
    if (response.ok) return;
    if (tries === 100) throw new Error(`it does not answer on port ${port}: ${response.status ?? response}`);
    await delay(100);
  }
}
