import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { retry } from '../vscode/retry.mjs';
import { openWorkbench } from '../vscode/workbench.mjs';
import { packVsix } from './vsix.mjs';

const WINDOWS = 5;

/** An extension that activates ours in each window and writes how long it took, from the call to the answer. */
const probe = `
const { writeFileSync } = require('node:fs');
const vscode = require('vscode');
exports.activate = async () => {
  const sluice = vscode.extensions.getExtension('sluice.sluice');
  if (sluice.isActive) throw new Error('It is active before anything needs it.');
  const begin = performance.now();
  await sluice.activate();
  const ms = performance.now() - begin;
  writeFileSync(process.env.SLUICE_TIMES + '/' + process.pid, String(ms));
};
`;

/**
 * How long the extension takes to activate in a window that has just been opened: its code is loaded, and everything
 * is registered.
 *
 * @param {string} vsix
 * @returns {Promise<number[]>} ms, one for each of several windows
 */
export async function measureActivation(vsix) {
  const temporary = mkdtempSync(join(tmpdir(), 'sluice-activation-'));
  const [extension, workspace, times] = ['extension', 'workspace', 'times'].map((name) => {
    mkdirSync(join(temporary, name));
    return join(temporary, name);
  });
  const manifest = {
    name: 'activation-probe',
    publisher: 'sluice-tests',
    version: '0.0.1',
    engines: { vscode: '^1.116.0' },
    license: 'MIT',
    main: './probe.js',
    activationEvents: ['onStartupFinished'],
    files: ['probe.js'],
  };
  writeFileSync(join(extension, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(extension, 'probe.js'), probe);
  const packed = join(temporary, 'probe.vsix');
  await packVsix(extension, packed);
  try {
    const env = { SLUICE_TIMES: times };
    const window = await openWorkbench({ workspace, vsix: [vsix, packed], env });
    try {
      await written(times, 1);
      for (let opened = 2; opened <= WINDOWS; opened++) {
        const { page } = await window.openWindow();
        await written(times, opened);
        await page.close();
      }
    } finally {
      await window.close();
    }
    return readdirSync(times).map((name) => Number(readFileSync(join(times, name), 'utf8')));
  } finally {
    rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** @param {string} folder @param {number} count */
async function written(folder, count) {
  await retry(`${count} times of activation`, async () =>
    readdirSync(folder).length >= count ? true : undefined,
  );
}
