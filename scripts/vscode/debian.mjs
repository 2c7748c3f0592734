import { findProgram, run } from './programs.mjs';

// To run VS Code in a browser, and to build the native parts of its server.
const browser = 'chromium';
const toBuildPackages = ['libkrb5-dev', 'libsecret-1-dev'];
const buildTools = { 'g++': 'g++', make: 'make', python3: 'python3', 'pkg-config': 'pkg-config' };

/** @returns {string | undefined} */
export function findChromium() {
  return findProgram(['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']);
}

/** @param {string} name */
async function isInstalled(name) {
  const { output } = await run('dpkg-query', ['--status', name]);
  return output.includes('Status: install ok installed');
}

/**
 * Installs those Debian packages that are missing, or says with which command a person can.
 *
 * @param {{ toBuild: boolean, log: (line: string) => void }} options
 */
export async function installSystemPackages({ toBuild, log }) {
  const debian = findProgram(['apt-get']) && findProgram(['dpkg-query']);
  const missing = findChromium() ? [] : [browser];
  if (toBuild) {
    for (const [program, name] of Object.entries(buildTools))
      if (!findProgram([program])) missing.push(name);
    // Without dpkg there is no telling: the build says what it lacks.
    if (debian)
      for (const name of toBuildPackages) if (!(await isInstalled(name))) missing.push(name);
  }
  if (missing.length === 0) return;
  if (!debian)
    throw new Error(
      `VS Code in a browser needs these programs, which apt-get cannot install here: ${missing.join(' ')}`,
    );
  if (process.getuid?.() !== 0) {
    throw new Error(
      `VS Code in a browser needs Debian packages, and only root installs them:\n  sudo apt-get install -y ${missing.join(' ')}`,
    );
  }
  log(`installing Debian packages: ${missing.join(' ')}`);
  const install = () => apt(['install', '-y', '--no-install-recommends', ...missing]);
  // A machine that never ran `apt-get update`, or long ago, knows no package or one that has gone.
  if ((await install()).code === 0) return;
  log('apt-get update');
  await apt(['update']);
  const { code, output } = await install();
  if (code !== 0)
    throw new Error(
      `apt-get install ${missing.join(' ')} failed:\n${output.trimEnd().split('\n').slice(-15).join('\n')}`,
    );
}

/** @param {string[]} args */
function apt(args) {
  return run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-q', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
