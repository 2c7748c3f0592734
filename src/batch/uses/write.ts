import { z } from 'zod';

/** The options of the built-in step `write`: its `with` in the batch file. */
export const writeOptions = z.strictObject({
  engine: z
    .enum(['auto', 'local', 'openai', 'vscode'])
    .default('auto')
    .describe(
      'What writes. `local`: a GGUF model on this machine. `openai`: any endpoint that speaks the OpenAI API. `vscode`: the language models of VS Code, in a window that is open on the workspace. `auto`: the engine chosen in VS Code; without a choice, `openai` when a baseUrl or a key is set, otherwise `local`.',
    ),
  fallback: z
    .enum(['local', 'openai'])
    .optional()
    .describe(
      'What writes when `vscode` cannot: no window is open, access was refused, the quota is used up. Without it the item fails.',
    ),
  model: z
    .string()
    .min(1)
    .optional()
    .describe(
      'For `local`, a model of the store (`tinyllama`) or the path of a GGUF file. For `openai`, the name that the endpoint gives its model. For `vscode`, `VENDOR/ID` or `VENDOR/FAMILY`, such as `copilot/gpt-4o`.',
    ),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Address of an endpoint with the OpenAI API, such as http://localhost:11434/v1. Otherwise OPENAI_BASE_URL.',
    ),
  words: z
    .int()
    .min(1)
    .max(20_000)
    .default(150)
    .describe('How many words to write, about. The text ends with a whole sentence.'),
  form: z
    .enum(['prose', 'lesson'])
    .default('prose')
    .describe(
      'What to write. `prose`: a text. `lesson`: a lesson on the topic that is the input, in Markdown, with objective, explanation, example, recap and question.',
    ),
  level: z
    .string()
    .min(1)
    .default('beginners')
    .describe('Whom a lesson is for: `beginners`, `pupils of 12`, `nurses`.'),
  language: z
    .string()
    .min(2)
    .default('en')
    .describe('Language of the text, as a code: `en`, `fr`, `pt-BR`.'),
  system: z
    .string()
    .optional()
    .describe('What the model is told before the prompt, in place of the built-in words.'),
  prompt: z
    .string()
    .optional()
    .describe(
      'What the model is asked. `{input}` stands for the text of the item, which is the whole prompt when this is left out.',
    ),
  temperature: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe(
      "How freely words are chosen; 0 always takes the likeliest one. Left out, 0.4 for `local` and the endpoint's own choice for `openai`.",
    ),
  seed: z
    .int()
    .nonnegative()
    .optional()
    .describe('The same seed gives the same text again, as far as the engine can.'),
  maxTokens: z
    .int()
    .positive()
    .optional()
    .describe('Most tokens that a text may take. By default it follows from `words`.'),
  timeout: z
    .number()
    .positive()
    .default(120)
    .describe('Seconds without a word from an endpoint before the item fails.'),
  threads: z
    .int()
    .positive()
    .optional()
    .describe(
      'Threads that `local` computes with. By default one less than the cores: the steps after it need one too.',
    ),
  gpu: z
    .boolean()
    .default(false)
    .describe('Lets `local` use the graphics card, where node-llama-cpp has a build for it.'),
});

export type WriteOptions = z.infer<typeof writeOptions>;
