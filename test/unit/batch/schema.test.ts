import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { planBatch } from '../../../src/batch/expand.ts';
import { batchJsonSchema, batchSchema } from '../../../src/batch/schema.ts';
import { BUILT_IN_STEPS } from '../../../src/batch/uses.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const EXAMPLES = globSync('examples/**/*.batch.yaml', { cwd: ROOT });

type Json = z.core.JSONSchema.JSONSchema;
const schema = batchJsonSchema() as Json & { readonly properties: Record<string, Json> };
/** What an editor would check by. */
const fromJson = z.fromJSONSchema(schema);

describe('the examples', () => {
  test('are there', () => {
    expect(EXAMPLES.length).toBeGreaterThan(3);
  });

  test.for(EXAMPLES)('%s can be run, and is valid for an editor', async (name) => {
    const { items } = await planBatch(join(ROOT, name), join(ROOT, 'examples'));
    expect(items.length).toBeGreaterThan(0);
    const content: unknown = parse(readFileSync(join(ROOT, name), 'utf8'));
    expect(fromJson.safeParse(content).error?.issues).toBeUndefined();
  });
});

describe('the JSON schema', () => {
  const good = { inputs: ['a'], steps: [{ run: ['x'] }] };

  test('takes a small batch, and durations in every form', () => {
    for (const timeout of [90, '90s', '1.5h']) {
      expect(fromJson.safeParse({ ...good, timeout }).success).toBe(true);
    }
  });

  test.for([
    { ...good, concurency: 2 },
    { ...good, concurrency: 0 },
    { ...good, steps: [] },
    { ...good, steps: [{ run: ['x'], outptu: 'y' }] },
    { ...good, inputs: { lnies: 'p.txt' } },
    { ...good, timeout: '5 minutes' },
    { inputs: ['a'] },
  ])('refuses %j', (batch) => {
    expect(fromJson.safeParse(batch).success).toBe(false);
    expect(batchSchema.safeParse(batch).success).toBe(false);
  });

  test('asks for what has no default, and describes every key', () => {
    expect(schema.required).toEqual(['inputs', 'steps']);
    const { steps } = schema.properties;
    const step = steps?.items as { properties: Record<string, Json> };
    for (const properties of [schema.properties, step.properties]) {
      for (const [key, value] of Object.entries(properties)) {
        expect(value.description, key).toMatch(/^[A-Z`].*\.$/);
      }
    }
  });

  test.for(Object.entries(BUILT_IN_STEPS))('every option of %s is described', ([, options]) => {
    for (const [key, value] of Object.entries(options.shape)) {
      expect((value as z.ZodType).description, key).toMatch(/^\S.*\.$/);
    }
  });
});
