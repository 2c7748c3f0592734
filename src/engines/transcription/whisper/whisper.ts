import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { EngineError } from '../../error.ts';
import { likeliest, nextPast, type Past, pastNames } from '../decoding.ts';
import type { Heard, HearOptions, Range, Speech, TranscriptionEngine, Word } from '../engine.ts';
import { assertWhisperKnows, whisperCode } from '../languages.ts';
import type { EngineModel } from '../moonshine.ts';
import { UNSPACED } from '../words.ts';
import { type Attention, beginnings } from './align.ts';
import { FRAMES, HEARD_SECONDS, logMel, MELS } from './mel.ts';
import { nextToken, type Suppressed } from './next-token.ts';
import { Vocabulary } from './vocabulary.ts';

/** Seconds of a frame of the decoder's attention. */
const FRAME_SECONDS = 0.02;
const HEAD_WIDTH = 64;
/** Frames before the end of a sound in which no other sentence begins. */
const END = 20;
/** Tokens that a stretch may have, and a second of it: what is more is the same again and again. */
const MOST_TOKENS = 224;
const TOKENS_PER_SECOND = 12;

const generationFile = z.object({
  alignment_heads: z.array(z.tuple([z.int(), z.int()])).min(1),
  begin_suppress_tokens: z.array(z.int()),
  suppress_tokens: z.array(z.int()),
});
const configFile = z.object({
  decoder_layers: z.int(),
  decoder_attention_heads: z.int(),
});

interface Whisper {
  readonly encoder: InferenceSession;
  readonly decoder: InferenceSession;
  readonly vocabulary: Vocabulary;
  readonly layers: number;
  readonly heads: number;
  /** The heads that look where the words are said: layer, number. */
  readonly alignment: readonly (readonly [number, number])[];
  readonly suppressed: Suppressed;
}

/**
 * Whisper (https://github.com/openai/whisper) as ONNX: about 100 languages, found out by the first stretch, with the
 * times of the words by the decoder's attention. It chooses the likeliest token each time; there is no beam.
 */
export async function createWhisper(
  { path, name, sha256 }: EngineModel,
  threads: number = availableParallelism(),
): Promise<TranscriptionEngine> {
  const model = await load(path, threads);
  return {
    name: 'whisper',
    model: { name, sha256 },
    // The encoder always works on 30 s: what is shorter costs as much. Over longer pauses it would be four times as fast
    // on a meeting with 1.5 s between any two lines, with 2.6 % word errors instead of 0.7 %.
    limits: { longest: 28, enough: 20, first: 3, pause: 1 },
    timed: true,
    check: assertWhisperKnows,
    hear: (speech, options) => hear(model, speech, options),
    async close() {
      await model.encoder.release();
      await model.decoder.release();
    },
  };
}

async function load(path: string, threads: number): Promise<Whisper> {
  const json = async <T>(file: string, schema: z.ZodType<T>): Promise<T> =>
    schema.parse(JSON.parse(await readFile(join(path, file), 'utf8')));
  const open = (file: string) =>
    InferenceSession.create(join(path, file), {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
  const generation = await json('generation_config.json', generationFile);
  const config = await json('config.json', configFile);
  return {
    encoder: await open('encoder_model.onnx'),
    decoder: await open('decoder_model_merged.onnx'),
    vocabulary: await Vocabulary.read(join(path, 'tokenizer.json')),
    layers: config.decoder_layers,
    heads: config.decoder_attention_heads,
    alignment: generation.alignment_heads,
    suppressed: {
      always: new Set(generation.suppress_tokens),
      first: new Set(generation.begin_suppress_tokens),
    },
  };
}

async function* hear(
  model: Whisper,
  speech: Speech,
  { language, signal }: HearOptions,
): AsyncGenerator<string, Heard> {
  const { vocabulary } = model;
  const features = new Tensor('float32', logMel(speech.samples), [1, MELS, FRAMES]);
  // Not its attention, which is half a gigabyte.
  const { last_hidden_state: hidden } = await model.encoder.run({ input_features: features }, [
    'last_hidden_state',
  ]);
  if (hidden === undefined) throw new EngineError('Whisper answered nothing', { retry: false });
  signal?.throwIfAborted();
  const start = vocabulary.special('<|startoftranscript|>');
  const spoken =
    language === undefined ? await listen(model, hidden, start) : whisperCode(language);
  const prompt = ['startoftranscript', spoken, 'transcribe'].map((name) =>
    vocabulary.special(`<|${name}|>`),
  );
  const decoding = new Decoding(model, hidden, speech.samples.length);
  const decoder = new TextDecoder('utf-8');
  let text = '';
  for await (const next of decoding.tokens(prompt, signal)) {
    const more = decoder.decode(vocabulary.bytes(next), { stream: true });
    const shown = text === '' ? more.trimStart() : more;
    text += shown;
    if (shown !== '') yield shown;
  }
  text = text.trim();
  return { text, words: timedWords(model, decoding, speech), language: spoken };
}

/** The language that the model takes the sound for. */
async function listen(model: Whisper, hidden: Tensor, start: number): Promise<string> {
  const decoding = new Decoding(model, hidden, 0);
  const codes = new Map([...model.vocabulary.languages].map(([code, token]) => [token, code]));
  const token = await decoding.first([start], (candidate) => codes.has(candidate));
  return codes.get(token) ?? 'en';
}

/** One text that the decoder writes. */
class Decoding {
  readonly #model: Whisper;
  readonly #hidden: Tensor;
  readonly #most: number;
  readonly #names: readonly string[];
  #past: Past;
  #begun = false;
  readonly found: number[] = [];
  /** By the heads of alignment: where they looked when they found each token. */
  readonly attention: Float32Array[][];
  readonly frames: number;

  constructor(model: Whisper, hidden: Tensor, samples: number) {
    this.#model = model;
    this.#hidden = hidden;
    const seconds = samples / 16_000;
    this.#most = Math.min(MOST_TOKENS, Math.ceil(8 + seconds * TOKENS_PER_SECOND));
    this.frames = Math.min(HEARD_SECONDS / FRAME_SECONDS, Math.ceil(seconds / FRAME_SECONDS));
    this.#names = pastNames(model.layers);
    this.#past = Object.fromEntries(
      this.#names.map((name) => [
        `past_key_values.${name}`,
        new Tensor('float32', new Float32Array(0), [1, model.heads, 0, HEAD_WIDTH]),
      ]),
    );
    this.attention = model.alignment.map(() => []);
  }

  /** The likeliest token behind a prompt, among some. */
  async first(prompt: readonly number[], allowed: (token: number) => boolean): Promise<number> {
    return likeliest((await this.#run(prompt))['logits'], allowed);
  }

  async *tokens(
    prompt: readonly number[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<number> {
    const { vocabulary, suppressed } = this.#model;
    const end = vocabulary.special('<|endoftext|>');
    let input = prompt;
    while (this.found.length < this.#most) {
      signal?.throwIfAborted();
      const out = await this.#run(input);
      const token = nextToken(out['logits'], this.found, vocabulary, suppressed);
      if (token === end || this.#repeats(token) || this.#isLastTime(token)) return;
      this.found.push(token);
      yield token;
      input = [token];
    }
  }

  /** What the decoder makes of some tokens more; their attention is kept, that of a prompt is not. */
  async #run(input: readonly number[]): Promise<InferenceSession.ReturnType> {
    const { decoder, alignment } = this.#model;
    const layers = [...new Set(alignment.map(([layer]) => layer))];
    const out = await decoder.run(
      {
        input_ids: new Tensor('int64', BigInt64Array.from(input, BigInt), [1, input.length]),
        encoder_hidden_states: this.#hidden,
        use_cache_branch: new Tensor('bool', [this.#begun], [1]),
        ...this.#past,
      },
      [
        'logits',
        ...this.#names.map((name) => `present.${name}`),
        ...layers.map((layer) => `cross_attentions.${layer}`),
      ],
    );
    this.#past = nextPast(this.#names, this.#past, out);
    this.#begun = true;
    for (const [index, [layer, head]] of alignment.entries()) {
      const weights = out[`cross_attentions.${layer}`];
      const width = weights?.dims[3] ?? 0;
      if (!(weights?.data instanceof Float32Array) || width === 0) continue;
      // Of the last position: [1, heads, positions, frames].
      const row = (head * input.length + input.length - 1) * width;
      this.attention[index]?.push(weights.data.slice(row, row + this.frames));
    }
    return out;
  }

  /** Whether a token is a time at the end of the sound: in the silence behind it a model only dreams. */
  #isLastTime(token: number): boolean {
    const time = token - this.#model.vocabulary.special('<|0.00|>');
    return this.found.length > 0 && time >= this.frames - END;
  }

  /** Whether a token would say the same few tokens for the fourth time. */
  #repeats(token: number): boolean {
    const all = [...this.found, token];
    for (let length = 1; length <= 12; length += 1) {
      const unit = all.slice(-length);
      const same = (back: number): boolean =>
        unit.every((one, index) => one === all[all.length - (back + 1) * length + index]);
      if (all.length >= 4 * length && [1, 2, 3].every(same)) return true;
    }
    return false;
  }
}

/** The words that were found, with the times by the attention, inside the ranges in which somebody speaks. */
function timedWords(
  { vocabulary }: Whisper,
  decoding: Decoding,
  { start, ranges }: Speech,
): Word[] {
  const { found, frames } = decoding;
  if (found.length === 0) return [];
  // What looked for the end of the text says when the last word ends.
  const attention: Attention = decoding.attention.map((head) => head.slice(0, found.length + 1));
  const first = beginnings(attention, frames).map((frame) => start + frame * FRAME_SECONDS);
  const parts = split(found, vocabulary);
  return parts.map(({ text, at, to }) =>
    within(ranges, text, first[at] ?? start, first[to] ?? lastEnd(ranges)),
  );
}

function lastEnd(ranges: readonly Range[]): number {
  return ranges.at(-1)?.end ?? 0;
}

/** A word is said where somebody speaks: its end does not lie in the pause behind it, nor its start in the one before. */
function within(ranges: readonly Range[], text: string, from: number, to = from): Word {
  const range = ranges.find((one) => one.end > from + FRAME_SECONDS) ??
    ranges.at(-1) ?? { start: from, end: to };
  const start = Math.min(Math.max(from, range.start), range.end);
  return { text, start, end: Math.max(start, Math.min(to, range.end)) };
}

interface Part {
  readonly text: string;
  /** The first of its tokens, and the first one behind it. */
  readonly at: number;
  readonly to: number;
}

/** Tokens as words: a space begins one; in scripts without spaces each whole character does. */
function split(tokens: readonly number[], vocabulary: Vocabulary): Part[] {
  const pieces: Part[] = [];
  let waiting: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (vocabulary.isSpecial(token)) continue;
    waiting.push(token);
    const bytes = Uint8Array.from(waiting.flatMap((one) => [...vocabulary.bytes(one)]));
    const text = new TextDecoder().decode(bytes);
    if (text.includes('\ufffd') && index < tokens.length - 1) continue;
    pieces.push({ text, at: index - waiting.length + 1, to: index + 1 });
    waiting = [];
  }
  const words: Part[] = [];
  for (const piece of pieces) {
    const before = words.at(-1);
    const begins = before === undefined || /^\s/.test(piece.text) || UNSPACED.test(piece.text);
    if (begins) words.push(piece);
    else words[words.length - 1] = { ...piece, at: before.at, text: before.text + piece.text };
  }
  // A lone dash or a quotation mark belongs to the word before it.
  return words.reduce<Part[]>((found, { text, ...place }) => {
    const before = found.at(-1);
    if (before !== undefined && !/[\p{L}\p{N}]/u.test(text)) {
      found[found.length - 1] = { ...before, text: (before.text + text).trimEnd() };
    } else if (text.trim() !== '') found.push({ ...place, text: text.trim() });
    return found;
  }, []);
}
