import type { Progress } from '../protocol/events.ts';

/** A fall by more than this is another bar; by less, a program that counts badly. */
const FALL = 0.05;
/** Phases whose state is kept; the oldest is forgotten first. */
const KEPT = 64;

interface Phase {
  fraction: number;
  /** How many bars of this name came so far. */
  number: number;
}

/**
 * Gives progress its phases, so that it never falls within one. A bar that begins again is another
 * phase: `part 2`, or `NAME (2)` where the program names it.
 */
export class Phases {
  readonly #phases = new Map<string, Phase>();

  settle(progress: Progress): Progress {
    const { phase: name = '', fraction } = progress;
    if (fraction === undefined) return progress;
    let phase = this.#phases.get(name);
    if (phase === undefined) {
      phase = { fraction, number: 1 };
      this.#phases.set(name, phase);
      const [oldest] = this.#phases.keys();
      if (this.#phases.size > KEPT && oldest !== undefined) this.#phases.delete(oldest);
    } else if (fraction < phase.fraction - FALL) {
      phase.number += 1;
      phase.fraction = fraction;
    }
    const isLate = fraction < phase.fraction;
    phase.fraction = Math.max(phase.fraction, fraction);
    const { number } = phase;
    const title = name === '' ? `part ${number}` : `${name} (${number})`;
    return {
      ...progress,
      ...(isLate ? { fraction: phase.fraction } : {}),
      ...(number > 1 ? { phase: title } : {}),
    };
  }
}
