/** Bytes of memory that Kokoro needs at its peak, with room to breathe. */
const MEMORY = { 'kokoro-fp32': 1.5e9, 'kokoro-q8': 1e9 } as const;

export type KokoroModel = keyof typeof MEMORY;

/** The model of Kokoro that fits in so many bytes of free memory: the larger one is twice as fast on a CPU. */
export function fittingKokoro(memory: number): KokoroModel | undefined {
  if (memory >= MEMORY['kokoro-fp32']) return 'kokoro-fp32';
  return memory >= MEMORY['kokoro-q8'] ? 'kokoro-q8' : undefined;
}
