import type { Tensor } from 'onnxruntime-node';
import { likeliest } from '../decoding.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The first time stands at most so many steps of 0.02 s behind the beginning. */
const FIRST_TIME = 50;

/** What Whisper may never write, and not at the beginning. */
export interface Suppressed {
  readonly always: ReadonlySet<number>;
  readonly first: ReadonlySet<number>;
}

/**
 * The token that comes next, the likeliest one by the rules that Whisper was trained with (openai/whisper, decoding.py):
 * a text stands between two times, which never go back, and a time is written as soon as all times together are likelier
 * than any word. Without its times Whisper leaves out whole sentences.
 *
 * @param found the tokens so far, without the prompt
 */
export function nextToken(
  logits: Tensor | undefined,
  found: readonly number[],
  vocabulary: Vocabulary,
  suppressed: Suppressed,
): number {
  const end = vocabulary.special('<|endoftext|>');
  const zero = vocabulary.special('<|0.00|>');
  const isTime = (token: number): boolean => token >= zero;
  const [last, before] = [found.at(-1), found.at(-2)];
  const behindTime = last !== undefined && isTime(last);
  // The first of a pair of times ends a text, the second one begins the next.
  const open = behindTime && (before === undefined || isTime(before));
  const latest = found.findLast(isTime) ?? zero;
  const mayBe = (token: number): boolean => {
    if (suppressed.always.has(token)) return false;
    if (last === undefined) return token >= zero && token <= zero + FIRST_TIME;
    if (token === end) return !open || found.length > 1;
    if (isTime(token)) return !open && (behindTime ? token >= latest : token > latest);
    if (vocabulary.isSpecial(token)) return false;
    if (found.length === 1 && suppressed.first.has(token)) return false;
    return !behindTime || open;
  };
  const time = (token: number): boolean => isTime(token) && mayBe(token);
  return timesAreLikelier(logits, time, (token) => token < end && mayBe(token))
    ? likeliest(logits, time)
    : likeliest(logits, mayBe);
}

/** Whether some times together are likelier than each word. */
function timesAreLikelier(
  logits: Tensor | undefined,
  isTime: (token: number) => boolean,
  isWord: (token: number) => boolean,
): boolean {
  const width = logits?.dims.at(-1) ?? 0;
  if (!(logits?.data instanceof Float32Array) || width === 0) return false;
  const last = logits.data.subarray(logits.data.length - width);
  let word = Number.NEGATIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  const times: number[] = [];
  for (let token = 0; token < width; token += 1) {
    const value = last[token] ?? Number.NEGATIVE_INFINITY;
    if (isTime(token)) {
      times.push(value);
      most = Math.max(most, value);
    } else if (value > word && isWord(token)) word = value;
  }
  if (times.length === 0) return false;
  const together = most + Math.log(times.reduce((sum, value) => sum + Math.exp(value - most), 0));
  return together > word;
}
