import type { Progress, RunEvent } from './events.ts';
import { stepsDone } from './progress.ts';
import type { ItemFields, ItemState } from './state.ts';

/** What changes of an item when a step of it begins; nothing when it begins anew while others are under way. */
export function begun(
  item: ItemState,
  event: Extract<RunEvent, { type: 'step' }>,
): ItemFields | undefined {
  if (isFeeding(item, event.step)) return undefined;
  if (event.beside === undefined) {
    return {
      step: event.step,
      progress: undefined,
      finished: undefined,
      reached: undefined,
      feeding: undefined,
      canFinish: event.canFinish,
      silent: undefined,
    };
  }
  const under = [...event.beside, event.step].sort((a, b) => a - b);
  const latest = under.pop() ?? event.step;
  const progressOf = (step: number): Progress | undefined => {
    if (step === event.step) return undefined;
    const of = step === item.step ? item : item.feeding?.find((other) => other.step === step);
    return of?.progress;
  };
  return {
    step: latest,
    progress: progressOf(latest),
    finished: event.finished,
    reached: reachedBy(item),
    feeding: under.map((step) => ({ step, progress: progressOf(step) ?? {} })),
    canFinish: item.canFinish === true || event.canFinish,
    silent: undefined,
  };
}

/** What changes of an item when a step of it gets on; nothing when that step is not under way any more. */
export function progressed(
  item: ItemState,
  { step, progress }: Extract<RunEvent, { type: 'progress' }>,
): ItemFields | undefined {
  const reached = reachedBy(item);
  if (step >= item.step) return { progress, reached, silent: undefined };
  if (!isFeeding(item, step)) return undefined;
  const feeding = (item.feeding ?? [])
    .map((other) => (other.step === step ? { step, progress } : other))
    .filter((other) => other.progress.fraction !== 1);
  const finished = (item.finished ?? 0) + (progress.fraction === 1 ? 1 : 0);
  return { feeding, finished, reached, silent: undefined };
}

/** What was done of an item before the next change of it; of one whose steps are not side by side nothing is kept. */
function reachedBy(item: ItemState): number | undefined {
  return item.feeding === undefined ? undefined : Math.max(item.reached ?? 0, stepsDone(item));
}

/** Whether a step is under way beside the latest one. */
export function isFeeding({ feeding }: ItemState, step: number): boolean {
  return feeding?.some((other) => other.step === step) === true;
}
