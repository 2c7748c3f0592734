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
    { ...good, steps: [{ uses: 'write', run: ['x'] }] },
    { ...good, steps: [{ uses: 'write', warm: true }] },
    { inputs: ['a'] },
  ])('refuses %j', (batch) => {
    expect(fromJson.safeParse(batch).success).toBe(false);
    expect(batchSchema.safeParse(batch).success).toBe(false);
  });

  test('knows the options of built-in steps, which may be placeholders', () => {
    const takes = (uses: string, options: object): boolean =>
      fromJson.safeParse({ ...good, steps: [{ uses, with: options }] }).success;
    expect(takes('write', { words: 100, engine: 'local' })).toBe(true);
    expect(takes('write', { words: '{row.words}', engine: '{row.engine}' })).toBe(true);
    expect(takes('write', { words: 'many' })).toBe(false);
    expect(takes('write', { voice: 'slt' })).toBe(false);
    expect(takes('speak', { voice: 'slt', speed: 1.5, markdown: 'auto' })).toBe(true);
    expect(takes('speak', { speed: 'fast' })).toBe(false);
  });

  test('asks for what has no default, and describes every key', () => {
    expect(schema.required).toEqual(['inputs', 'steps']);
    const steps = schema.properties['steps'] as Json;
    const forms = (steps.items as Json).anyOf as { properties: Record<string, Json> }[];
    expect(forms.length).toBe(Object.keys(BUILT_IN_STEPS).length + 1);
    const maps = [...forms, ...forms.map((form) => form.properties['with'] as Json)];
    for (const { properties = {} } of [schema, ...maps]) {
      for (const [key, value] of Object.entries(properties as Record<string, Json>)) {
        expect(value.description, key).toMatch(/^\S.*\.$/);
      }
    }
  });

  test.for(Object.entries(BUILT_IN_STEPS))('every option of %s is described', ([, options]) => {
    for (const [key, value] of Object.entries(options.shape)) {
      expect((value as z.ZodType).description, key).toMatch(/^\S.*\.$/);
    }
  });
});
