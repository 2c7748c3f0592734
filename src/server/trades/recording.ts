import { basename } from 'node:path';
import { z } from 'zod';
import { slug } from '../../batch/placeholders.ts';
import { canFind, FINDINGS, recordingBatch } from '../../batch/recording.ts';
import { badRequest, RequestError } from '../errors.ts';
import { word } from '../prompts.ts';
import { newMark, type OwnBatch } from '../starter.ts';
import type { Upload } from '../uploads.ts';

/** What a recording is sorted by where the client names nothing. */
const LABELS = [
  'business',
  'technology',
  'science',
  'health',
  'education',
  'politics',
  'sport',
  'arts',
  'travel',
  'family',
] as const;
const MOST_LABELS = 50;
const FOUND_OUT = 'auto';

/** A field of a form that is said with a tick, as the libraries of many languages write it. */
const tick = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', '1', 'on', 'yes', 'false', '0', 'off', 'no', '']))
  .transform((said) => ['true', '1', 'on', 'yes'].includes(said));

/** The fields beside the recording. Others, which clients may send, mean nothing here. */
export const recordingForm = z.object({
  language: word.default('en').describe('As a code; `auto` to find it out.'),
  include_translation: tick.default(false),
  translate_to: word
    .optional()
    .describe('As a code. Spanish for an English recording, otherwise English.'),
  include_insights: tick.default(true),
  labels: z
    .string()
    .max(2000)
    .regex(/^[^{}\n\r]*$/, 'must be one line without braces')
    .transform((line) => [...new Set(line.split(',').map((one) => one.trim()))])
    .transform((all) => all.filter((one) => one !== '').slice(0, MOST_LABELS))
    .optional()
    .describe('What to sort it by, with commas between them.'),
});

/** The batch of a recording that a client sent. Throws a RequestError for what is wrong in its form. */
export function recordingRequest({ path, fields }: Upload): OwnBatch {
  const checked = recordingForm.safeParse(fields, { reportInput: true });
  if (!checked.success) throw badRequest('form', checked.error);
  const { language, include_translation, translate_to, include_insights, labels } = checked.data;
  const foundOut = language === FOUND_OUT;
  if (include_translation && translate_to === undefined && foundOut) {
    throw new RequestError(
      400,
      'form: it is not known which language to translate to.',
      'Set `translate_to`, or `language`.',
    );
  }
  const spoken = foundOut ? '' : language;
  if (labels !== undefined && labels.length > 0 && !canFind('classify', spoken)) {
    throw new RequestError(
      400,
      'form: only what is said in English is sorted by labels.',
      'Leave `labels` out.',
    );
  }
  const other = /^en\b/i.test(language) ? 'es' : 'en';
  const name = basename(path).replace(/\.\w+$/, '');
  const { name: _, ...batch } = recordingBatch({
    name: 'recordings',
    files: path,
    result: `${slug(name)}-${newMark()}`,
    language: spoken,
    translateTo: include_translation ? (translate_to ?? other) : '',
    labels: labels === undefined || labels.length === 0 ? LABELS : labels,
    findings: FINDINGS.filter((one) => one !== 'insights' || include_insights),
    passing: true,
  });
  return { name: `Recording ${name}`, batch };
}
