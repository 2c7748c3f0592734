import { join } from 'node:path';
import llamaTokenizer from 'llama-tokenizer-js';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { modelPath } from '../../src/models/store.ts';

/**
 * Moonshine tiny (https://github.com/moonshine-ai/moonshine), which writes down English speech: the
 * tests listen with it to what Sluice says.
 */
const RATE = 16_000;
const LAYERS = 6;
const HEADS = 8;
const WIDTH = 36;
const FIRST_TOKEN = 1;
const LAST_TOKEN = 2;
const TOKENS_PER_SECOND = 6.5;
/** Seconds that the model hears at once. */
const LONGEST = 20;
/** Less than this it cannot take. */
const SHORTEST = 0.2;

interface Moonshine {
  readonly encoder: InferenceSession;
  readonly decoder: InferenceSession;
}

let loaded: Promise<Moonshine> | undefined;

/** English speech as text. The samples are mono, at 16 kHz, of any length. */
export async function transcribe(samples: Float32Array): Promise<string> {
  loaded ??= load();
  const model = await loaded;
  const texts: string[] = [];
  for (const piece of cutAtSilences(samples)) {
    if (piece.length >= SHORTEST * RATE) texts.push(await transcribePiece(model, piece));
  }
  return texts.join(' ').replace(/\s+/g, ' ').trim();
}

/**
 * Word errors (changed, missing and added ones) by words of `expected`; case and punctuation do not
 * count. 0 is the same text.
 */
export function wordErrorRate(expected: string, heard: string): number {
  const wanted = words(expected);
  const found = words(heard);
  let row = found.map((_, index) => index + 1);
  row.unshift(0);
  for (const [index, word] of wanted.entries()) {
    const next = [index + 1];
    for (const [column, other] of found.entries()) {
      const changed = (row[column] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return (row.at(-1) ?? 0) / Math.max(1, wanted.length);
}

function words(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replace(/['’]/g, '')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

async function load(): Promise<Moonshine> {
  const { path } = await modelPath('moonshine-tiny');
  const open = (name: string) =>
    InferenceSession.create(join(path, name), { intraOpNumThreads: 2, logSeverityLevel: 3 });
  return {
    encoder: await open('encoder_model.onnx'),
    decoder: await open('decoder_model_merged.onnx'),
  };
}

async function transcribePiece(model: Moonshine, samples: Float32Array): Promise<string> {
  const input = new Tensor('float32', samples, [1, samples.length]);
  const { last_hidden_state: hidden } = await model.encoder.run({ input_values: input });
  if (!hidden) throw new Error('the encoder answered nothing');
  let past = emptyPast();
  let token = FIRST_TOKEN;
  const tokens = [token];
  const most = Math.ceil((samples.length / RATE) * TOKENS_PER_SECOND);
  while (tokens.length <= most) {
    const out = await model.decoder.run({
      input_ids: new Tensor('int64', BigInt64Array.of(BigInt(token)), [1, 1]),
      encoder_hidden_states: hidden,
      use_cache_branch: new Tensor('bool', [tokens.length > 1], [1]),
      ...past,
    });
    token = likeliest(out['logits']);
    if (token === LAST_TOKEN) break;
    tokens.push(token);
    past = nextPast(past, out, tokens.length === 2);
  }
  return llamaTokenizer.decode(tokens, true, true).trim();
}

function emptyPast(): Record<string, Tensor> {
  const names = pastNames();
  return Object.fromEntries(
    names.map((name) => [
      `past_key_values.${name}`,
      new Tensor('float32', new Float32Array(0), [0, HEADS, 1, WIDTH]),
    ]),
  );
}

/** The encoder's part is made once, by the first step alone. */
function nextPast(
  past: Record<string, Tensor>,
  out: InferenceSession.ReturnType,
  first: boolean,
): Record<string, Tensor> {
  const next = { ...past };
  for (const name of pastNames()) {
    const present = out[`present.${name}`];
    if (present && (first || name.includes('decoder'))) next[`past_key_values.${name}`] = present;
  }
  return next;
}

function pastNames(): string[] {
  return Array.from({ length: LAYERS }, (_, layer) =>
    ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map(
      (kind) => `${layer}.${kind}`,
    ),
  ).flat();
}

function likeliest(logits: Tensor | undefined): number {
  if (!(logits?.data instanceof Float32Array)) throw new Error('the decoder answered no logits');
  const { data } = logits;
  let best = 0;
  for (let index = 1; index < data.length; index++) {
    if ((data[index] ?? 0) > (data[best] ?? 0)) best = index;
  }
  return best;
}

/** Pieces that the model can take at once, each cut at the quietest place of its second half. */
function* cutAtSilences(samples: Float32Array): Generator<Float32Array> {
  const most = LONGEST * RATE;
  let rest = samples;
  while (rest.length > most) {
    const at = quietest(rest, most / 2, most);
    yield rest.subarray(0, at);
    rest = rest.subarray(at);
  }
  yield rest;
}

/** The middle of the 0.2 s with the least energy between two places. */
function quietest(samples: Float32Array, from: number, to: number): number {
  const window = RATE / 5;
  let best = to;
  let least = Number.POSITIVE_INFINITY;
  for (let start = from; start + window <= to; start += window / 4) {
    const energy = samples.subarray(start, start + window).reduce((sum, s) => sum + s * s, 0);
    if (energy <= least) {
      least = energy;
      best = start + window / 2;
    }
  }
  return best;
}
