import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { parseBatch } from '../../../src/batch/parse.ts';
import { PLACEHOLDERS } from '../../../src/batch/placeholders.ts';
import { batchJsonSchema, batchSchema } from '../../../src/batch/schema.ts';
import { BUILT_IN_STEPS } from '../../../src/batch/uses.ts';

const PAGE = readFileSync(
  fileURLToPath(new URL('../../../docs/batch-file.md', import.meta.url)),
  'utf8',
);

/** The first column of the table under a heading. */
function keysUnder(heading: string): string[] {
  const [, rest = ''] = PAGE.split(`${heading}\n`);
  const [section = ''] = rest.split(/^##/m);
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
}

type Json = z.core.JSONSchema.JSONSchema;
const schema = batchJsonSchema() as Json & { readonly properties: Record<string, Json> };

function inputKeys(): string[] {
  const map = schema.properties['inputs']?.anyOf?.find((one) => 'properties' in (one as Json));
  return Object.keys((map as Json).properties ?? {});
}

describe('docs/batch-file.md has every key, and no other', () => {
  test.for([
    ['## Keys', Object.keys(batchSchema.shape)],
    ['## Inputs', inputKeys()],
    ['## Steps', Object.keys(batchSchema.shape.steps.element.shape)],
    ['### Options of `write`', Object.keys(BUILT_IN_STEPS.write.shape)],
    ['### Options of `speak`', Object.keys(BUILT_IN_STEPS.speak.shape)],
    ['### Options of `transcribe`', Object.keys(BUILT_IN_STEPS.transcribe.shape)],
    ['### Options of `translate`', Object.keys(BUILT_IN_STEPS.translate.shape)],
    ['### Options of `entities`', Object.keys(BUILT_IN_STEPS.entities.shape)],
    ['### Options of `classify`', Object.keys(BUILT_IN_STEPS.classify.shape)],
    ['### Options of `summarise`', Object.keys(BUILT_IN_STEPS.summarise.shape)],
    ['### Options of `insights`', Object.keys(BUILT_IN_STEPS.insights.shape)],
    ['### Options of `report`', Object.keys(BUILT_IN_STEPS.report.shape)],
    ['## Placeholders', [...PLACEHOLDERS.map((name) => `{${name}}`), '{row.COLUMN}']],
  ] as const)('under %s', ([heading, keys]) => {
    expect(keysUnder(heading)).toEqual(keys);
  });
});

test('its examples can be run', () => {
  const examples = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(parseBatch(example, 'page').problems).toEqual([]);
});
