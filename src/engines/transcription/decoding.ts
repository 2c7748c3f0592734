import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { EngineError } from '../error.ts';

/** The keys and values that a decoder has made, by the names of its inputs. */
export type Past = Readonly<Record<string, Tensor>>;

/** `L.decoder.key` and so on, as a decoder with so many layers that was exported with both branches names them. */
export function pastNames(layers: number): readonly string[] {
  return Array.from({ length: layers }, (_, layer) =>
    ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map(
      (kind) => `${layer}.${kind}`,
    ),
  ).flat();
}

/** The past after one more step. The encoder's part is made by the first step alone. */
export function nextPast(
  names: readonly string[],
  past: Past,
  out: InferenceSession.ReturnType,
): Past {
  const next: Record<string, Tensor> = { ...past };
  for (const name of names) {
    const present = out[`present.${name}`];
    const key = `past_key_values.${name}`;
    const made = name.includes('encoder') && (past[key]?.size ?? 0) > 0;
    if (present !== undefined && !made) next[key] = present;
  }
  return next;
}

/**
 * The likeliest token after the last position.
 *
 * @param logits of all positions, of the whole vocabulary each
 * @param allowed which tokens may be chosen; all when left out
 */
export function likeliest(
  logits: Tensor | undefined,
  allowed: (token: number) => boolean = () => true,
): number {
  const width = logits?.dims.at(-1) ?? 0;
  if (!(logits?.data instanceof Float32Array) || width === 0) {
    throw new EngineError('the decoder answered no logits', { retry: false });
  }
  const last = logits.data.subarray(logits.data.length - width);
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let token = 0; token < width; token += 1) {
    const value = last[token] ?? Number.NEGATIVE_INFINITY;
    if (value <= most || !allowed(token)) continue;
    most = value;
    best = token;
  }
  return best;
}
