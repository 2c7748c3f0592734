import { createVSIX } from '@vscode/vsce';

/**
 * Packs a folder with an extension, all of its files. vsce itself prints each of them, and that there are many.
 *
 * @param {string} folder
 * @param {string} file to write
 * @param {string} target the platform that it is for
 */
export async function packVsix(folder, file, target) {
  const { log, warn } = console;
  /** @type {string[]} */
  const said = [];
  console.log = console.warn = (...words) => said.push(words.join(' '));
  try {
    await createVSIX({
      cwd: folder,
      packagePath: file,
      target,
      dependencies: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
    });
  } catch (error) {
    throw new Error(said.join('\n'), { cause: error });
  } finally {
    Object.assign(console, { log, warn });
  }
}
