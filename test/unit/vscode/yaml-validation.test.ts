import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { batchJsonSchema } from '../../../src/batch/schema.ts';
import { BATCH_ENDING } from '../../../src/vscode/diagnostics.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

test('the YAML extension is given the schema of batch files, as it is built', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const [{ fileMatch, url }, ...others] = manifest.contributes.yamlValidation;
  expect(others).toEqual([]);
  expect(fileMatch).toBe(`*${BATCH_ENDING}`);
  expect(url).toBe(`./dist/${basename(url)}`);
  const dist = process.env['SLUICE_DIST'] ?? join(ROOT, 'dist');
  const built: unknown = JSON.parse(readFileSync(join(dist, basename(url)), 'utf8'));
  expect(built).toEqual(JSON.parse(JSON.stringify(batchJsonSchema())));
});
