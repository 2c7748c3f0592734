import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import llamaTokenizer from 'llama-tokenizer-js';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { EngineError } from '../error.ts';
import { likeliest, nextPast, type Past, pastNames } from './decoding.ts';
import {
  HEARING_RATE,
  type Heard,
  type HearOptions,
  type Speech,
  type TranscriptionEngine,
} from './engine.ts';
import { assertMoonshineHears } from './languages.ts';
import { spreadWords } from './words.ts';

const LAYERS = 6;
const HEADS = 8;
const WIDTH = 36;
const FIRST_TOKEN = 1;
const LAST_TOKEN = 2;
/** What its makers let it write at the most; more is the same again and again. */
const TOKENS_PER_SECOND = 6.5;
/** Less than this it cannot take, in seconds. */
const SHORTEST = 0.2;

export interface EngineModel {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
}

/**
 * Moonshine tiny (https://github.com/moonshine-ai/moonshine): English, word by word. It does not say when a word is
 * said.
 */
export async function createMoonshine(
  { path, name, sha256 }: EngineModel,
  threads: number = availableParallelism(),
): Promise<TranscriptionEngine> {
  const open = (file: string) =>
    InferenceSession.create(join(path, file), {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
  const encoder = await open('encoder_model.onnx');
  const decoder = await open('decoder_model_merged.onnx');
  return {
    name: 'moonshine',
    model: { name, sha256 },
    limits: { longest: 15, enough: 3, first: 1, pause: 0.4 },
    timed: false,
    check: assertMoonshineHears,
    async *hear(speech: Speech, { signal }: HearOptions): AsyncGenerator<string, Heard> {
      let text = '';
      for await (const now of tokens(encoder, decoder, speech.samples, signal)) {
        const all = begun(llamaTokenizer.decode(now, true, true).trimStart());
        // The last bytes may be the beginning of a character.
        if (all.endsWith('\ufffd') || !all.startsWith(text)) continue;
        if (all.length > text.length) yield all.slice(text.length);
        text = all;
      }
      text = text.trim();
      return { text, words: spreadWords(text, speech.ranges), language: 'en' };
    },
    async close() {
      await encoder.release();
      await decoder.release();
    },
  };
}

/** A sentence begins behind a question, also where somebody else goes on in small letters. */
function begun(text: string): string {
  return text.replace(/(?<=[?!] )\p{Ll}/gu, (letter) => letter.toUpperCase());
}

/** All tokens so far, each time that there is one more. */
async function* tokens(
  encoder: InferenceSession,
  decoder: InferenceSession,
  samples: Float32Array,
  signal: AbortSignal | undefined,
): AsyncGenerator<number[]> {
  if (samples.length < SHORTEST * HEARING_RATE) return;
  const input = new Tensor('float32', samples, [1, samples.length]);
  const { last_hidden_state: hidden } = await encoder.run({ input_values: input });
  if (!hidden) throw new EngineError('the Moonshine model answered nothing', { retry: false });
  const names = pastNames(LAYERS);
  let past: Past = Object.fromEntries(
    names.map((name) => [
      `past_key_values.${name}`,
      new Tensor('float32', new Float32Array(0), [0, HEADS, 1, WIDTH]),
    ]),
  );
  let token = FIRST_TOKEN;
  const found = [token];
  const most = Math.ceil((samples.length / HEARING_RATE) * TOKENS_PER_SECOND);
  while (found.length <= most) {
    signal?.throwIfAborted();
    const out = await decoder.run({
      input_ids: new Tensor('int64', BigInt64Array.of(BigInt(token)), [1, 1]),
      encoder_hidden_states: hidden,
      use_cache_branch: new Tensor('bool', [found.length > 1], [1]),
      ...past,
    });
    token = likeliest(out['logits']);
    if (token === LAST_TOKEN) return;
    found.push(token);
    past = nextPast(names, past, out);
    yield found;
  }
}
