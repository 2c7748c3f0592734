import type { Step } from './schema.ts';
import { STEP_MEMORY } from './uses.ts';

/** Bytes of memory that the steps of a batch need, as far as they say it. */
export interface MemoryNeeds {
  /** What its warm steps take together: they stay for the whole run. */
  readonly once: number;
  /** What each item under way takes: its programs come one after another. */
  readonly each: number;
}

export function memoryNeeds(steps: readonly Step[]): MemoryNeeds {
  let once = 0;
  let each = 0;
  for (const step of steps) {
    const needs = stepMemory(step);
    if (step.uses !== undefined || step.warm) once += needs;
    else each = Math.max(each, needs);
  }
  return { once, each };
}

function stepMemory({ needs, uses, with: given = {} }: Step): number {
  if (needs !== undefined) return needs.memory;
  return (uses === undefined ? undefined : STEP_MEMORY[uses]?.(given)) ?? 0;
}
