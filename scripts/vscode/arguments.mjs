import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The arguments of a desktop VS Code that concern a test run; all others are passed over.
 *
 * @param {string[]} args
 */
export function parseHostArguments(args) {
  const values = (/** @type {string} */ name) =>
    args
      .filter((arg) => arg.startsWith(`--${name}=`))
      .map((arg) => toPath(arg.slice(name.length + 3)));
  const [testsPath] = values('extensionTestsPath');
  const extensionPath = values('extensionDevelopmentPath');
  if (!testsPath || extensionPath.length === 0) {
    throw new Error(
      'usage: code-host.mjs --extensionDevelopmentPath=DIR --extensionTestsPath=FILE [FOLDER]',
    );
  }
  const [workspace] = args.filter((arg) => !arg.startsWith('-')).map(toPath);
  return { testsPath, extensionPath, workspace, trust: args.includes('--disable-workspace-trust') };
}

/** @param {string} value */
function toPath(value) {
  if (value.startsWith('file:')) return fileURLToPath(value);
  return isAbsolute(value) ? value : resolve(value);
}
