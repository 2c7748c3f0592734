import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { type ScheduleOptions, scheduleOptions } from '../batch/uses/schedule.ts';
import { EngineError } from '../engines/error.ts';
import { InputError } from '../engines/scheduling/input-error.ts';
import { optimise, type Programs } from '../engines/scheduling/optimise.ts';
import type { Problem } from '../engines/scheduling/problem.ts';
import { readProblem } from '../engines/scheduling/read.ts';
import { filesOf, scheduleOf } from '../engines/scheduling/results.ts';
import { decodeUtf8 } from '../engines/text/utf8.ts';
import { systemClock } from '../progress/clock.ts';
import { IntervalGate, Thinner } from '../progress/thin.ts';
import type { Iteration } from '../protocol/events.ts';
import type { StepItem } from '../protocol/step.ts';
import { type Done, type StepContext, serveStep } from './serve.ts';

/** What is beside this bundle. */
const PROGRAMS: Programs = {
  search: new URL('./schedule-search.js', import.meta.url),
  bound: new URL('./schedule-bound.js', import.meta.url),
  wasm: new URL('./highs.wasm', import.meta.url),
};
/** Tasks of a schedule that is shown: one with more is only in the result. */
const TASKS_SHOWN = 5000;
/** Ms between two schedules. */
const SCHEDULE_MS = 250;

/** Finds a schedule for the tasks of an item and writes it to the files at and beside its `output`. */
async function schedule(item: StepItem, context: StepContext): Promise<Done> {
  const options = parseOptions(item);
  const problem = await readItem(item, options);
  const iterations: Iteration[] = [];
  const shown = new Thinner<Int32Array>(new IntervalGate(SCHEDULE_MS), systemClock, (assignment) =>
    context.schedule(scheduleOf(problem, assignment).schedule),
  );
  const { assignment } = await optimise(problem, options, {
    programs: PROGRAMS,
    signal: context.signal,
    finish: context.finish,
    onIteration: (iteration) => {
      iterations.push(iteration);
      context.iteration(iteration);
      context.progress(progressOf(iteration, options));
    },
    onBetter: (assignment) => {
      if (problem.tasks.length <= TASKS_SHOWN) shown.push(assignment);
    },
  });
  shown.flush();
  const found = scheduleOf(problem, assignment);
  const files = filesOf({ ...found, title: item.title, problem, options, iterations });
  return { ...(await writeAll(files, item.output)), engine: options.algorithm };
}

function parseOptions(item: StepItem): ScheduleOptions {
  const parsed = scheduleOptions.safeParse(item.with);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new EngineError(`the options of schedule are wrong: ${problems.join('; ')}`, {
    retry: false,
  });
}

async function readItem({ text, file }: StepItem, { machines }: ScheduleOptions): Promise<Problem> {
  if (file !== undefined)
    return readProblem(decodeUtf8(await readFile(file), file), file, machines);
  try {
    return readProblem(text ?? '', undefined, machines);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // A file's place is told beside the message; a text has none.
    const { line, column, message, hint } = error;
    throw new EngineError(`line ${line}, column ${column} of the input: ${message}`, {
      hint,
      retry: false,
    });
  }
}

function progressOf(
  { iteration, seconds }: Iteration,
  { n_iterations: total, time_limit: limit = 10 }: ScheduleOptions,
) {
  return total === undefined
    ? { phase: 'search', fraction: Math.min(1, seconds / limit) }
    : { phase: 'search', done: iteration, total, unit: 'iterations', fraction: iteration / total };
}

/** Writes the report's files: at `output` the one with its ending, the others beside it. */
async function writeAll(
  files: Readonly<Record<string, string>>,
  output: string,
): Promise<Pick<Done, 'file' | 'beside'>> {
  const ending = extname(output);
  if (files[ending] === undefined) {
    throw new EngineError(
      `a schedule is written as .csv, .json or .md, not as ${ending || 'a file without an ending'}`,
      {
        hint: 'Change the ending of `output` in the batch file.',
        retry: false,
      },
    );
  }
  const stem = basename(output, ending);
  await Promise.all(
    Object.entries(files).map(([end, text]) => writeFile(join(dirname(output), stem + end), text)),
  );
  const others = Object.keys(files).filter((end) => end !== ending);
  return { file: true, beside: others.map((end) => stem + end) };
}

function placesFor(item: StepItem | undefined): number {
  const { data } = scheduleOptions.safeParse(item?.with ?? {});
  return Math.max(1, Math.floor(availableParallelism() / (data?.starts ?? 1)));
}

await serveStep(schedule, { canFinish: true, concurrency: placesFor });
