import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { EngineError } from '../error.ts';
import { WordPieces } from './word-pieces.ts';

/** Tokens of a text that are looked at. */
const LONGEST = 128;
/** Texts at once. */
const BATCH = 16;

const tokenizerFile = z.object({ model: z.object({ vocab: z.record(z.string(), z.int()) }) });

/** What texts mean, as directions: two texts that mean much the same point the same way. */
export interface Embedder {
  readonly model: { readonly name: string; readonly sha256: string };
  /** A vector of length 1 for each text. */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/**
 * all-MiniLM-L6-v2 (https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2): English, 384 numbers.
 *
 * @param model its folder in the store
 */
export async function createEmbedder(model: {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
}): Promise<Embedder> {
  const content: unknown = JSON.parse(await readFile(join(model.path, 'tokenizer.json'), 'utf8'));
  const pieces = new WordPieces(tokenizerFile.parse(content).model.vocab);
  const session = await InferenceSession.create(join(model.path, 'model.onnx'), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return {
    model: { name: model.name, sha256: model.sha256 },
    async embed(texts, signal) {
      const found: Float32Array[] = [];
      for (let at = 0; at < texts.length; at += BATCH) {
        signal?.throwIfAborted();
        found.push(...(await embedBatch(session, pieces, texts.slice(at, at + BATCH))));
      }
      return found;
    },
    close: () => session.release(),
  };
}

async function embedBatch(
  session: InferenceSession,
  pieces: WordPieces,
  texts: readonly string[],
): Promise<Float32Array[]> {
  const tokens = texts.map((text) => pieces.encode(text, LONGEST));
  const width = Math.max(...tokens.map((one) => one.length));
  const size = [texts.length, width] as const;
  const ids = new BigInt64Array(size[0] * size[1]);
  const mask = new BigInt64Array(ids.length);
  for (const [row, one] of tokens.entries()) {
    for (const [column, id] of one.entries()) {
      ids[row * width + column] = BigInt(id);
      mask[row * width + column] = 1n;
    }
  }
  const tensor = (data: BigInt64Array): Tensor => new Tensor('int64', data, [...size]);
  const { last_hidden_state: hidden } = await session.run({
    input_ids: tensor(ids),
    attention_mask: tensor(mask),
    token_type_ids: tensor(new BigInt64Array(ids.length)),
  });
  const dimensions = hidden?.dims[2] ?? 0;
  if (!(hidden?.data instanceof Float32Array) || dimensions === 0) {
    throw new EngineError('the embedding model answered nothing', { retry: false });
  }
  const { data } = hidden;
  // The mean of the tokens, as the model was trained.
  return tokens.map((one, row) => {
    const sum = new Float32Array(dimensions);
    for (let token = 0; token < one.length; token += 1) {
      const at = (row * width + token) * dimensions;
      for (let index = 0; index < dimensions; index += 1) {
        sum[index] = (sum[index] ?? 0) + (data[at + index] ?? 0);
      }
    }
    return normalised(sum);
  });
}

/** The same direction with length 1. */
export function normalised(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
