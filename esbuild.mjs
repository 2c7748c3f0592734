// Bundles every program of Sluice into dist/. `--watch` keeps at it, `--production` minifies.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, context } from 'esbuild';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const { version } = JSON.parse(await readFile('package.json', 'utf8'));

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  outdir: 'dist',
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: 'warning',
  define: { SLUICE_VERSION: JSON.stringify(version) },
};

const steps = ['write', 'speak'];

/** @type {import('esbuild').BuildOptions} */
const node = {
  ...common,
  platform: 'node',
  // What a command does not need is not loaded: the model store, the checks.
  splitting: true,
  target: 'node22',
  format: 'esm',
  entryPoints: [
    { in: 'src/extension.ts', out: 'extension' },
    { in: 'src/cli/main.ts', out: 'sluice' },
    { in: 'src/runner/main.ts', out: 'runner' },
    ...steps.map((name) => ({ in: `src/steps/${name}.ts`, out: `steps/${name}` })),
  ],
  // Native code, and what VS Code itself gives.
  external: ['vscode', 'onnxruntime-node', 'node-llama-cpp', '@lydell/node-pty'],
  // CommonJS packages inside an ES module ask for these.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __path } from 'node:url'; const require = __createRequire(import.meta.url); const __filename = __path(import.meta.url); const __dirname = __path(new URL('.', import.meta.url));",
  },
};

/** @type {import('esbuild').BuildOptions} */
const browser = {
  ...common,
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  entryPoints: [{ in: 'src/panel/main.ts', out: 'panel' }],
};

// Programs of an earlier build may be running: a file changes whole or not at all.
async function put(path, contents) {
  const old = await readFile(path).catch(() => undefined);
  if (old?.equals(contents)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}.tmp`, contents);
  await rename(`${path}.${process.pid}.tmp`, path);
}

/** Parts of earlier builds; those of the last hour may still be loaded by a program that runs. */
async function removeOld(present) {
  for (const name of await readdir('dist', { recursive: true })) {
    const path = join('dist', name);
    if (present.has(name) || !/\.js(\.map)?$/.test(name)) continue;
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > 3_600_000) await rm(path);
  }
}

for (const name of ['codicon.css', 'codicon.ttf']) {
  await put(`dist/${name}`, await readFile(`node_modules/@vscode/codicons/dist/${name}`));
}
if (watch) {
  await Promise.all([node, browser].map(async (options) => (await context(options)).watch()));
} else {
  const results = await Promise.all(
    [node, browser].map((options) => build({ ...options, write: false })),
  );
  const files = results.flatMap((result) => result.outputFiles);
  await Promise.all(files.map((file) => put(file.path, Buffer.from(file.contents))));
  await removeOld(new Set(files.map((file) => relative('dist', file.path))));
}
