import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiTypes } from '../api-types.mjs';
import { root, runNode } from '../setup.mjs';
import { copyNative } from './native.mjs';
import { bundledParts, licenceProblems, notices, shippedParts } from './notices.mjs';

/** What is loaded when the extension is activated, in bytes. */
const EXTENSION_LIMIT = 300_000;

/** What package.json says of the project and not of the extension. */
const OF_THE_PROJECT = [
  'private',
  'bin',
  'scripts',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'overrides',
];

/**
 * Puts everything that goes into the VSIX into an empty folder, and nothing else. Rejects when there is no native part
 * for the platform, when a licence does not allow it, and when too much is loaded at activation.
 *
 * @param {string} stage
 * @param {string} target
 * @returns {Promise<number>} bytes that are loaded when the extension is activated
 */
export async function makeStage(stage, target) {
  const dist = join(stage, 'dist');
  const metafile = bundle(dist);
  const loaded = loadedAtOnce(metafile);
  if (loaded > EXTENSION_LIMIT) {
    throw new Error(`${loaded} bytes are loaded at activation, more than ${EXTENSION_LIMIT}.`);
  }
  // Below dist/: a node_modules at the root is what vsce fills itself.
  const native = await copyNative(dist, target);
  const parts = [...bundledParts(metafile), ...shippedParts(native, dist)];
  const problems = licenceProblems(parts, metafile);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices(parts));
  writeFileSync(join(dist, 'sluice.d.ts'), apiTypes());

  const texts = readdirSync(root).filter((name) => /^package\.nls\..*json$/.test(name));
  for (const name of ['media', 'l10n', 'LICENSE', 'CHANGELOG.md', ...texts]) {
    cpSync(join(root, name), join(stage, name), { recursive: true });
  }
  cpSync(join(root, 'docs/extension.md'), join(stage, 'README.md'));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const key of OF_THE_PROJECT) delete manifest[key];
  const shipped = { ...manifest, files: ['**'] };
  writeFileSync(join(stage, 'package.json'), JSON.stringify(shipped, null, 2));
  return loaded;
}

/**
 * @param {string} dist
 * @returns {import('esbuild').Metafile} its outputs by their names in dist/
 */
function bundle(dist) {
  const temporary = mkdtempSync(join(tmpdir(), 'sluice-meta-'));
  try {
    const file = join(temporary, 'meta.json');
    runNode(['esbuild.mjs', '--production', `--outdir=${dist}`, `--meta=${file}`]);
    const { inputs, outputs } = JSON.parse(readFileSync(file, 'utf8'));
    const name = (/** @type {string} */ path) => path.slice(path.lastIndexOf('/dist/') + 6);
    const named = Object.entries(outputs).map(([path, output]) => [name(path), output]);
    for (const [, { imports }] of named) {
      for (const one of imports) if (!one.external) one.path = name(one.path);
    }
    return { inputs, outputs: Object.fromEntries(named) };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** @param {import('esbuild').Metafile} metafile @returns {number} bytes of extension.js and all that it imports at once */
function loadedAtOnce({ outputs }) {
  const loaded = new Set(['extension.js']);
  let bytes = 0;
  // A set that grows is walked to its end.
  for (const file of loaded) {
    bytes += outputs[file].bytes;
    for (const { path, kind, external } of outputs[file].imports) {
      if (kind === 'import-statement' && !external) loaded.add(path);
    }
  }
  return bytes;
}
