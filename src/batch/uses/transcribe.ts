import { z } from 'zod';

/** The options of the built-in step `transcribe`: its `with` in the batch file. */
export const transcribeOptions = z.strictObject({
  engine: z
    .enum(['auto', 'moonshine', 'whisper', 'openai', 'command'])
    .default('auto')
    .describe(
      'What writes it down. `moonshine`: English, fast, word by word. `whisper`: about 100 languages, with the times of words. `openai`: any endpoint with the OpenAI API. `command`: a program of yours. `auto`: `moonshine` where `language` is English, otherwise `whisper`.',
    ),
  language: z
    .string()
    .min(2)
    .optional()
    .describe(
      'Language of the recording, as a code: `en`, `fr`, `pt-BR`. Left out, it is found out by `whisper`.',
    ),
  model: z
    .string()
    .min(1)
    .optional()
    .meta({ examples: ['whisper-tiny', 'whisper-base', 'whisper-small'] })
    .describe(
      'For `whisper`, `whisper-tiny`, `whisper-base` (when left out) or `whisper-small`: the larger, the better and the slower. For `openai`, the name that the endpoint gives its model.',
    ),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Address of an endpoint with the OpenAI API, such as http://localhost:8000/v1. Otherwise OPENAI_BASE_URL.',
    ),
  timeout: z
    .number()
    .positive()
    .default(120)
    .describe('Seconds until an endpoint must have answered.'),
  command: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'For `command`: the program and its arguments. `{input}` (a WAV file, 16 kHz, mono), `{output}` and `{language}` are filled in. It writes text, SRT or WebVTT.',
    ),
  threads: z
    .int()
    .positive()
    .optional()
    .describe('Threads to compute with. By default as many as there are cores.'),
});

export type TranscribeOptions = z.infer<typeof transcribeOptions>;
