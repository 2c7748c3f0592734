import { z } from 'zod';

/** Voices that editors offer; an engine has more. */
const VOICES = [
  'af_heart',
  'af_bella',
  'af_nicole',
  'am_michael',
  'am_fenrir',
  'am_puck',
  'bf_emma',
  'bf_isabella',
  'bm_george',
  'bm_fable',
  'slt',
  'rms',
  'awb',
];

/** The options of the built-in step `speak`: its `with` in the batch file. */
export const speakOptions = z.strictObject({
  engine: z
    .enum(['auto', 'kokoro', 'flite', 'openai', 'command'])
    .default('auto')
    .describe(
      'What speaks. `kokoro`: the best voices, English. `flite`: small and fast, English. `openai`: any endpoint that speaks the OpenAI API. `command`: a program of yours. `auto`: the engine chosen in VS Code; without a choice, `kokoro` where it runs, otherwise `flite`; espeak-ng, where it is installed, for other languages than English.',
    ),
  voice: z
    .string()
    .min(1)
    .optional()
    .meta({ examples: VOICES })
    .describe(
      "A voice of the engine: `af_heart`, `am_michael`, `bf_emma` and more for kokoro; `slt`, `rms`, `awb` for flite; the endpoint's own for openai.",
    ),
  speed: z
    .number()
    .min(0.25)
    .max(4)
    .default(1)
    .describe("How fast to speak: 1 is the voice's own speed, 2 twice as fast."),
  language: z
    .string()
    .min(2)
    .default('en')
    .describe(
      'Language of the text, as a code: `en`, `fr`, `pt-BR`. kokoro and flite speak English.',
    ),
  model: z
    .string()
    .min(1)
    .optional()
    .describe(
      'For `kokoro`, `kokoro-fp32` or `kokoro-q8`; otherwise the one that fits in memory. For `openai`, the name that the endpoint gives its model.',
    ),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Address of an endpoint with the OpenAI API, such as http://localhost:8880/v1. Otherwise OPENAI_BASE_URL.',
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
      'For `command`: the program and its arguments. `{textfile}`, `{text}`, `{output}`, `{voice}`, `{language}`, `{speed}` and `{wpm}` (words a minute) are filled in.',
    ),
  threads: z
    .int()
    .positive()
    .optional()
    .describe('Threads that `kokoro` computes with. By default as many as there are cores.'),
  markdown: z
    .union([z.literal('auto'), z.boolean()])
    .default('auto')
    .describe(
      'Whether the text is Markdown, read as a person reads it aloud. `auto`: yes, but for .txt files.',
    ),
  bitrate: z
    .int()
    .min(8)
    .max(320)
    .optional()
    .describe('kbit/s of MP3 (64 when left out) and Ogg files.'),
  pause: z
    .number()
    .min(0)
    .max(10)
    .default(1)
    .describe('Length of the pauses between sentences and paragraphs: 1 is the usual one, 0 none.'),
  live: z
    .boolean()
    .default(false)
    .describe(
      'Lets each sentence be heard as soon as it is spoken, also where the text is there as a whole. A sentence that cannot be spoken is then a gap.',
    ),
  timings: z
    .boolean()
    .default(false)
    .describe(
      'Writes when each sentence is said into two files beside the sound: captions (`.vtt`) and `.json`.',
    ),
});

export type SpeakStepOptions = z.infer<typeof speakOptions>;
