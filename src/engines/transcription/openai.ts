import { APIError, type OpenAI, toFile } from 'openai';
import { z } from 'zod';
import { findEndpoint, isConfigured } from '../endpoint/endpoint.ts';
import { explainOpenAi } from '../endpoint/error.ts';
import { openAiClient } from '../endpoint/models.ts';
import { EngineError } from '../error.ts';
import { wavBytes } from '../sound/wav.ts';
import {
  HEARING_RATE,
  type Heard,
  type HearOptions,
  type Speech,
  type TranscriptionEngine,
  type Word,
} from './engine.ts';
import { spreadWords } from './words.ts';

export interface OpenAiTranscriptionOptions {
  /** Otherwise OPENAI_BASE_URL, otherwise OpenAI's own. */
  readonly baseUrl?: string | undefined;
  /** Name of the endpoint's model. */
  readonly model?: string | undefined;
  /** Seconds until an answer must be there. */
  readonly timeout?: number | undefined;
  /** Where the key and the address are looked up; `process.env` when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const answer = z.object({
  text: z.string(),
  language: z.string().optional(),
  words: z.array(z.object({ word: z.string(), start: z.number(), end: z.number() })).optional(),
});
type Answer = z.infer<typeof answer>;
type Params = OpenAI.Audio.TranscriptionCreateParamsNonStreaming;

/**
 * Any endpoint with OpenAI's `POST /audio/transcriptions`
 * (https://platform.openai.com/docs/api-reference/audio/createTranscription). It is asked for the times of words; one
 * that refuses to tell them is asked for the text alone from then on. Throws an `EngineError` when there is no key and
 * the address is OpenAI's own.
 */
export function createOpenAiTranscription(
  options: OpenAiTranscriptionOptions = {},
): TranscriptionEngine {
  const endpoint = findEndpoint(options.baseUrl, options.env ?? process.env);
  const timeout = (options.timeout ?? 120) * 1000;
  if (!isConfigured(endpoint)) {
    throw new EngineError('there is no key for the OpenAI API', {
      hint: 'Set OPENAI_API_KEY, or `baseUrl` to an endpoint of your own.',
      retry: false,
    });
  }
  const model = options.model ?? 'whisper-1';
  const client = openAiClient(endpoint, timeout);
  let timed = true;

  async function request(speech: Speech, { language, signal }: HearOptions): Promise<Answer> {
    const file = await toFile(await wavBytes(speech.samples, HEARING_RATE), 'speech.wav', {
      type: 'audio/wav',
    });
    const form: Partial<Params> = timed
      ? { response_format: 'verbose_json', timestamp_granularities: ['word'] }
      : { response_format: 'json' };
    const code = language?.split('-')[0];
    const body = { file, model, ...form, ...(code === undefined ? {} : { language: code }) };
    const got: unknown = await client.audio.transcriptions.create(
      body as Params,
      signal ? { signal } : {},
    );
    const parsed = answer.safeParse(got);
    if (parsed.success) return parsed.data;
    throw new EngineError('the endpoint answered no transcript', { retry: false });
  }

  async function ask(speech: Speech, hear: HearOptions): Promise<Answer> {
    try {
      return await request(speech, hear);
    } catch (error) {
      hear.signal?.throwIfAborted();
      const refused = error instanceof APIError && (error.status === 400 || error.status === 422);
      if (!timed || !refused) throw explainOpenAi(error, endpoint, timeout);
      timed = false;
    }
    try {
      return await request(speech, hear);
    } catch (error) {
      hear.signal?.throwIfAborted();
      throw explainOpenAi(error, endpoint, timeout);
    }
  }

  return {
    name: 'openai',
    model: { name: model },
    limits: { longest: 60, enough: 30, first: 3, pause: 2 },
    get timed() {
      return timed;
    },
    check() {},
    async *hear(speech, hear): AsyncGenerator<string, Heard> {
      const { text: said, language, words = [] } = await ask(speech, hear);
      const text = said.replace(/\s+/g, ' ').trim();
      yield text;
      const heard = words.map(
        ({ word, start, end }): Word => ({
          text: word.trim(),
          start: speech.start + start,
          end: speech.start + end,
        }),
      );
      return {
        text,
        words: heard.length > 0 ? punctuated(text, heard) : spreadWords(text, speech.ranges),
        language: hear.language ?? codeOf(language),
      };
    },
    async close() {},
  };
}

/** Endpoints tell words without the punctuation that stands in the text. */
function punctuated(text: string, words: readonly Word[]): readonly Word[] {
  const written = text.split(' ');
  if (written.length !== words.length) return words;
  return words.map((word, index) => ({ ...word, text: written[index] ?? word.text }));
}

const ENGLISH_NAMES = new Intl.DisplayNames('en', { type: 'language' });
const CODES =
  'ar bg ca cs da de el en es et fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru sk sl sr sv th tr uk ur vi zh';

/** Endpoints say the language as a code or in English. */
function codeOf(language: string | undefined): string {
  if (language === undefined || language === '') return 'und';
  if (/^[a-z]{2,3}$/.test(language)) return language;
  const name = language.toLowerCase();
  return CODES.split(' ').find((code) => ENGLISH_NAMES.of(code)?.toLowerCase() === name) ?? 'und';
}
