// Bundles every program of Sluice into dist/. `--watch` keeps at it, `--production` minifies.
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
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
    js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __path } from 'node:url'; const require = __createRequire(import.meta.url); const __filename = __path(import.meta.url);",
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

if (!watch) await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
for (const name of ['codicon.css', 'codicon.ttf']) {
  await cp(`node_modules/@vscode/codicons/dist/${name}`, `dist/${name}`);
}
if (watch) {
  await Promise.all([node, browser].map(async (options) => (await context(options)).watch()));
} else {
  await Promise.all([node, browser].map((options) => build(options)));
}
