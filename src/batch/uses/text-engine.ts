import { z } from 'zod';

/** Options that a step has for a language model, where it may use one. */
export const textEngineOptions = {
  textEngine: z
    .enum(['auto', 'local', 'openai', 'vscode'])
    .default('auto')
    .describe('Which language model `engine: text` uses: as `engine` of the step `write`.'),
  model: z.string().min(1).optional().describe('Its model: as `model` of the step `write`.'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of an endpoint with the OpenAI API. Otherwise OPENAI_BASE_URL.'),
  timeout: z
    .number()
    .positive()
    .default(120)
    .describe('Seconds without a word from an endpoint before the item fails.'),
} as const;

/** Language of the text that a step reads. */
export const languageOption = z
  .string()
  .min(2)
  .optional()
  .describe('Language of the text, as a code. Left out, as the transcript says it, or found out.');
