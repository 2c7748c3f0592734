import { z } from 'zod';
import { languageOption } from './text-engine.ts';

/** The kinds of entities that are told apart. */
const ENTITY_TYPES = [
  'person',
  'place',
  'organisation',
  'date',
  'time',
  'duration',
  'money',
  'percent',
  'number',
  'email',
  'url',
] as const;

/** The options of the built-in step `entities`. */
export const entitiesOptions = z.strictObject({
  types: z
    .array(z.enum(ENTITY_TYPES))
    .min(1)
    .optional()
    .describe('Which kinds to look for; all of them when left out.'),
  language: languageOption,
});

export type EntitiesOptions = z.infer<typeof entitiesOptions>;
