import { z } from 'zod';
import { srtOf, webVttOf } from '../sound/captions.ts';
import { cuesOf } from '../transcription/cues.ts';
import { type Segment, textOf } from '../transcription/transcript.ts';
import { spreadWords } from '../transcription/words.ts';

const place = z.object({
  from: z.int(),
  to: z.int(),
  start: z.number().optional(),
  end: z.number().optional(),
});

/** `translation.json`: see docs/recordings.md. */
export const translationFile = z.object({
  version: z.literal(1),
  language: z.string(),
  /** Language that it was translated from. */
  from: z.string(),
  engine: z.string(),
  model: z.string().optional(),
  segments: z.array(
    place.extend({ text: z.string(), source: z.string(), paragraph: z.boolean().optional() }),
  ),
});

/** A translated text: its sentences, each with the one that it stands for, and its place. */
export type Translation = z.infer<typeof translationFile>;

/** The files of a translation, by their endings; captions only where the times are known. */
export const TRANSLATION_FORMS: Readonly<
  Record<string, (translation: Translation) => string | undefined>
> = {
  '.json': (translation) => `${JSON.stringify(translation, undefined, 1)}\n`,
  '.txt': ({ segments }) => `${textOf(segments).text}\n`,
  '.srt': (translation) => captions(translation, srtOf),
  '.vtt': (translation) => captions(translation, webVttOf),
};

function captions(
  { segments }: Translation,
  write: (cues: ReturnType<typeof cuesOf>) => string,
): string | undefined {
  const timed = segments.flatMap(({ start, end, text }): Segment[] =>
    start === undefined || end === undefined
      ? []
      : [{ start, end, text, words: spreadWords(text, [{ start, end }]) }],
  );
  return timed.length === 0 ? undefined : write(cuesOf(timed));
}
