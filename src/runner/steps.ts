import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from '../batch/schema.ts';
import { ITEM, namesOf, sourcesOf } from '../batch/sources.ts';
import { delayAfter } from './backoff.ts';
import type { Executor, StepJob, StepOutcome, Value } from './executor.ts';
import { StepFailure } from './failure.ts';
import { Flow } from './flow.ts';
import type { StepProvenance } from './history.ts';
import type { ItemJob } from './item-executor.ts';
import { watchSilence } from './silence.ts';
import { itemValue, type Made } from './work.ts';

/** What an attempt at an item is made with. */
export interface Attempt {
  readonly job: ItemJob;
  readonly batch: Batch;
  /** One for each step of the batch. */
  readonly executors: readonly Executor[];
}

/** A step of an attempt on its way. */
interface Link {
  readonly step: number;
  /** What it works on; without an index, the item itself. */
  readonly givers: readonly (Link | undefined)[];
  /** Its text as it comes, where a step may take it so. */
  readonly flow: Flow | undefined;
  /** Aborted with what makes the step's own work useless. */
  readonly stop: AbortController;
  done: Promise<Made>;
  begun: boolean;
  finished: boolean;
}

/** The item's steps in one attempt. */
interface Graph {
  readonly attempt: Attempt;
  readonly links: readonly Link[];
  /** Aborted when the whole attempt is given up. */
  readonly all: AbortController;
  readonly signal: AbortSignal;
}

/**
 * Does the steps of an item that are not done yet, each one as soon as what it takes is there, or beside the step
 * that makes it where both stream. What is done stays in `work`, also when a step fails. A step that fails ends
 * those that take from it; the others go on, and then the attempt fails. A step that refuses a text before it has
 * taken any of it ends all: better now than after the work.
 */
export async function runSteps(attempt: Attempt, signal: AbortSignal): Promise<void> {
  const { batch, executors } = attempt;
  const { work } = attempt.job;
  const sources = sourcesOf(batch);
  const all = new AbortController();
  const links: Link[] = [];
  const graph = { attempt, links, all, signal: AbortSignal.any([signal, all.signal]) };
  for (const [step, from] of sources.entries()) {
    const made = work.made[step];
    const mayStream = sources.some(
      (others, taker) => streamsFrom(others, step) && executors[taker]?.streams,
    );
    const link: Link = {
      step,
      givers: from.map((source) => (source === ITEM ? undefined : links[source])),
      flow: made === undefined && mayStream && executors[step]?.streams ? new Flow() : undefined,
      stop: new AbortController(),
      done: Promise.reject(new Error('The step was not begun.')),
      begun: false,
      finished: made !== undefined,
    };
    link.done.catch(() => {});
    links.push(link);
    link.done = made === undefined ? runLink(graph, link) : Promise.resolve(made);
    // All of them are awaited below, but any may reject before.
    link.done.catch(() => {});
  }
  const ends = await Promise.allSettled(links.map((link) => link.done));
  signal.throwIfAborted();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** A step that works on one thing alone may have it while it is being made. */
function streamsFrom(sources: readonly number[], giver: number): boolean {
  return sources.length === 1 && sources[0] === giver;
}

async function runLink(graph: Graph, link: Link): Promise<Made> {
  const { job } = graph.attempt;
  const { item } = job.work.plan;
  const signal = AbortSignal.any([graph.signal, link.stop.signal]);
  let input: StepJob['input'] | undefined;
  try {
    input = await inputOf(graph, link);
    signal.throwIfAborted();
    const made = await runGiver(graph, link, input, signal);
    link.finished = true;
    link.flow?.end(made.value);
    if (isUnderWay(graph)) {
      job.emit({ type: 'progress', item, step: link.step, progress: { fraction: 1 } });
    }
    return made;
  } catch (error) {
    link.finished = true;
    for (const taker of graph.links) if (taker.givers.includes(link)) taker.stop.abort(error);
    if (error instanceof StepFailure && !signal.aborted) {
      const refused = input !== undefined && 'flow' in input && !input.flow.touched;
      if (refused && !error.retry) graph.all.abort(error);
      else if (isUnderWay(graph)) {
        const lines = [`${error.message} The steps that do not need it go on.`];
        job.emit({ type: 'log', item, step: link.step, stream: 'err', lines });
      }
    }
    throw error;
  }
}

function isUnderWay({ links }: Graph): boolean {
  return links.some((link) => !link.finished);
}

/** What a step is given: the text of the step before while it is being made, or what that one has made. */
async function inputOf({ attempt }: Graph, link: Link): Promise<StepJob['input']> {
  const { executors, job } = attempt;
  const [giver] = link.givers;
  if (giver === undefined) return itemValue(job.work.plan);
  if (giver.flow !== undefined && link.givers.length === 1) {
    const ends = [executors[giver.step], executors[link.step]] as const;
    const [out, into] = await Promise.all(ends.map((executor) => executor?.streams?.()));
    if (out?.has('out') && into?.has('in')) return { flow: giver.flow.reader() };
  }
  return handedOn(await giver.done);
}

/** A step that only did something hands on nothing. */
function handedOn({ value }: Made): Value {
  return value ?? { text: '' };
}

/** Does a step. One that others take from may go on from what is there where it breaks off. */
async function runGiver(
  graph: Graph,
  link: Link,
  input: StepJob['input'],
  signal: AbortSignal,
): Promise<Made> {
  const { batch, executors, job } = graph.attempt;
  const { item } = job.work.plan;
  const { step, flow } = link;
  for (let broken = 1; ; broken += 1) {
    try {
      return await runStep(graph, link, input, signal);
    } catch (error) {
      const known = error instanceof StepFailure;
      if (signal.aborted || !known || !error.retry || broken > batch.retries) throw error;
      if (flow === undefined || flow.text === '') throw error;
      const streams = await executors[step]?.streams?.();
      if (streams?.has('resume') !== true) throw error;
      const delay = delayAfter(error, batch.backoff, broken);
      const line = `${error.message} It goes on in ${(delay / 1000).toFixed(1)} s, behind the ${flow.text.length} characters that are there.`;
      job.emit({ type: 'log', item, step, stream: 'err', lines: [line] });
      await sleep(delay, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

async function runStep(
  graph: Graph,
  link: Link,
  input: StepJob['input'],
  signal: AbortSignal,
): Promise<Made> {
  const { job } = graph.attempt;
  const { step } = link;
  signal.throwIfAborted();
  const staged = await job.stage(step);
  const inputs = await inputsOf(graph, link);
  const outcome = await execute(graph, link, {
    input,
    inputs,
    staged,
    wanted: staged !== '',
    signal,
  });
  // What led to a result is recorded with it, and comes before it.
  const before = await Promise.all(link.givers.map((giver) => giver?.done));
  signal.throwIfAborted();
  const led = before.flatMap((made) => [...(made?.steps ?? [])]);
  const steps = new Map<number, StepProvenance>([...led, [step, outcome.provenance]]);
  return job.made(step, staged, outcome, steps);
}

/** All that a step works on, by the names that it gives them, where these are a list. */
async function inputsOf({ attempt }: Graph, link: Link): Promise<StepJob['inputs']> {
  const { batch, job } = attempt;
  const { from } = batch.steps[link.step] ?? {};
  if (!Array.isArray(from)) return undefined;
  const values = await Promise.all(
    link.givers.map(async (giver) =>
      giver === undefined ? itemValue(job.work.plan) : handedOn(await giver.done),
    ),
  );
  const names = namesOf({ from }) ?? [];
  return Object.fromEntries(values.map((value, index) => [names[index] ?? '', value]));
}

async function execute(
  graph: Graph,
  link: Link,
  given: Pick<StepJob, 'input' | 'inputs' | 'staged' | 'wanted' | 'signal'>,
): Promise<StepOutcome> {
  const { batch, executors, job } = graph.attempt;
  const { step, flow } = link;
  const { input } = given;
  const executor = executors[step];
  if (executor === undefined) throw new Error(`There is no step ${step}.`);
  const { plan, order } = job.work;
  const { item } = plan;
  const silence = watchSilence(batch.silence, (quiet) => {
    // It waits for the step before it, which has a watch of its own.
    if ('flow' in input && input.flow.idle) return;
    job.emit({ type: 'silence', item, step, seconds: quiet });
  });
  const begun = flow === undefined || flow.text === '' ? {} : { begun: flow.text };
  try {
    return await executor.run({
      ...given,
      item: plan,
      step,
      order,
      fromItem: link.givers[0] === undefined,
      begin: (pid, canFinish = false) => {
        const others = graph.links.filter((other) => other !== link);
        const beside = others.filter((other) => other.begun && !other.finished);
        const finished = others.filter((other) => other.finished).length;
        link.begun = true;
        job.emit({
          type: 'step',
          item,
          step,
          ...(pid === undefined ? {} : { pid }),
          ...(beside.length === 0 && finished === step
            ? {}
            : { beside: beside.map((other) => other.step), finished }),
          ...(canFinish ? { canFinish } : {}),
        });
      },
      keep: job.keep(step),
      into: flow,
      ...begun,
      emit: (fact) => job.emit(fact),
      alive: silence.alive,
    });
  } finally {
    silence.stop();
  }
}
