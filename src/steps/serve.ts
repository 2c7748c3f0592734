import { EngineError } from '../engines/error.ts';
import type { Schedule, SoundPart } from '../protocol/events.ts';
import {
  type FromStep,
  STEP_PROTOCOL_VERSION,
  type StepItem,
  type Streaming,
  type TextAnswer,
  type TextRequest,
} from '../protocol/step.ts';
import { Asking } from './asking.ts';
import { readLines, type Send, takeStdout } from './channel.ts';
import { Pieces } from './pieces.ts';

type Line<T extends FromStep['type']> = Extract<FromStep, { type: T }>;

/** What a handler answers: the `done` line without its `type` and `id`. */
export type Done = Omit<Line<'done'>, 'type' | 'id'>;

/** A `progress` line without its `type` and `id`. */
type StepProgress = Omit<Line<'progress'>, 'type' | 'id'>;

/** An `iteration` line without its `type` and `id`. */
type StepIteration = Omit<Line<'iteration'>, 'type' | 'id'>;

/** What a handler may say while it works on an item. */
export interface StepContext {
  /** The text of an item with `stream`, as it comes. */
  readonly pieces: Pieces;
  /** Aborted when the item is cancelled, or when nobody reads the step's output any more. */
  readonly signal: AbortSignal;
  /** Aborted when the best so far is wanted at once, as the result. */
  readonly finish: AbortSignal;
  progress(progress: StepProgress): void;
  iteration(iteration: StepIteration): void;
  /** The best schedule so far. */
  schedule(schedule: Schedule): void;
  /** More of the text that is being made. */
  text(text: string): void;
  log(text: string): void;
  /** Something about the item that a person should read. */
  note(text: string): void;
  /** A part of the sound can be played. */
  sound(file: string, part: SoundPart): void;
  /** Asks the host for a text, in pieces. Throws an `EngineError`, or the reason of the signal. */
  ask(request: TextRequest, signal: AbortSignal): AsyncGenerator<string, TextAnswer>;
}

export type StepHandler = (item: StepItem, context: StepContext) => Promise<Done>;

export interface ServeOptions {
  /** How the step can stream; not at all when left out. */
  readonly streams?: readonly Streaming[];
  /** The handler listens to `finish`. */
  readonly canFinish?: boolean;
  /**
   * Items at once. A function is asked without an item at the start, and again with each item;
   * when its answer changes, the step says `ready` again with the new number.
   */
  readonly concurrency: number | ((item?: StepItem) => number);
  /** Lets go of models and children when no more items come. */
  close?(): Promise<void>;
}

interface Job {
  readonly item: StepItem;
  readonly controller: AbortController;
  readonly finish: AbortController;
  readonly pieces: Pieces;
}

/**
 * Runs a warm step on standard input and output: answers `hello` by `ready`, hands each `item` to
 * the handler, and ends the process when standard input has ended and the last item is answered.
 * An error that the handler throws becomes an `error` line, with its `hint`, `retry` and `retryAfter`
 * where it has them (as `EngineError` does).
 */
export async function serveStep(handler: StepHandler, options: ServeOptions): Promise<void> {
  const jobs = new Map<string, Job>();
  const waiting: Job[] = [];
  const running = new Set<Promise<void>>();
  const { send, flush } = takeStdout(() => {
    for (const job of jobs.values()) job.controller.abort();
  });
  const asking = new Asking(send);
  const places = (item?: StepItem) =>
    typeof options.concurrency === 'number' ? options.concurrency : options.concurrency(item);
  let concurrency = 0;
  const announce = (wanted: number) => {
    if (wanted === concurrency) return;
    concurrency = wanted;
    const { streams, canFinish } = options;
    send({
      type: 'ready',
      concurrency,
      ...(streams && { streams }),
      ...(canFinish && { canFinish }),
    });
  };
  const start = () => {
    while (running.size < concurrency) {
      const job = waiting.shift();
      if (!job) return;
      const work = runJob(handler, job, send, asking).finally(() => {
        jobs.delete(job.item.id);
        running.delete(work);
        start();
      });
      running.add(work);
    }
  };

  for await (const line of readLines(process.stdin, (text) => send({ type: 'log', text }))) {
    if (line.type === 'hello') {
      if (line.protocol !== STEP_PROTOCOL_VERSION) {
        const text = `speaks version ${STEP_PROTOCOL_VERSION} of the step protocol, not ${line.protocol}`;
        send({ type: 'log', text });
        process.exitCode = 1;
        break;
      }
      announce(Math.max(1, places()));
    } else if (line.type === 'item') {
      if (jobs.has(line.id)) {
        send({ type: 'log', id: line.id, text: `item ${line.id} is already under way` });
        continue;
      }
      const controller = new AbortController();
      const took = (piece: number) => send({ type: 'took', id: line.id, piece });
      const finish = new AbortController();
      const job = { item: line, controller, finish, pieces: new Pieces(took, controller.signal) };
      jobs.set(line.id, job);
      waiting.push(job);
      announce(Math.max(1, places(line)));
      start();
    } else if (line.type === 'piece') {
      jobs.get(line.id)?.pieces.push(line);
    } else if (line.type === 'end') {
      jobs.get(line.id)?.pieces.end(line.file);
    } else if (line.type === 'finish') {
      jobs.get(line.id)?.finish.abort();
    } else if (line.type !== 'cancel') {
      asking.take(line);
    } else {
      jobs.get(line.id)?.controller.abort();
      const index = waiting.findIndex((job) => job.item.id === line.id);
      if (index < 0) continue;
      waiting.splice(index, 1);
      jobs.delete(line.id);
      send(cancelled(line.id));
    }
  }
  asking.close();
  for (const { pieces } of jobs.values()) pieces.hostGone();
  while (running.size > 0) await Promise.all(running);
  await options.close?.();
  await flush();
  // Native libraries may keep threads alive that nobody needs any more.
  process.exit();
}

async function runJob(handler: StepHandler, job: Job, send: Send, asking: Asking): Promise<void> {
  const { id } = job.item;
  const { signal } = job.controller;
  try {
    const done = await handler(job.item, {
      signal,
      finish: job.finish.signal,
      pieces: job.pieces,
      progress: (progress) => send({ type: 'progress', id, ...progress }),
      iteration: (iteration) => send({ type: 'iteration', id, ...iteration }),
      schedule: (schedule) => send({ type: 'schedule', id, schedule }),
      text: (text) => send({ type: 'text', id, text }),
      log: (text) => send({ type: 'log', id, text }),
      note: (text) => send({ type: 'note', id, text }),
      sound: (file, part) => send({ type: 'sound', id, file, ...part }),
      ask: (request, until) => asking.text(id, request, until),
    });
    send({ type: 'done', id, ...done });
  } catch (error) {
    if (signal.aborted) send(cancelled(id));
    else send(errorLine(id, error));
  }
}

function cancelled(id: string): FromStep {
  return { type: 'error', id, message: 'cancelled', retry: false };
}

function errorLine(id: string, error: unknown): FromStep {
  if (!(error instanceof Error)) return { type: 'error', id, message: String(error) };
  const { hint, retry, retryAfter, line, column } = knowledgeOf(error);
  // What nobody foresaw needs its stack to be found.
  if (!(error instanceof EngineError) && hint === undefined) console.error(error);
  return {
    type: 'error',
    id,
    message: error.message,
    ...(typeof hint === 'string' && { hint }),
    ...(typeof retry === 'boolean' && { retry }),
    ...(typeof retryAfter === 'number' && { retryAfter }),
    ...(typeof line === 'number' && { line }),
    ...(typeof column === 'number' && { column }),
  };
}

/** Errors of other folders, such as the model store's, have the same properties. */
function knowledgeOf(error: object): {
  [K in 'hint' | 'retry' | 'retryAfter' | 'line' | 'column']?: unknown;
} {
  return error;
}
