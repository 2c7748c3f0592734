import { z } from 'zod';
import { languageOption } from './text-engine.ts';

/** The options of the built-in step `classify`. */
export const classifyOptions = z.strictObject({
  labels: z
    .union([z.array(z.string().min(1)).min(1), z.record(z.string().min(1), z.string().min(1))])
    .describe(
      'What the text may be about: a list of labels, or a map of labels to what each of them means in a sentence.',
    ),
  language: languageOption,
});

export type ClassifyOptions = z.infer<typeof classifyOptions>;
