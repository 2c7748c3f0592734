/**
 * Runs the tests that stand in `suite/` inside the extension host of a real VS Code: the one that
 * SLUICE_VSCODE names, or the project's own where none is named.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { build } from 'esbuild';
import { buildApiExample } from '../support/api-example.ts';
import { setup as buildExtension } from '../support/build.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Below node_modules, from where the bundles find mocha.
const BUILT = join(ROOT, 'node_modules/.cache/sluice-host-tests');
/** An extension that uses the API of ours. */
const EXAMPLE = join(BUILT, 'api-example');

async function buildSuite(): Promise<string> {
  rmSync(BUILT, { recursive: true, force: true });
  await build({
    entryPoints: ['index.ts', '*.test.ts'].map((name) => join(ROOT, 'test/host/suite', name)),
    outdir: BUILT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return join(BUILT, 'index.mjs');
}

/** Where to write how many passed and failed, as JSON: the first argument. */
const [, , report] = process.argv;
const workspace = mkdtempSync(join(tmpdir(), 'sluice-host-'));
try {
  process.chdir(ROOT);
  buildExtension();
  const extensionTestsPath = await buildSuite();
  await buildApiExample(EXAMPLE);
  await runTests({
    vscodeExecutablePath:
      process.env['SLUICE_VSCODE'] ?? join(ROOT, 'scripts/vscode/code-host.mjs'),
    extensionDevelopmentPath: [ROOT, EXAMPLE],
    extensionTestsPath,
    launchArgs: [workspace, '--disable-workspace-trust'],
    ...(report === undefined ? {} : { extensionTestsEnv: { SLUICE_TEST_REPORT: report } }),
  });
} catch (error) {
  // What failed has been printed by the tests themselves.
  if (!(error instanceof TestRunFailedError)) console.error(error);
  process.exitCode = 1;
} finally {
  rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
  rmSync(BUILT, { recursive: true, force: true });
}
