import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { apiTypes } from '../../../scripts/api-types.mjs';
import { apiExample } from '../../support/api-example.ts';

const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const STRICT = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];

/** What the compiler says of an extension beside a copy of the published types. */
async function compile(source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-types-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink(MODULES, join(folder, 'node_modules'), 'junction');
  await writeFile(join(folder, 'sluice.d.ts'), apiTypes());
  await writeFile(join(folder, 'extension.ts'), source);
  const args = [...STRICT, '--noEmit', '--module', 'preserve', '--types', 'vscode', 'extension.ts'];
  const tsc = join(MODULES, 'typescript/lib/tsc.js');
  return promisify(execFile)(process.execPath, [tsc, ...args], { cwd: folder }).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
}

test('the extension that docs/api.md shows compiles with the published types alone', async () => {
  expect(await compile(apiExample())).toBe('');
});

test('the published types find a wrong use', async () => {
  const wrong = apiExample().replace('concurrency: 2', "concurrency: 'two'");
  expect(await compile(wrong)).toContain("Type 'string' is not assignable to type 'number'");
});
