import type { JsonSchema } from './json-schema.ts';

/** What a person wants to know of a key and its value. */
export interface Facts {
  /** Markdown of our own. */
  readonly description?: string;
  /** Forms of value that are not in `values`. */
  readonly forms: readonly Form[];
  /** Every value, where only some are allowed; and examples of others. */
  readonly values: readonly Value[];
  readonly examples: readonly unknown[];
  readonly default?: unknown;
}

export interface Form {
  readonly type: 'string' | 'number' | 'integer' | 'array' | 'object';
  /** What the form is called, where its type says too little. */
  readonly title?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Value {
  readonly value: unknown;
  readonly description?: string;
}

/** What the schemas of one place say together. */
export function factsOf(schemas: readonly JsonSchema[]): Facts {
  const all = schemas.flatMap((schema) => [schema, ...(schema.anyOf ?? [])]);
  const description = all.find((one) => one.description !== undefined)?.description;
  const usual = all.find((one) => one.default !== undefined)?.default;
  return {
    ...(description === undefined ? {} : { description }),
    ...(usual === undefined ? {} : { default: usual }),
    forms: unique(all.flatMap(formsIn)),
    values: unique(all.flatMap(valuesIn)),
    examples: unique(all.flatMap(({ examples = [] }) => examples)),
  };
}

function formsIn(schema: JsonSchema): Form[] {
  if (schema.enum !== undefined || schema.const !== undefined) return [];
  const { title, minimum, maximum } = schema;
  return [schema.type ?? []].flat().flatMap((type) =>
    type === 'boolean' || type === 'null'
      ? []
      : [
          {
            type: type as Form['type'],
            ...(title === undefined ? {} : { title }),
            ...(minimum === undefined ? {} : { minimum }),
            // What no number can exceed is no limit.
            ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? {} : { maximum }),
          },
        ],
  );
}

function valuesIn(schema: JsonSchema): Value[] {
  if (schema.const !== undefined) return [{ value: schema.const }];
  if (schema.type === 'boolean') return [{ value: true }, { value: false }];
  return (schema.enum ?? []).map((value, index) => {
    const description = schema.enumDescriptions?.[index];
    return { value, ...(description === undefined ? {} : { description }) };
  });
}

function unique<T>(values: readonly T[]): T[] {
  const seen = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...seen.values()];
}
