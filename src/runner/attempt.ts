import type { Plan } from '../batch/plan.ts';
import { isTaken } from '../batch/sources.ts';
import type { Fact, ItemEnd } from '../protocol/events.ts';
import type { StepOutcome } from './executor.ts';
import { StepFailure } from './failure.ts';
import type { History, StepProvenance } from './history.ts';
import type { ItemExecutor, ItemJob } from './item-executor.ts';
import type { Journal } from './journal.ts';
import { type ItemKey, itemKey } from './keys.ts';
import { noteOf } from './notes.ts';
import type { Results } from './results.ts';
import type { Steering } from './steering.ts';
import type { Made, Work } from './work.ts';

export interface RunParts {
  readonly id: string;
  readonly plan: Plan;
  readonly journal: Journal;
  readonly history: History;
  readonly results: Results;
  readonly items: ItemExecutor;
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
  work.attempt += 1;
  attempts += 1;
  work.order = attempts;
  const key = work.key ?? (await itemKey(parts.plan, work.plan));
  work.key = key;
  if (work.attempt === 1 && (await isMade(parts, work, key))) return 'skipped';
  if (!mayBegin()) {
    work.attempt -= 1;
    return 'held';
  }
  const attempt = new Attempt(parts, work, key, signal);
  try {
    await parts.items.run(attempt);
  } finally {
    attempt.end();
  }
  await discard(parts, work);
  return 'done';
}

/** Lets go of what an item's steps have made so far. */
export async function discard({ results, plan }: RunParts, work: Work): Promise<void> {
  work.made = [];
  if (work.staged) await results.staging.discard(work.plan.item, plan.batch.steps.length);
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

/** One attempt: what begins it, and where its results go. */
class Attempt implements ItemJob {
  readonly work: Work;
  readonly signal: AbortSignal;
  readonly #parts: RunParts;
  readonly #key: ItemKey;
  #started = new Date();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: RunParts, work: Work, key: ItemKey, signal: AbortSignal) {
    this.#parts = parts;
    this.work = work;
    this.#key = key;
    this.signal = signal;
  }

  async begin(): Promise<AbortSignal> {
    const { plan, journal, results } = this.#parts;
    const { item, outputs } = this.work.plan;
    journal.emit({ type: 'start', item, attempt: this.work.attempt });
    for (const [step, target] of outputs.entries()) {
      if (target !== undefined && this.work.made[step] === undefined) await results.guard(target);
    }
    this.#started = new Date();
    return this.#within(plan.batch.timeout);
  }

  end(): void {
    clearTimeout(this.#timer);
    const { batch } = this.#parts.plan;
    // What was left elsewhere cannot be handed to the next step here: should that be tried again, so is this one.
    this.work.made = this.work.made.map((made, step) =>
      made?.left === true && isTaken(batch, step) ? undefined : made,
    );
  }

  emit(fact: Fact): void {
    this.#parts.journal.emit(fact);
  }

  stage(step: number): Promise<string> {
    const { plan, results } = this.#parts;
    return results.staging.stage(plan.batch, this.work, step);
  }

  keep(step: number): string {
    return this.#parts.results.keep(this.#key.steps[step] ?? '');
  }

  async forget(steps: readonly number[]): Promise<void> {
    await this.#parts.results.forget(steps.map((step) => this.#key.steps[step] ?? ''));
  }

  async made(
    step: number,
    staged: string,
    outcome: StepOutcome,
    steps: ReadonlyMap<number, StepProvenance>,
  ): Promise<Made> {
    const { plan, journal, results, id } = this.#parts;
    const { work } = this;
    const { item, outputs, source } = work.plan;
    const { value, left } = outcome;
    const output = outputs[step];
    const target = left === true && output !== undefined ? noteOf(output) : output;
    if (target !== undefined) {
      const published = await results.publish(staged, target, value, {
        mime: outcome.mime,
        seconds: outcome.seconds,
        beside: outcome.beside,
        files: outcome.files,
        provenance: {
          key: this.#key.key,
          batch: plan.batchFile,
          run: id,
          item,
          step,
          input: { sha256: this.#key.input, ...source },
          steps: [...steps].sort(([a], [b]) => a - b).map(([, provenance]) => provenance),
          started: this.#started.toISOString(),
          made: new Date().toISOString(),
        },
      });
      for (const result of published) journal.emit({ type: 'result', item, step, result });
    }
    // What was staged is in its place now.
    const atTarget = target !== undefined && value !== undefined && 'file' in value;
    const made = { value: atTarget ? { file: target } : value, steps, left };
    work.made[step] = made;
    return made;
  }

  /** The attempt's signal, and that of its time limit in ms. */
  #within(limit: number | undefined): AbortSignal {
    if (limit === undefined) return this.signal;
    const controller = new AbortController();
    const late = new StepFailure({ message: `It took longer than ${seconds(limit)}.` });
    this.#timer = setTimeout(() => controller.abort(late), limit);
    return AbortSignal.any([this.signal, controller.signal]);
  }
}
