import type { Plan } from '../batch/plan.ts';
import type { ItemEnd } from '../protocol/events.ts';
import type { Executor } from './executor.ts';
import { StepFailure } from './failure.ts';
import type { History } from './history.ts';
import type { Journal } from './journal.ts';
import { type ItemKey, itemKey } from './keys.ts';
import type { Results } from './results.ts';
import type { Steering } from './steering.ts';
import { runSteps } from './steps.ts';
import type { Work } from './work.ts';

export interface RunParts {
  readonly id: string;
  readonly plan: Plan;
  readonly journal: Journal;
  readonly history: History;
  readonly results: Results;
  /** One for each step. */
  readonly executors: readonly Executor[];
  /** Keys of items that an interrupted run finished, for items without a result to tell it. */
  readonly finishedBefore: ReadonlySet<string>;
  /** How the queue begins. */
  readonly steering: Steering;
  /** Makes everything anew. */
  readonly force: boolean;
}

let attempts = 0;

/**
 * Tries an item once. Rejects with what went wrong, or with the reason of the signal. `mayBegin` is asked when there
 * is something to do: with false nothing was done, and this was no attempt.
 */
export async function attemptItem(
  parts: RunParts,
  work: Work,
  signal: AbortSignal,
  mayBegin: () => boolean,
): Promise<ItemEnd | 'held'> {
  const { plan, journal, results } = parts;
  const { item, outputs } = work.plan;
  work.attempt += 1;
  attempts += 1;
  work.order = attempts;
  const key = work.key ?? (await itemKey(plan, work.plan));
  work.key = key;
  if (work.attempt === 1 && (await isMade(parts, work, key))) return 'skipped';
  if (!mayBegin()) {
    work.attempt -= 1;
    return 'held';
  }
  journal.emit({ type: 'start', item, attempt: work.attempt });
  for (const [step, target] of outputs.entries()) {
    if (target !== undefined && work.made[step] === undefined) await results.guard(target);
  }
  await within(plan.batch.timeout, signal, async (limited) => {
    const started = new Date();
    await runSteps({ parts, work, key, started }, limited);
  });
  await discard(parts, work);
  // Only what stays warm keeps anything.
  await results.forget(key.steps.filter((_, step) => parts.executors[step]?.streams));
  return 'done';
}

/** Lets go of what an item's steps have made so far. */
export async function discard({ results, plan }: RunParts, work: Work): Promise<void> {
  work.made = [];
  if (work.staged) await results.discard(work.plan.item, plan.batch.steps.length);
  work.staged = false;
}

/** A duration for people. */
export function seconds(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}

async function isMade(parts: RunParts, { plan }: Work, { key }: ItemKey): Promise<boolean> {
  const { journal, results, finishedBefore, force } = parts;
  if (force) return false;
  const targets = plan.outputs.filter((output) => output !== undefined);
  if (targets.length === 0) return finishedBefore.has(key);
  const kept = await results.kept(key, targets);
  const step = plan.outputs.length - 1;
  for (const result of kept ?? []) {
    journal.emit({ type: 'result', item: plan.item, step, result });
  }
  return kept !== undefined;
}

/** Does work under a time limit in ms; its signal tells of the limit and of the outer signal. */
async function within(
  limit: number | undefined,
  signal: AbortSignal,
  work: (limited: AbortSignal) => Promise<void>,
): Promise<void> {
  if (limit === undefined) return work(signal);
  const controller = new AbortController();
  const late = new StepFailure({ message: `It took longer than ${seconds(limit)}.` });
  const timer = setTimeout(() => controller.abort(late), limit);
  try {
    await work(AbortSignal.any([signal, controller.signal]));
  } finally {
    clearTimeout(timer);
  }
}
