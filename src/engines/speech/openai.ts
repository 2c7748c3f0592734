import { findEndpoint, isConfigured } from '../endpoint/endpoint.ts';
import { explainOpenAi } from '../endpoint/error.ts';
import { openAiClient } from '../endpoint/models.ts';
import { EngineError } from '../error.ts';
import { boundLength } from '../language/bound.ts';
import { decodeSound } from '../sound/decode.ts';
import type { SpeakOptions, SpeechChunk, SpeechEngine } from './engine.ts';

/** The API takes 4096 characters. */
const LONGEST = 4000;

export interface OpenAiSpeechOptions {
  /** Otherwise OPENAI_BASE_URL, otherwise OpenAI's own. */
  readonly baseUrl?: string | undefined;
  /** Name of the endpoint's model. */
  readonly model?: string | undefined;
  /** Seconds until an answer must be there. */
  readonly timeout?: number | undefined;
  /** Where the key and the address are looked up; `process.env` when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Any endpoint with OpenAI's `POST /audio/speech`
 * (https://platform.openai.com/docs/api-reference/audio/createSpeech). Keys come as
 * `findEndpoint` says. Throws an `EngineError` when there is none and the address is OpenAI's own.
 */
export function createOpenAiSpeech(options: OpenAiSpeechOptions = {}): SpeechEngine {
  const endpoint = findEndpoint(options.baseUrl, options.env ?? process.env);
  const timeout = (options.timeout ?? 120) * 1000;
  if (!isConfigured(endpoint)) {
    throw new EngineError('there is no key for the OpenAI API', {
      hint: 'Set OPENAI_API_KEY, or `baseUrl` to an endpoint of your own.',
      retry: false,
    });
  }
  const model = options.model ?? 'tts-1';
  const client = openAiClient(endpoint, timeout);

  async function request(input: string, speak: SpeakOptions): Promise<Uint8Array> {
    try {
      const response = await client.audio.speech.create(
        {
          input,
          model,
          voice: speak.voice ?? 'alloy',
          response_format: 'wav',
          ...(speak.speed !== undefined && { speed: speak.speed }),
        },
        speak.signal ? { signal: speak.signal } : {},
      );
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      speak.signal?.throwIfAborted();
      throw explainOpenAi(error, endpoint, timeout);
    }
  }

  return {
    name: 'openai',
    model: { name: model },
    takes: { text: 'written', unit: 'paragraph' },
    concurrency: 4,
    async *speak(text, speak = {}): AsyncGenerator<SpeechChunk> {
      for (const piece of boundLength(text, LONGEST)) {
        speak.signal?.throwIfAborted();
        yield { ...(await decodeSound(await request(piece, speak))), text: piece };
      }
    },
    async close() {},
  };
}
