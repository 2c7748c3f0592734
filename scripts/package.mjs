// `npm run package [-- --target=linux-x64] [--out=FILE]`: the extension as a VSIX, for this platform or another one.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { install, root, runNode, say } from './setup.mjs';

const EXTENSION_LIMIT = 300_000;

const own = `${process.platform}-${process.arch}`;
const { values } = parseArgs({
  options: {
    target: { type: 'string', default: own },
    out: { type: 'string' },
    measure: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

install();
// From here on there are packages to import.
const { apiTypes } = await import('./api-types.mjs');
const { packVsix } = await import('./package/vsix.mjs');
const { copyNative, TARGETS } = await import('./package/native.mjs');
const { bundledParts, licenceProblems, notices, shippedParts } = await import(
  './package/notices.mjs'
);

const { target } = values;
if (!(target in TARGETS))
  fail(`There is no platform ${target}: ${Object.keys(TARGETS).join(', ')}.`);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const vsix = resolve(values.out ?? join(root, `sluice-${target}-${manifest.version}.vsix`));

const temporary = mkdtempSync(join(tmpdir(), 'sluice-package-'));
try {
  const stage = join(temporary, 'extension');
  mkdirSync(stage);
  await makeStage(stage);
  await packVsix(stage, vsix, target);
  printSizes(stage);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
if (values.measure && target === own) await measure();

/** Everything that goes into the VSIX, and nothing else. */
async function makeStage(stage) {
  const dist = join(stage, 'dist');
  const meta = join(temporary, 'meta.json');
  say(`Bundling for ${target} …`);
  runNode(['esbuild.mjs', '--production', `--outdir=${dist}`, `--meta=${meta}`]);
  const metafile = withNames(JSON.parse(readFileSync(meta, 'utf8')));
  checkExtension(metafile);
  // Below dist/: a node_modules at the root is what vsce fills itself.
  const native = await copyNative(dist, target).catch((error) => fail(error.message));
  const parts = [...bundledParts(metafile), ...shippedParts(native, dist)];
  const problems = licenceProblems(parts, metafile);
  if (problems.length > 0) fail(problems.join('\n'));
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices(parts));
  writeFileSync(join(dist, 'sluice.d.ts'), apiTypes());

  for (const name of readdirSync(root).filter((name) => /^package\.nls\..*json$/.test(name)))
    cpSync(join(root, name), join(stage, name));
  for (const name of ['media', 'l10n', 'LICENSE', 'CHANGELOG.md'])
    cpSync(join(root, name), join(stage, name), { recursive: true });
  cpSync(join(root, 'docs/extension.md'), join(stage, 'README.md'));
  const { name, displayName, description, version, publisher, ...rest } = manifest;
  const kept = [
    'license',
    'type',
    'icon',
    'galleryBanner',
    'categories',
    'keywords',
    'engines',
    'main',
    'l10n',
  ];
  const more = ['extensionKind', 'activationEvents', 'capabilities', 'contributes'];
  const shipped = { name, displayName, description, version, publisher };
  for (const key of [...kept, ...more]) shipped[key] = rest[key];
  writeFileSync(
    join(stage, 'package.json'),
    JSON.stringify({ ...shipped, files: ['**'] }, null, 2),
  );
}

/** Outputs by their names in dist/. */
function withNames({ inputs, outputs }) {
  const name = (path) => path.slice(path.indexOf('/dist/') + '/dist/'.length);
  const named = Object.entries(outputs).map(([path, output]) => [
    name(path),
    {
      ...output,
      imports: output.imports.map((one) => ({
        ...one,
        path: one.external ? one.path : name(one.path),
      })),
    },
  ]);
  return { inputs, outputs: Object.fromEntries(named) };
}

/** What is loaded when the extension is activated must be small. */
function checkExtension({ outputs }) {
  const loaded = new Set(['extension.js']);
  for (const file of loaded) {
    for (const { path, kind, external } of outputs[file].imports)
      if (kind === 'import-statement' && !external) loaded.add(path);
  }
  const bytes = [...loaded].reduce((sum, file) => sum + outputs[file].bytes, 0);
  process.stdout.write(`extension.js with what it loads at once: ${kB(bytes)}\n`);
  if (bytes > EXTENSION_LIMIT) fail(`That is more than ${kB(EXTENSION_LIMIT)}.`);
}

function printSizes(stage) {
  const modules = join(stage, 'dist/node_modules');
  const native = sizeOf(modules);
  const rows = [
    ['bundles', sizeOf(join(stage, 'dist')) - native],
    ...['onnxruntime-node', 'node-llama-cpp', '@node-llama-cpp'].map((name) => [
      name,
      sizeOf(join(modules, name)),
    ]),
    ['media and texts', sizeOf(stage) - sizeOf(join(stage, 'dist'))],
  ];
  const named = rows.reduce((sum, [, bytes]) => sum + bytes, 0);
  rows.splice(-1, 0, ['other native packages', sizeOf(stage) - named]);
  for (const [name, bytes] of rows)
    process.stdout.write(`  ${name.padEnd(24)}${MB(bytes).padStart(9)}\n`);
  process.stdout.write(
    `${basename(vsix)}: ${MB(statSync(vsix).size)}, ${MB(sizeOf(stage))} installed\n`,
  );
}

async function measure() {
  say('Measuring activation …');
  const { measureActivation } = await import('./package/activation.mjs');
  const times = await measureActivation(vsix);
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
  const all = times.map((ms) => ms.toFixed(0)).join(', ');
  process.stdout.write(
    `activation: ${median.toFixed(0)} ms median of ${times.length} windows (${all})\n`,
  );
}

/** @param {string} path a file or a folder @returns {number} bytes */
function sizeOf(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function MB(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @returns {never} */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
