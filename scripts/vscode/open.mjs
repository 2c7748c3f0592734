// VS Code with the extension loaded, on a folder of examples: the desktop's, or in a browser where there is none.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from './programs.mjs';
import { startVSCode } from './server.mjs';
import { quietSettings } from './window.mjs';

const extension = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const workspace = resolve(process.argv[2] ?? resolve(extension, 'examples'));
if (!existsSync(workspace)) {
  console.error(`There is no folder ${workspace}. Usage: open.mjs [FOLDER]`);
  process.exit(2);
}

const desktop = desktopVSCode();
if (desktop) openDesktop(desktop);
else await openInBrowser();

/** @returns {string | undefined} */
function desktopVSCode() {
  // In the terminal of a remote window, `code` speaks to the other machine; and on Linux it does not start for root.
  if (process.env.VSCODE_IPC_HOOK_CLI || (process.platform === 'linux' && process.getuid?.() === 0))
    return undefined;
  return findProgram(['code']);
}

/** @param {string} program */
function openDesktop(program) {
  // A .cmd runs in a shell alone, which takes a path with spaces in quotes.
  const shell = program.endsWith('.cmd');
  const quote = (/** @type {string} */ text) => (shell ? `"${text}"` : text);
  const args = ['--new-window', `--extensionDevelopmentPath=${extension}`, workspace];
  console.log(`Opening ${workspace} with the extension in ${program}`);
  spawn(quote(program), args.map(quote), { stdio: 'inherit', shell }).on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

async function openInBrowser() {
  console.log('There is no desktop VS Code here: VS Code in a browser instead.');
  const server = await startVSCode({
    workspace,
    extensionPath: extension,
    settings: quietSettings,
  });
  console.log(
    `\n  ${server.url}\n\nCtrl-C ends it, with the runs started in it. Reload the page to load what was built anew.`,
  );
  openBrowser(server.url);
  await server.ended;
}

/** @param {string} url */
function openBrowser(url) {
  const shown = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const opener =
    process.platform === 'darwin' ? findProgram(['open']) : shown && findProgram(['xdg-open']);
  if (!opener) return;
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
