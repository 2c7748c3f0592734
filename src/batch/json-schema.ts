import { z } from 'zod';
import { BUILT_IN_STEPS, type BuiltInStep, STEP_DESCRIPTIONS } from './uses.ts';

/** As much of JSON schema (draft 2020-12) as the batch file needs. */
export interface JsonSchema {
  type?: string | string[];
  /** What a value of this form is called, where its type says too little. */
  title?: string;
  description?: string;
  default?: unknown;
  examples?: readonly unknown[];
  const?: unknown;
  enum?: readonly unknown[];
  /** What each value of `enum` means; editors show it. */
  enumDescriptions?: readonly string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  format?: string;
  pattern?: string;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  required?: readonly string[];
  items?: JsonSchema;
  anyOf?: readonly JsonSchema[];
}

/** The input form of a zod schema. */
export function toJsonSchema(
  schema: z.ZodType,
  override?: (of: z.core.$ZodType, json: JsonSchema) => JsonSchema,
): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const other = override?.(zodSchema, jsonSchema as JsonSchema);
      if (other === undefined || other === jsonSchema) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof typeof jsonSchema];
      Object.assign(jsonSchema, other);
    },
  }) as JsonSchema;
}

/** One form for each built-in step, with its own options, and one for any program. */
export function stepForms(step: JsonSchema): JsonSchema {
  const { uses = {}, ...ofProgram } = step.properties ?? {};
  const { run: _, shell: __, warm: ___, pty: ____, with: given = {}, ...ofAny } = ofProgram;
  const builtIn = Object.entries(BUILT_IN_STEPS).map(([name, options]): JsonSchema => {
    const description = STEP_DESCRIPTIONS[name as BuiltInStep];
    return {
      type: 'object',
      description,
      properties: {
        uses: { ...uses, enum: [name], enumDescriptions: [description] },
        with: { ...withPlaceholders(toJsonSchema(options)), description: given.description ?? '' },
        ...ofAny,
      },
      required: ['uses'],
      additionalProperties: false,
    };
  });
  const program: JsonSchema = {
    type: 'object',
    description: 'Any program.',
    properties: ofProgram,
    required: ['run'],
    additionalProperties: false,
  };
  return { anyOf: [...builtIn, program] };
}

/** An option that is no free text may also be a text with a placeholder, such as `"{row.words}"`. */
function withPlaceholders({
  $schema: _,
  ...options
}: JsonSchema & { $schema?: string }): JsonSchema {
  const properties = Object.entries(options.properties ?? {}).map(([name, option]) => {
    const { description, default: usual, examples, anyOf, ...form } = option;
    if (form.type === 'array' || (form.type === 'string' && !form.enum && !form.format)) {
      return [name, option] as const;
    }
    const placeholder: JsonSchema = { type: 'string', pattern: '\\{.+\\}', title: 'placeholder' };
    const other: JsonSchema = {
      ...(description === undefined ? {} : { description }),
      ...(usual === undefined ? {} : { default: usual }),
      ...(examples === undefined ? {} : { examples }),
      anyOf: [...(anyOf ?? [form]), placeholder],
    };
    return [name, other] as const;
  });
  return { ...options, properties: Object.fromEntries(properties) };
}
