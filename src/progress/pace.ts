import type { Progress } from '../protocol/events.ts';

/** What comes within so many ms of a phase's first word is not counted: work that was there already comes at once. */
const WARM_UP = 1000;
/** Ms and updates after which a pace means something. */
const SHORTEST = 3000;
const FEWEST = 2;
/** Share of the work that must have come by then, or ms: the first steps of a thousand say little of the rest. */
const LEAST = 0.005;
const LONG_ENOUGH = 60_000;
/** Seconds that a phase takes at least, done and left, for its end to be worth telling. */
const WORTH = 10;
/**
 * Ms after which what was measured counts a third: half of the time that a phase has taken, so that the number
 * is steady in long ones, but not so long that a pause is never forgotten.
 */
const MEMORY = { least: 10_000, most: 600_000, share: 0.5 };
/** Phases that are known; the oldest is forgotten first. */
const KEPT = 64;

interface Pace {
  readonly unit: 'share' | 'units';
  /** When it began, and with what; when its latest amount came, and which. */
  readonly begun: number;
  readonly first: number;
  at: number;
  amount: number;
  /** What came since the warm-up and in how many ms, the older the less. */
  gained: number;
  spent: number;
  updates: number;
  /** It was worth telling: it goes on being told. */
  told: boolean;
}

/** Rate and time left of what a program says, phase by phase, where it does not say them itself. */
export class Paces {
  readonly #paces = new Map<string, Pace>();

  /**
   * Takes the next progress of a program, at `now` in ms, and gives it with `rate` and `eta`, once they mean
   * something. What the program says of them itself stays.
   */
  complete(progress: Progress, now: number): Progress {
    const { fraction, done, total, rate, eta } = progress;
    if (fraction === undefined && done === undefined) return progress;
    const goal = done !== undefined && total !== undefined && total > 0 ? total : undefined;
    const counts = goal !== undefined || fraction === undefined;
    const amount = (counts ? done : fraction) ?? 0;
    const pace = this.#next(progress.phase ?? '', counts ? 'units' : 'share', amount, now);
    const whole = counts ? goal : 1;
    if (!isMeant(pace, whole)) return progress;
    const speed = pace.gained / pace.spent;
    const left = whole === undefined ? undefined : (whole - amount) / speed / 1000;
    pace.told ||= left === undefined || (now - pace.begun) / 1000 + left >= WORTH;
    if (!pace.told) return progress;
    return {
      ...progress,
      ...(rate === undefined && counts ? { rate: Number((speed * 1000).toPrecision(3)) } : {}),
      ...(eta === undefined && left !== undefined && left > 0
        ? { eta: Math.max(1, Math.round(left)) }
        : {}),
    };
  }

  #next(phase: string, unit: Pace['unit'], amount: number, now: number): Pace {
    const pace = this.#paces.get(phase);
    if (pace === undefined || pace.unit !== unit || amount < pace.amount) {
      const fresh: Pace = {
        unit,
        begun: now,
        first: amount,
        at: now,
        amount,
        gained: 0,
        spent: 0,
        updates: 0,
        told: false,
      };
      this.#paces.delete(phase);
      this.#paces.set(phase, fresh);
      const [oldest] = this.#paces.keys();
      if (this.#paces.size > KEPT && oldest !== undefined) this.#paces.delete(oldest);
      return fresh;
    }
    if (amount === pace.amount) return pace;
    if (now >= pace.begun + WARM_UP) {
      const time = now - pace.at;
      const memory = (now - pace.begun) * MEMORY.share;
      const kept = Math.exp(-time / Math.min(MEMORY.most, Math.max(MEMORY.least, memory)));
      pace.gained = pace.gained * kept + amount - pace.amount;
      pace.spent = pace.spent * kept + time;
      pace.updates += 1;
    }
    pace.at = now;
    pace.amount = amount;
    return pace;
  }
}

function isMeant({ at, begun, first, amount, updates, spent }: Pace, whole?: number): boolean {
  const time = at - begun;
  if (time < SHORTEST || updates < FEWEST || spent === 0) return false;
  return whole === undefined || amount - first >= whole * LEAST || time >= LONG_ENOUGH;
}
