import { z } from 'zod';
import { languageOption, textEngineOptions } from './text-engine.ts';

/** The options of the built-in step `translate`. */
export const translateOptions = z.strictObject({
  to: z.string().min(2).describe('Language to translate to, as a code: `es`, `fr`.'),
  engine: z
    .enum(['auto', 'apertium', 'text'])
    .default('auto')
    .describe(
      'What translates. `apertium`: that program, where it is installed with the pair of languages. `text`: a language model. `auto`: apertium where it has the pair, otherwise the language model.',
    ),
  language: languageOption,
  ...textEngineOptions,
});
