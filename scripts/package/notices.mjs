import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { packageOf } from './native.mjs';

/** Licences under which anything may be bundled, with a notice. */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'Unicode-3.0',
  'Unlicense',
]);

/**
 * Native libraries that are compiled to WebAssembly in packages whose own licence says nothing of them.
 *
 * @type {Record<string, { name: string, license: string, source: string }[]>}
 */
const INSIDE = {
  '@audio/encode-mp3': [
    { name: 'LAME', license: 'LGPL-2.1', source: 'https://lame.sourceforge.io' },
  ],
  '@audio/decode-mp3': [{ name: 'mpg123', license: 'LGPL-2.1', source: 'https://www.mpg123.de' }],
  '@audio/encode-ogg': [
    { name: 'libvorbis, libogg', license: 'BSD-3-Clause', source: 'https://xiph.org/vorbis' },
  ],
  '@audio/decode-vorbis': [
    { name: 'libvorbis, libogg', license: 'BSD-3-Clause', source: 'https://xiph.org/vorbis' },
  ],
  '@audio/decode-opus': [
    { name: 'libopus', license: 'BSD-3-Clause', source: 'https://opus-codec.org' },
  ],
  opusscript: [{ name: 'libopus', license: 'BSD-3-Clause', source: 'https://opus-codec.org' }],
  '@audio/decode-flac': [
    { name: 'libFLAC', license: 'BSD-3-Clause', source: 'https://xiph.org/flac' },
  ],
};

/** What is under the LGPL stands in files of its own, which whoever wants can replace: that is what it asks for. */
const REPLACEABLE = 'LGPL-2.1';

/**
 * @typedef {object} Part a package whose code is shipped
 * @property {string} path of the package, below the project's root
 * @property {string} name
 * @property {string} version
 * @property {string} license as SPDX writes it
 * @property {{ name: string, license: string, source: string }[]} inside native libraries in it
 * @property {string[]} files of the bundles that hold a part of it
 * @property {string} text its licence, in full
 */

/**
 * The packages that the bundles are made of.
 *
 * @param {import('esbuild').Metafile} metafile of esbuild.mjs
 * @returns {Part[]} by name
 */
export function bundledParts(metafile) {
  /** @type {Map<string, Set<string>>} */
  const found = new Map();
  for (const [output, { inputs }] of Object.entries(metafile.outputs)) {
    for (const input of Object.keys(inputs)) {
      if (!input.includes('node_modules/')) continue;
      const path = packageOf(input);
      found.set(path, (found.get(path) ?? new Set()).add(output));
    }
  }
  // Copied as they are.
  found.set('node_modules/@vscode/codicons', new Set(['codicon.css', 'codicon.ttf']));
  return parts(found);
}

/**
 * Packages that are shipped as they are.
 *
 * @param {string[]} paths
 * @param {string} folder that they are below
 */
export function shippedParts(paths, folder) {
  return parts(new Map(paths.map((path) => [path, new Set()])), folder);
}

/** @param {Map<string, Set<string>>} found @returns {Part[]} */
function parts(found, folder = root) {
  return [...found]
    .map(([path, files]) => {
      const at = join(folder, path);
      const { name, version, license } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
      const text = readdirSync(at)
        .filter((file) => /^(licen[cs]e|copying)/i.test(file))
        .map((file) => readFileSync(join(at, file), 'utf8').trim())
        .join('\n\n');
      return { path, name, version, license, inside: INSIDE[name] ?? [], files: [...files], text };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * What must not be shipped, and why. Empty when all is well.
 *
 * @param {Part[]} all
 * @param {import('esbuild').Metafile} metafile
 * @returns {string[]}
 */
export function licenceProblems(all, metafile) {
  const packagesIn = (/** @type {string} */ file) =>
    new Set(Object.keys(metafile.outputs[file].inputs).map(packageOf)).size;
  return all.flatMap(({ name, version, license, inside, files }) => {
    const others = inside.map((one) => one.license);
    const refused = [license, ...others].filter((one) => !ALLOWED.has(one) && one !== REPLACEABLE);
    const problems = refused.map((one) => `${name}@${version} is under ${one}.`);
    if (![license, ...others].includes(REPLACEABLE)) return problems;
    const mixed = files.filter((file) => packagesIn(file) > 1);
    return [
      ...problems,
      ...mixed.map((file) => `${name}, under the LGPL, is bundled with others in ${file}.`),
    ];
  });
}

/**
 * The notices that the licences ask for.
 *
 * @param {Part[]} all
 * @returns {string}
 */
export function notices(all) {
  const sections = all.map(({ name, version, license, inside, text }) => {
    const title = `${name} ${version} (${license})`;
    const contained = inside.map(
      (library) => `It contains ${library.name}, under ${library.license}: ${library.source}`,
    );
    return [title, '-'.repeat(title.length), ...contained, ...(text ? ['', text] : [])].join('\n');
  });
  return `${[
    'Sluice is made with the work of others. Their licences follow.',
    ...sections,
    'GNU Lesser General Public License 2.1\n-------------------------------------',
    'Parts under it are files of their own in dist/, which may be replaced by others with the same exports.',
    readFileSync(new URL('LGPL-2.1.txt', import.meta.url), 'utf8').trim(),
  ].join('\n\n')}\n`;
}
