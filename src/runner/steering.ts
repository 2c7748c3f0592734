import type { Plan } from '../batch/plan.ts';
import type { ItemHeader } from '../protocol/events.ts';
import type { RunState } from '../protocol/state.ts';

/** How a person has steered a queue. */
export interface Steering {
  readonly paused: boolean;
  /** Not there where nobody has said it. */
  readonly concurrency: number | undefined;
  /** The items of the plan, in the order of the queue. */
  readonly order: readonly number[];
}

/** The queue as the batch file says it. */
export function unsteered(plan: Plan): Steering {
  const order = plan.items.map(({ item }) => item);
  return { paused: false, concurrency: plan.batch.concurrency, order };
}

/**
 * The queue of a run that goes on with an interrupted one, as it was left. What was under way or had ended comes
 * first; items that are new come last. A concurrency that the batch file did not say then wins over the old one.
 */
export function resumedSteering(plan: Plan, before: RunState): Steering {
  const numbers = new Map<string, number[]>();
  for (const header of before.items) {
    const same = numbers.get(identity(header));
    if (same === undefined) numbers.set(identity(header), [header.item]);
    else same.push(header.item);
  }
  const places = new Map(before.queue.map((item, place) => [item, place]));
  const ranked = plan.items.map((planned) => {
    const old = numbers.get(identity(planned))?.shift();
    const rank = old === undefined ? Number.POSITIVE_INFINITY : (places.get(old) ?? -1);
    return { item: planned.item, rank };
  });
  // Sorting is stable: those of one rank stay as the batch has them.
  ranked.sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank));
  const { concurrency } = plan.batch;
  return {
    paused: before.pausedAt !== undefined,
    concurrency: concurrencyAfter(before, concurrency),
    order: ranked.map(({ item }) => item),
  };
}

function concurrencyAfter(before: RunState, said: number | undefined): number | undefined {
  const { concurrency, run } = before;
  if ((said ?? 1) !== run.concurrency || concurrency === run.concurrency) return said;
  // It followed the workers.
  return said === undefined && run.queue !== undefined ? undefined : concurrency;
}

/** The same input with the same result: numbers change when the inputs do. */
function identity({ title, source, output }: ItemHeader): string {
  return JSON.stringify([title, source?.file, output]);
}
