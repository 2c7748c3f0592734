import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * The address of a window of VS Code's server.
 *
 * @param {number} port
 * @param {{ workspace?: string, extensionPath?: string, testsPath?: string }} options
 * @returns {string}
 */
export function windowAddress(port, { workspace, extensionPath, testsPath }) {
  const host = `127.0.0.1:${port}`;
  const url = new URL(`http://${host}/`);
  if (!workspace) url.searchParams.set('ew', 'true');
  else
    url.searchParams.set(statSync(workspace).isFile() ? 'workspace' : 'folder', resolve(workspace));
  if (testsPath) {
    const remote = (/** @type {string} */ path) =>
      `vscode-remote://${host}${resolve(path).split('/').map(encodeURIComponent).join('/')}`;
    const payload = [
      ['skipWelcome', 'true'],
      ['extensionTestsPath', remote(testsPath)],
    ];
    if (extensionPath) payload.push(['extensionDevelopmentPath', remote(extensionPath)]);
    url.searchParams.set('payload', JSON.stringify(payload));
  }
  return url.href;
}

/**
 * Makes extensions under development installed ones, by links: what is built anew is there at the next reload.
 *
 * @param {string} directory of the installed extensions
 * @param {string[]} paths
 */
export function linkExtensions(directory, paths) {
  mkdirSync(directory, { recursive: true });
  for (const path of paths) {
    const {
      publisher = 'undefined_publisher',
      name,
      version,
    } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    symlinkSync(resolve(path), join(directory, `${publisher}.${name}-${version}`), 'junction');
  }
}

/**
 * Settings with which a window shows the extension and little else, and asks for nothing.
 *
 * @type {Record<string, unknown>}
 */
export const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': 'off',
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'npm.fetchOnlinePackageInfo': false,
  'remote.autoForwardPorts': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/**
 * Adds settings to those of a user data directory.
 *
 * @param {string} userData
 * @param {Record<string, unknown>} settings
 */
export function writeSettings(userData, settings) {
  const file = join(userData, 'User', 'settings.json');
  mkdirSync(join(userData, 'User'), { recursive: true });
  /** @type {Record<string, unknown>} */
  let existing = {};
  try {
    existing = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // A fresh directory.
  }
  writeFileSync(file, JSON.stringify({ ...existing, ...settings }, null, 2));
}
