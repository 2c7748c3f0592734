import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root, say } from '../setup.mjs';
import { measureActivation } from './activation.mjs';
import { TARGETS } from './native.mjs';
import { makeStage } from './stage.mjs';
import { packVsix } from './vsix.mjs';

/** Median time of activation, in ms, that a person does not notice. */
const ACTIVATION_AIM = 50;

const own = `${process.platform}-${process.arch}`;

try {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', default: own },
      out: { type: 'string' },
      measure: { type: 'boolean', default: true },
    },
    allowNegative: true,
  });
  const { target, out } = values;
  if (!(target in TARGETS))
    throw new Error(`There is no platform ${target}: ${Object.keys(TARGETS).join(', ')}.`);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const vsix = resolve(out ?? join(root, `sluice-${target}-${version}.vsix`));
  await pack(target, vsix);
  if (values.measure && target === own) await measure(vsix);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

/** @param {string} target @param {string} vsix the file to write */
async function pack(target, vsix) {
  const temporary = mkdtempSync(join(tmpdir(), 'sluice-package-'));
  try {
    const stage = join(temporary, 'extension');
    mkdirSync(stage);
    say(`Bundling for ${target} …`);
    const loaded = await makeStage(stage, target);
    await packVsix(stage, vsix, target);
    print(`extension.js with what it loads at once: ${(loaded / 1000).toFixed(1)} kB`);
    printSizes(stage);
    print(`${basename(vsix)}: ${MB(statSync(vsix).size)}, ${MB(sizeOf(stage))} installed`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** @param {string} stage */
function printSizes(stage) {
  const dist = sizeOf(join(stage, 'dist'));
  const modules = join(stage, 'dist/node_modules');
  const named = ['onnxruntime-node', 'node-llama-cpp', '@node-llama-cpp'].map(
    (name) => /** @type {const} */ ([name, sizeOf(join(modules, name))]),
  );
  const others = named.reduce((rest, [, bytes]) => rest - bytes, sizeOf(modules));
  for (const [name, bytes] of [
    ['bundles', dist - sizeOf(modules)],
    ...named,
    ['other native packages', others],
    ['media and texts', sizeOf(stage) - dist],
  ])
    print(`  ${String(name).padEnd(24)}${MB(Number(bytes)).padStart(9)}`);
}

/** @param {string} vsix */
async function measure(vsix) {
  say('Measuring activation …');
  const times = (await measureActivation(vsix)).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)]?.toFixed(0);
  const all = times.map((ms) => ms.toFixed(0)).join(', ');
  print(
    `activation: ${median} ms median of ${times.length} windows (${all}); the aim is ${ACTIVATION_AIM} ms`,
  );
}

/** @param {string} path a file or a folder @returns {number} bytes */
function sizeOf(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

/** @param {number} bytes */
function MB(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
