// Bundles every program of Sluice into dist/, or into `--outdir=FOLDER`. `--watch` keeps at it; `--production`
// minifies; `--meta=FILE` says what went into each file, as esbuild's metafile.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, context } from 'esbuild';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const outdir = option('outdir') ?? 'dist';
const meta = option('meta');
const { version } = JSON.parse(await readFile('package.json', 'utf8'));

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  outdir,
  sourcemap: production ? false : 'linked',
  minify: production,
  metafile: meta !== undefined,
  logLevel: 'warning',
  define: { SLUICE_VERSION: JSON.stringify(version) },
};

const steps = [
  'write',
  'speak',
  'separate',
  'schedule',
  'transcribe',
  'translate',
  'entities',
  'classify',
  'summarise',
  'insights',
  'report',
];

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
    { in: 'src/cluster/runner.ts', out: 'cluster-runner' },
    ...steps.map((name) => ({ in: `src/steps/${name}.ts`, out: `steps/${name}` })),
    { in: 'src/engines/scheduling/search-worker.ts', out: 'steps/schedule-search' },
    { in: 'src/engines/scheduling/bound-worker.ts', out: 'steps/schedule-bound' },
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

/** @param {string} name */
function option(name) {
  const start = `--${name}=`;
  return process.argv.find((argument) => argument.startsWith(start))?.slice(start.length);
}

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
  for (const name of await readdir(outdir, { recursive: true })) {
    const path = join(outdir, name);
    if (present.has(name) || !/\.js(\.map)?$/.test(name)) continue;
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > 3_600_000) await rm(path);
  }
}

/** The JSON schema of the batch file, from the definition that also parses it: for the YAML extension. */
async function batchSchema() {
  const {
    outputFiles: [bundle],
  } = await build({
    entryPoints: ['src/batch/schema.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  const code = Buffer.from(bundle.contents).toString('base64');
  const { batchJsonSchema } = await import(`data:text/javascript;base64,${code}`);
  return Buffer.from(`${JSON.stringify(batchJsonSchema(), undefined, 2)}\n`);
}

await put(join(outdir, 'batch.schema.json'), await batchSchema());
for (const name of ['codicon.css', 'codicon.ttf']) {
  await put(join(outdir, name), await readFile(`node_modules/@vscode/codicons/dist/${name}`));
}
await put(join(outdir, 'steps/highs.wasm'), await readFile('node_modules/highs/build/highs.wasm'));
if (watch) {
  await Promise.all([node, browser].map(async (options) => (await context(options)).watch()));
} else {
  const results = await Promise.all(
    [node, browser].map((options) => build({ ...options, write: false })),
  );
  const files = results.flatMap((result) => result.outputFiles);
  await Promise.all(files.map((file) => put(file.path, Buffer.from(file.contents))));
  await removeOld(new Set(files.map((file) => relative(outdir, file.path))));
  if (meta !== undefined) {
    const [inputs, outputs] = ['inputs', 'outputs'].map((part) =>
      Object.assign({}, ...results.map((result) => result.metafile?.[part])),
    );
    await writeFile(meta, JSON.stringify({ inputs, outputs }));
  }
}
