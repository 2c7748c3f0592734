import { z } from 'zod';
import { slug } from '../batch/placeholders.ts';
import { newMark, type OwnBatch } from './starter.ts';

/** A name or a code: nothing that a batch file could take for a placeholder or a path. */
export const word = z
  .string()
  .regex(/^[\w.+-]{1,64}$/, 'must be a name of letters, digits, `.`, `_`, `+` and `-`');
const phrase = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^{}\n\r]*$/, 'must be one line without braces');

/** What is asked of the step `write`: of its options, those that name no file, program or endpoint. */
export const writing = z.object({
  words: z.int().min(1).max(20_000).optional().describe('How many words to write, about.'),
  language: word.optional().describe('Language of the text, as a code: `en`, `fr`.'),
  level: phrase.optional().describe('Whom a lesson is for: `beginners`, `pupils of 12`.'),
  form: z.enum(['prose', 'lesson']).optional().describe('A text, or a lesson in Markdown.'),
});

/** What is asked of the step `speak`. */
export const speaking = z.object({
  voice: word.optional().describe('A voice of the engine, such as `af_heart` or `slt`.'),
  speed: z.number().min(0.25).max(4).optional(),
  language: word.optional(),
});

const soundFormat = z.enum(['mp3', 'wav', 'ogg', 'flac']);

/** The longest prompt, in characters, and the most of them. */
export const prompt = z.string().trim().min(1).max(20_000);
const MOST = 1000;

/** Prompts that become texts, sounds, or both. */
export const promptsSchema = z
  .object({
    prompts: z.array(prompt).min(1).max(MOST),
    name: phrase.optional().describe('What to call the run.'),
    write: z
      .union([z.boolean(), writing])
      .default(true)
      .describe('Write a text from each prompt; otherwise the prompts are spoken as they are.'),
    speak: z.union([z.boolean(), speaking]).default(true).describe('Speak the texts.'),
    format: soundFormat.default('mp3').describe('Of the sounds.'),
    concurrency: z.int().min(1).max(16).default(2).describe('Items under way at once.'),
  })
  .refine(({ write, speak }) => write !== false || speak !== false, {
    message: 'needs `write` or `speak`',
  });

export type PromptsRequest = z.output<typeof promptsSchema>;

/** The batch that prompts become; its results have a folder of their own. */
export function promptsBatch(request: PromptsRequest): OwnBatch {
  const { prompts, write, speak, format, concurrency, name = nameOf(prompts) } = request;
  const folder = `out/${slug(name)}-${newMark()}`;
  const text = { output: `${folder}/{index:3}-{slug}.md` };
  return {
    name,
    batch: {
      inputs: prompts,
      steps: [
        ...(write === false
          ? []
          : [
              {
                uses: 'write',
                with: write === true ? {} : write,
                ...(speak === false ? {} : text),
              },
            ]),
        ...(speak === false ? [] : [{ uses: 'speak', with: speak === true ? {} : speak }]),
      ],
      output: speak === false ? text.output : `${folder}/{index:3}-{slug}.${format}`,
      concurrency,
    },
  };
}

/** The beginning of the first prompt. */
function nameOf([first = 'Prompts']: readonly string[]): string {
  const line = first.replace(/[{}\s]+/g, ' ').trim();
  return line.length <= 48 ? line || 'Prompts' : `${line.slice(0, 48).replace(/\s\S*$/, '')}…`;
}
