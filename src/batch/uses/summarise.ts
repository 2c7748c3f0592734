import { z } from 'zod';
import { languageOption, textEngineOptions } from './text-engine.ts';

/** The options of the built-in step `summarise`. */
export const summariseOptions = z.strictObject({
  engine: z
    .enum(['extractive', 'text'])
    .default('extractive')
    .describe(
      'What summarises. `extractive`: the sentences that say most of what the others say, as they are. `text`: a language model, in its own words.',
    ),
  sentences: z
    .int()
    .min(1)
    .max(50)
    .default(5)
    .describe('How many sentences the summary has; about as many with `text`.'),
  language: languageOption,
  ...textEngineOptions,
});

export type SummariseOptions = z.infer<typeof summariseOptions>;
