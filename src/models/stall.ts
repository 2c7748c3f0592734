export interface StallWatch {
  /** Aborted by the outer signal, or when nothing happened for too long. */
  readonly signal: AbortSignal;
  /** Something happened. */
  alive(): void;
  stalled(): boolean;
  stop(): void;
}

/** Gives up on something that can go silent: `alive` must be called every `ms` milliseconds. */
export function stallWatch(ms: number, outer: AbortSignal): StallWatch {
  const controller = new AbortController();
  let stalled = false;
  const timer = setTimeout(() => {
    stalled = true;
    controller.abort(new Error('silent for too long'));
  }, ms);
  return {
    signal: AbortSignal.any([outer, controller.signal]),
    alive: () => void timer.refresh(),
    stalled: () => stalled,
    stop: () => clearTimeout(timer),
  };
}
