import type { Channels } from './resample.ts';

/** Sound in memory: mono, -1 to 1, `sampleRate` in Hz. */
export interface MonoSound {
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

/** Channels as one: their mean. */
export function mixed(channels: Channels): Float32Array {
  const [first = new Float32Array(0), ...others] = channels;
  if (others.length === 0) return first;
  return first.map(
    (sample, index) =>
      others.reduce((sum, other) => sum + (other[index] ?? 0), sample) / channels.length,
  );
}
