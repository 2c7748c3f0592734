import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './browser.mjs';
import { endWithUs } from './ending.mjs';
import { startVSCode } from './server.mjs';
import { quietSettings } from './window.mjs';

// A window that shows no sign of the tests after this time never will.
const startTimeout = 90_000;
// For the extensions to deactivate.
const endTimeout = 10_000;

/**
 * Runs tests inside the extension host of a window that nobody sees.
 *
 * @param {{ testsPath: string, extensionPath: string[], workspace?: string, trust: boolean, minutes: number }} options
 * @returns {Promise<number>} the tests' exit status
 */
export async function runHostTests({ testsPath, minutes, ...opened }) {
  const output = await listenForOutput();
  const entry = fileURLToPath(new URL('tests-entry.mjs', import.meta.url));
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    SLUICE_DEV_TESTS: testsPath,
    SLUICE_DEV_OUTPUT: output.path,
    SLUICE_DEV_STATUS: output.status,
  };
  if (process.stdout.isTTY) env.FORCE_COLOR = '1';
  /** @type {Array<() => Promise<unknown>>} */
  const ends = [async () => output.close()];
  try {
    const server = await startVSCode({ ...opened, testsPath: entry, env, settings: quietSettings });
    ends.unshift(server.stop);
    const browser = await launchBrowser();
    ends.unshift(() => browser.close());
    const page = await browser.newPage();
    /** @type {string[]} */
    const problems = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    const fail = (/** @type {string} */ why) =>
      new Error(
        [
          why,
          ...problems.slice(-10).map((text) => text.split('\n')[0]),
          ...server.logs.slice(-15),
        ].join('\n'),
      );
    return await new Promise((resolve, reject) => {
      const finish = async () => {
        await Promise.race([output.ended, delay(endTimeout, undefined, { ref: false })]);
        if (existsSync(output.status)) resolve(Number(readFileSync(output.status, 'utf8')));
        else
          reject(fail('The extension host ended before the tests did. The last words of VS Code:'));
      };
      const late = setTimeout(
        () => reject(fail('VS Code did not begin the tests in time. Its last words:')),
        startTimeout,
      );
      const endless = setTimeout(
        () => reject(new Error(`The tests did not end within ${minutes} minutes.`)),
        minutes * 60_000,
      );
      ends.unshift(async () => [late, endless].forEach(clearTimeout));
      output.begun.then(() => clearTimeout(late));
      output.ended.then(() => delay(endTimeout, undefined, { ref: false }).then(finish));
      page
        .exposeFunction('codeAutomationExit', finish)
        .then(() => page.goto(server.url))
        .catch(reject);
      page.on('crash', () => reject(fail('The browser page crashed. The last words of VS Code:')));
      server.ended.then(() =>
        reject(fail("VS Code's server ended before the tests did. Its last words:")),
      );
    });
  } finally {
    for (const end of ends) await end();
  }
}

/** A socket on which the tests' output arrives and is printed at once. */
async function listenForOutput() {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-output-'));
  const path = join(directory, 'output.sock');
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const release = endWithUs(remove);
  /** @type {PromiseWithResolvers<void>} */
  const begun = withResolvers();
  /** @type {PromiseWithResolvers<void>} */
  const ended = withResolvers();
  const server = createServer((socket) => {
    begun.resolve();
    socket.pipe(process.stdout, { end: false });
    socket.on('error', () => {});
    socket.on('close', () => ended.resolve());
  });
  await new Promise((done) => server.listen(path, () => done(undefined)));
  const close = () => {
    server.close();
    remove();
    release();
  };
  return {
    path,
    status: join(directory, 'status'),
    begun: begun.promise,
    ended: ended.promise,
    close,
  };
}

// Promise.withResolvers is missing in Node 20.
/** @returns {PromiseWithResolvers<void>} */
function withResolvers() {
  /** @type {any} */
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
