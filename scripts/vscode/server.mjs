import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureVSCode } from './install.mjs';
import { run } from './programs.mjs';
import { runServer } from './running.mjs';
import { isAlive } from './tree.mjs';
import { linkExtensions, windowAddress, writeSettings } from './window.mjs';

/**
 * @typedef {object} ServerOptions
 * @property {string} [workspace] a folder or a .code-workspace file; without it the window is empty
 * @property {string | string[]} [extensionPath] the extension, or extensions, to have in it
 * @property {string[]} [vsix] extensions to install from files, instead
 * @property {string} [testsPath] a module that exports `run()`, run inside the extension host
 * @property {boolean} [trust] false for Restricted Mode, until the folder is trusted in the window
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
 * @property {() => number[]} extensionHosts one for each open window, the newest last
 * @property {() => Promise<void>} stop ends all of these
 */

const hostLaunched = /<(\d+)> Launched Extension Host Process/;

/**
 * Starts VS Code's own server on a free port of the loopback interface, and answers once it can be opened.
 *
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startVSCode({
  userDataDir,
  settings = {},
  env = {},
  trust = true,
  ...opened
}) {
  const { node, serverMain } = await ensureVSCode();
  const temporary = mkdtempSync(join(tmpdir(), 'sluice-vscode-'));
  const userData = resolve(userDataDir ?? join(temporary, 'user'));
  writeSettings(userData, settings);
  const extensions = join(temporary, 'extensions');
  const options = {
    host: '127.0.0.1',
    port: '0',
    'user-data-dir': userData,
    'server-data-dir': join(temporary, 'server'),
    'extensions-dir': extensions,
  };
  const switches = [
    'without-connection-token',
    'accept-server-license-terms',
    'disable-telemetry',
    'disable-experiments',
    'force-disable-user-env',
  ];
  if (trust) switches.push('disable-workspace-trust');
  const paths = [opened.extensionPath ?? []].flat();
  // Only with this switch does a window take tests from its address. It also shows no notifications, so that a window
  // without tests has the extension as an installed one. An address takes one extension: others are installed ones.
  if (opened.testsPath) switches.push('enable-smoke-test-driver');
  linkExtensions(extensions, opened.testsPath ? paths.slice(1) : paths);
  if (opened.vsix)
    await installVsix({ node, serverMain, temporary, extensions, vsix: opened.vsix });
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  args.push(...switches.map((name) => `--${name}`));
  const { port: listening, ...server } = runServer({ node, serverMain, args, env, temporary });
  try {
    const port = await listening;
    await answers(port);
    const extensionHosts = () => {
      const launched = server.logs.flatMap((line) => hostLaunched.exec(line)?.[1] ?? []);
      return launched.map(Number).filter(isAlive);
    };
    const url = windowAddress(port, { ...opened, extensionPath: paths[0] });
    return { ...server, url, port, userDataDir: userData, extensionHosts };
  } catch (error) {
    await server.stop();
    const reason = error instanceof Error ? error.message : error;
    throw new Error(
      [`VS Code's server did not start: ${reason}`, ...server.logs.slice(-20)].join('\n'),
    );
  }
}

/** @param {{ node: string, serverMain: string, temporary: string, extensions: string, vsix: string[] }} options */
async function installVsix({ node, serverMain, temporary, extensions, vsix }) {
  const { code, output } = await run(node, [
    serverMain,
    '--accept-server-license-terms',
    `--extensions-dir=${extensions}`,
    `--server-data-dir=${join(temporary, 'server')}`,
    ...vsix.map((file) => `--install-extension=${resolve(file)}`),
  ]);
  if (code === 0) return;
  rmSync(temporary, { recursive: true, force: true });
  throw new Error(`${vsix.join(' and ')} cannot be installed:\n${output}`);
}

/** @param {number} port */
async function answers(port) {
  for (let tries = 0; ; tries++) {
    const response = await fetch(`http://127.0.0.1:${port}/`).catch((error) => error);
    if (response.ok) return;
    if (tries === 100)
      throw new Error(`it does not answer on port ${port}: ${response.status ?? response}`);
    await delay(100);
  }
}
