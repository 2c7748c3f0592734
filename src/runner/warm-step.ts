import { fillDeep } from '../batch/placeholders.ts';
import type { StepPlan } from '../batch/plan.ts';
import type { Step } from '../batch/schema.ts';
import { stepName } from '../batch/step-name.ts';
import { childEnvironment } from '../process/environment.ts';
import type { ProgramOptions } from '../process/program.ts';
import { STEP_PROTOCOL_VERSION, type StepItem, type Streaming } from '../protocol/step.ts';
import { commandOf } from './command.ts';
import type { Executor, StepJob, StepOutcome } from './executor.ts';
import { StepFailure } from './failure.ts';
import { builtFile } from './start.ts';
import type { TextService } from './text-service.ts';
import { WarmProcess } from './warm-process.ts';

/**
 * What steps are made of are many short-lived buffers: V8 lets them grow to 200 MB where memory is free, and is no
 * faster for it.
 */
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];

/** One program that serves the items of a run one after another, or some at once, and stays warm. */
export class WarmExecutor implements Executor {
  readonly #step: Step;
  readonly #index: number;
  readonly #plan: StepPlan;
  readonly #run: string;
  readonly #name: string;
  readonly #text: TextService;
  #process: WarmProcess | undefined;

  constructor(step: Step, index: number, plan: StepPlan, run: string, text: TextService) {
    this.#step = step;
    this.#index = index;
    this.#plan = plan;
    this.#run = run;
    this.#name = stepName(step);
    this.#text = text;
  }

  async run(job: StepJob): Promise<StepOutcome> {
    const target = job.item.outputs[job.step];
    const item: Omit<StepItem, 'id'> = {
      type: 'item',
      ...('flow' in job.input ? { stream: true } : job.input),
      ...(job.inputs === undefined ? {} : { inputs: job.inputs }),
      ...(job.begun === undefined ? {} : { begun: job.begun }),
      with: await this.#options(job),
      output: job.staged,
      ...(target === undefined ? {} : { target }),
      keep: job.keep,
      title: job.item.title,
      index: job.item.item,
      total: this.#plan.total,
      run: this.#plan.name,
    };
    const done = await this.#warm().work(item, job);
    const { engine, model, mime, seconds, beside, files } = done;
    return {
      value: done.file === true ? { file: job.staged } : { text: done.text ?? '' },
      mime,
      seconds,
      beside,
      files,
      provenance: {
        name: this.#name,
        ...(engine === undefined ? {} : { engine }),
        ...(model === undefined ? {} : { model }),
      },
    };
  }

  streams(): Promise<ReadonlySet<Streaming>> {
    return this.#warm().streams;
  }

  hold(held: boolean): void {
    this.#process?.hold(held);
  }

  finish(item: number): boolean {
    return this.#process?.finish(item) === true;
  }

  async close(): Promise<void> {
    await this.#process?.close();
  }

  #warm(): WarmProcess {
    if (this.#process?.ended === false) return this.#process;
    const hello = {
      type: 'hello',
      protocol: STEP_PROTOCOL_VERSION,
      workspace: this.#plan.workspace,
      concurrency: this.#plan.concurrency,
    } as const;
    this.#process = new WarmProcess(this.#name, this.#command(), hello, this.#text);
    return this.#process;
  }

  #command(): ProgramOptions {
    const tag = `${this.#run}.warm.${this.#index}`;
    const { uses, env = {} } = this.#step;
    if (uses === undefined) return commandOf(this.#step, this.#plan, undefined, '', '', tag);
    return {
      program: process.execPath,
      args: [...NODE_OPTIONS, builtFile(`steps/${uses}.js`)],
      cwd: this.#plan.workspace,
      env: childEnvironment({ extra: { ...env, ELECTRON_RUN_AS_NODE: '1' } }),
      tag,
    };
  }

  /** The step's `with`, placeholders filled in and checked: `{row.voice}` may be no voice. */
  async #options(job: StepJob): Promise<Readonly<Record<string, unknown>>> {
    const given = fillDeep(this.#step.with ?? {}, job.item.values) as Record<string, unknown>;
    const { uses } = this.#step;
    if (uses === undefined) return given;
    const { BUILT_IN_STEPS } = await import('../batch/uses.ts');
    const read = (options: Readonly<Record<string, unknown>>) =>
      BUILT_IN_STEPS[uses].safeParse(options, { reportInput: true });
    const asText = read(given);
    const checked = asText.success ? asText : read(withScalars(given, asText.error.issues));
    if (checked.success) return checked.data;
    const { explain } = await import('../batch/explain.ts');
    const [issue] = checked.error.issues;
    const message = issue === undefined ? 'not valid' : explain(issue);
    const where = job.item.source;
    throw new StepFailure(
      {
        message: `In step ${this.#name}, ${message}.`,
        ...(where === undefined ? {} : { where }),
      },
      { retry: false },
    );
  }
}

/** A value of a row is a text: where that is refused, a number or a truth value that it may stand for. */
function withScalars(
  options: Readonly<Record<string, unknown>>,
  issues: readonly { readonly path: readonly PropertyKey[] }[],
): Readonly<Record<string, unknown>> {
  const refused = new Set(issues.map(({ path }) => path[0]));
  const entries = Object.entries(options).map(([key, value]) => [
    key,
    refused.has(key) && typeof value === 'string' ? scalarOf(value) : value,
  ]);
  return Object.fromEntries(entries);
}

function scalarOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
