import type { Clock } from '../../../src/progress/clock.ts';
import { createOutput } from '../../../src/progress/output.ts';
import type { Progress } from '../../../src/protocol/events.ts';

/** A clock that goes on when told to. */
export class FakeClock implements Clock {
  #now = 0;
  #timers: { time: number; call: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const timer = { time: this.#now + ms, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get waiting(): number {
    return this.#timers.length;
  }

  tick(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ time }) => time <= end).sort((a, b) => a.time - b.time);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.time);
      next.call();
    }
    this.#now = end;
  }
}

export interface Told {
  readonly clock: FakeClock;
  readonly lines: string[];
  readonly progress: Progress[];
  push(text: string | Uint8Array): void;
  end(): Promise<void>;
}

/** An output that remembers what it tells. */
export function record(): Told {
  const clock = new FakeClock();
  const lines: string[] = [];
  const progress: Progress[] = [];
  const output = createOutput(
    { onLines: (more) => lines.push(...more), onProgress: (one) => progress.push(one) },
    { clock },
  );
  return {
    clock,
    lines,
    progress,
    push: (text) => output.push(typeof text === 'string' ? Buffer.from(text) : text),
    end: () => output.end(),
  };
}

/** What pieces of output tell in all. */
export function feed(...pieces: readonly (string | Uint8Array)[]): Told {
  const told = record();
  for (const piece of pieces) told.push(piece);
  void told.end();
  return told;
}
