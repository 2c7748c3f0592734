import { readFile } from 'node:fs/promises';
import { sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Plan, usesPlaceholder } from '../batch/plan.ts';
import type { ItemEnd } from '../protocol/events.ts';
import { delayAfter } from './backoff.ts';
import type { Executor, StepOutcome, Value } from './executor.ts';
import { StepFailure } from './failure.ts';
import { Flow } from './flow.ts';
import type { History } from './history.ts';
import type { Journal } from './journal.ts';
import { type ItemKey, itemKey } from './keys.ts';
import type { Results } from './results.ts';
import { watchSilence } from './silence.ts';
import type { Steering } from './steering.ts';
import { firstValue, type Work } from './work.ts';

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
  for (const target of outputs.slice(work.step)) {
    if (target !== undefined) await results.guard(target);
  }
  await within(plan.batch.timeout, signal, async (limited) => {
    const started = new Date();
    while (work.step < plan.batch.steps.length) {
      const { step, value: input } = work;
      const link = { step, input, signal: limited, before: Promise.resolve() };
      await runLink({ parts, work, key, started }, link);
    }
  });
  await discard(parts, work);
  return 'done';
}

/** Lets go of what an item's steps have made so far. */
export async function discard({ results, plan }: RunParts, work: Work): Promise<void> {
  work.value = firstValue(work.plan);
  work.step = 0;
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

/** What an attempt is made with. */
interface Attempt {
  readonly parts: RunParts;
  readonly work: Work;
  readonly key: ItemKey;
  readonly started: Date;
}

/** A step of an attempt, and what it gets and gives. */
interface Link {
  readonly step: number;
  readonly input: Value | { readonly flow: Flow };
  readonly signal: AbortSignal;
  /** The steps that feed it: their results come before its own. */
  readonly before: Promise<unknown>;
}

/**
 * Does a step, and beside it the steps that take its text as it comes. Gives the last step that was done, and
 * leaves in `work` what the next one works on, also when a later step fails.
 */
async function runLink(attempt: Attempt, link: Link): Promise<number> {
  const { parts, work } = attempt;
  const { step, signal } = link;
  const [giver, taker] = [parts.executors[step], parts.executors[step + 1]];
  if (giver?.streams === undefined || taker?.streams === undefined) {
    await runStep(attempt, link);
    return step;
  }
  const flow = new Flow();
  const stop = new AbortController();
  const own = runGiver(attempt, link, flow);
  const after = (async () => {
    const [out, into] = await Promise.all([giver.streams?.(), taker.streams?.()]);
    if (!(out?.has('out') && into?.has('in'))) return step;
    const next = {
      step: step + 1,
      input: { flow },
      signal: AbortSignal.any([signal, stop.signal]),
    };
    return runLink(attempt, { ...next, before: own });
  })();
  // Awaited below, but not before it may reject.
  after.catch(() => {});
  try {
    flow.end(await textOf(await own));
  } catch (error) {
    stop.abort(error);
    await after.catch(() => {});
    throw error;
  }
  parts.journal.emit({ type: 'progress', item: work.plan.item, step, progress: { fraction: 1 } });
  return await after;
}

/** Does a step that gives its text to another one. Where it breaks off, it may go on from what is there. */
async function runGiver(attempt: Attempt, link: Link, flow: Flow): Promise<Value | undefined> {
  const { plan, journal, executors } = attempt.parts;
  const { item } = attempt.work.plan;
  const { step, signal } = link;
  for (let broken = 1; ; broken += 1) {
    try {
      return await runStep(attempt, link, flow);
    } catch (error) {
      const streams = await executors[step]?.streams?.();
      const known = error instanceof StepFailure;
      if (signal.aborted || !known || !error.retry || broken > plan.batch.retries) throw error;
      if (flow.text === '' || streams?.has('resume') !== true) throw error;
      const delay = delayAfter(error, plan.batch.backoff, broken);
      const line = `${error.message} It goes on in ${(delay / 1000).toFixed(1)} s, behind the ${flow.text.length} characters that are there.`;
      journal.emit({ type: 'log', item, step, stream: 'err', lines: [line] });
      await sleep(delay, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

async function textOf(value: Value | undefined): Promise<string> {
  if (value === undefined) return '';
  return 'text' in value ? value.text : readFile(value.file, 'utf8');
}

async function runStep(attempt: Attempt, link: Link, into?: Flow): Promise<Value | undefined> {
  const { parts, work, key, started } = attempt;
  const { plan, journal, results, id } = parts;
  const { step, signal } = link;
  const { item, outputs, source } = work.plan;
  const definition = plan.batch.steps[step];
  if (definition === undefined) throw new Error(`There is no step ${step}.`);
  signal.throwIfAborted();
  const target = outputs[step];
  const wanted = target !== undefined || step < plan.batch.steps.length - 1;
  const folder = target?.endsWith(sep) ?? usesPlaceholder(definition, 'outdir');
  work.staged ||= wanted;
  const staged = wanted ? await results.stage(item, step, target, folder) : '';
  const outcome = await execute(parts, work, { ...link, staged, wanted, into });
  await link.before;
  signal.throwIfAborted();
  work.steps[step] = outcome.provenance;
  const { value } = outcome;
  if (target !== undefined) {
    const published = await results.publish(staged, target, value, {
      mime: outcome.mime,
      seconds: outcome.seconds,
      beside: outcome.beside,
      provenance: {
        key: key.key,
        batch: plan.batchFile,
        run: id,
        item,
        step,
        input: { sha256: key.input, ...source },
        steps: work.steps.slice(0, step + 1),
        started: started.toISOString(),
        made: new Date().toISOString(),
      },
    });
    for (const result of published) journal.emit({ type: 'result', item, step, result });
  }
  work.step = step + 1;
  if (value === undefined) return undefined;
  // What was staged is in its place now.
  work.value = target !== undefined && 'file' in value ? { file: target } : value;
  return work.value;
}

async function execute(
  { plan, journal, executors }: RunParts,
  work: Work,
  link: Link & { staged: string; wanted: boolean; into: Flow | undefined },
): Promise<StepOutcome> {
  const { step, input, staged, wanted, signal, into } = link;
  const executor = executors[step];
  if (executor === undefined) throw new Error(`There is no step ${step}.`);
  const { item } = work.plan;
  const silence = watchSilence(plan.batch.silence, (quiet) => {
    // It waits for the step before it, which has a watch of its own.
    if ('flow' in input && input.flow.idle) return;
    journal.emit({ type: 'silence', item, step, seconds: quiet });
  });
  const begun = into === undefined || into.text === '' ? {} : { begun: into.text };
  try {
    return await executor.run({
      item: work.plan,
      step,
      order: work.order,
      input,
      into,
      ...begun,
      staged,
      wanted,
      signal,
      emit: (fact) => journal.emit(fact),
      alive: silence.alive,
    });
  } finally {
    silence.stop();
  }
}
