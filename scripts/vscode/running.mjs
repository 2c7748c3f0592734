import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endWithUs } from './ending.mjs';
import { mark, processesOf, signalAll } from './tree.mjs';

const keptLogLines = 2000;
const startTimeout = 60_000;

/**
 * Runs the server until it is stopped, or this process ends in whatever way.
 *
 * @param {object} options
 * @param {string} options.node
 * @param {string} options.serverMain
 * @param {string[]} options.args
 * @param {NodeJS.ProcessEnv} options.env
 * @param {string} options.temporary a directory to remove at the end
 */
export function runServer({ node, serverMain, args, env, temporary }) {
  const id = randomUUID();
  const guarded = fileURLToPath(new URL('guarded.mjs', import.meta.url));
  const child = spawn(node, [guarded, temporary, serverMain, ...args], {
    env: {
      ...outsideOfVSCode(process.env),
      // No gallery of extensions: it would be asked at each start.
      EXTENSIONS_GALLERY: '{"serviceUrl":""}',
      ...env,
      [mark]: id,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C reaches us alone, and we end the server.
    detached: true,
  });
  const pid = child.pid ?? 0;
  /** @type {string[]} */
  const logs = [];
  const port = listeningPort(child, logs);
  /** @type {Promise<void>} */
  const ended = new Promise((done) => child.once('close', () => done()));
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
  return { pid, logs, port, ended, processes, stop };
}

/**
 * Without the variables of a VS Code whose terminal we may be running in.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function outsideOfVSCode(env) {
  const names = Object.keys(env).filter((name) => !/^(VSCODE_|ELECTRON_RUN_AS_NODE$)/.test(name));
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string[]} logs
 * @returns {Promise<number>}
 */
function listeningPort(child, logs) {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no port after ${startTimeout / 1000} s`));
    const timer = setTimeout(late, startTimeout);
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
