import { createWriteStream, type WriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { type StepPlan, usesPlaceholder } from '../batch/plan.ts';
import type { Step } from '../batch/schema.ts';
import { stepName } from '../batch/step-name.ts';
import { type Exit, type Program, startProgram } from '../process/program.ts';
import type { Memory } from '../progress/detector.ts';
import { createOutput, type Output } from '../progress/output.ts';
import { plainText } from '../protocol/escapes.ts';
import type { StreamName } from '../protocol/events.ts';
import { commandOf } from './command.ts';
import type { Executor, StepJob, StepOutcome } from './executor.ts';
import { StepFailure } from './failure.ts';

/** A program started anew for each item. */
export class ProgramExecutor implements Executor {
  readonly #step: Step;
  readonly #plan: StepPlan;
  readonly #run: string;
  readonly #name: string;
  readonly #programs = new Set<Program>();
  /** The program writes its result itself; otherwise its result is its standard output. */
  readonly #writes: boolean;

  constructor(step: Step, plan: StepPlan, run: string) {
    this.#step = step;
    this.#plan = plan;
    this.#run = run;
    this.#name = stepName(step);
    this.#writes = step.shell
      ? /SLUICE_OUT(PUT|DIR)/.test(String(step.run))
      : usesPlaceholder(step, 'output') || usesPlaceholder(step, 'outdir');
  }

  async run(job: StepJob): Promise<StepOutcome> {
    const { item, step, staged, signal } = job;
    const input = await this.#input(job);
    const tag = `${this.#run}.${item.item}.${step}`;
    const capture = job.wanted && !this.#writes ? createWriteStream(staged) : undefined;
    // One stream may say how long it is of which the other tells how far it is.
    const memory: Memory = {};
    const err = this.#reader(job, 'err', memory);
    const out = this.#reader(job, 'out', memory);
    const command = commandOf(this.#step, this.#plan, item, input, staged, tag);
    // Its output is looked at by people only, unless it is the result.
    const program = startProgram(
      { ...command, mayMerge: capture === undefined },
      {
        onOut: (chunk) => {
          job.alive();
          out.push(chunk);
          if (capture?.write(chunk) === false) waitFor(capture, program);
        },
        onErr: (chunk) => {
          job.alive();
          err.push(chunk);
        },
      },
    );
    const { pid } = program;
    job.begin(pid);
    if (program.note !== undefined) {
      job.emit({ type: 'log', item: item.item, step, stream: 'err', lines: [program.note] });
    }
    this.#programs.add(program);
    let stopped: Promise<void> | undefined;
    const stop = (): void => {
      stopped = program.stop();
    };
    // A full disk: the program must not wait for it, nor the runner break.
    capture?.on('error', stop);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      const exit = await program.exited;
      await stopped;
      await Promise.all([out.end(), err.end()]);
      capture?.end();
      if (capture !== undefined) await finished(capture);
      signal.throwIfAborted();
      this.#check(exit, err.lastLine ?? out.lastLine);
      if (capture?.bytesWritten === 0) {
        throw new StepFailure({
          message: `${this.#name} ended well, but it printed nothing, so there is no result.`,
          hint: 'A program that writes a file itself takes its path from {output}.',
        });
      }
      return {
        value: job.wanted ? { file: staged } : undefined,
        provenance: { name: this.#name },
      };
    } finally {
      signal.removeEventListener('abort', stop);
      this.#programs.delete(program);
      capture?.destroy();
    }
  }

  hold(held: boolean): void {
    for (const program of this.#programs) {
      if (held) program.pause();
      else program.resume();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#programs].map((program) => program.stop()));
  }

  /** A text that a step made is long: a program gets it as a file. An input's own text it gets as it is. */
  async #input({ input, staged, fromItem }: StepJob): Promise<string> {
    if ('flow' in input) throw new Error('A program does not take a text in pieces.');
    if ('file' in input) return input.file;
    if (fromItem) return input.text;
    const path = `${staged.replace(/[\\/]$/, '')}.input.txt`;
    await writeFile(path, input.text);
    return path;
  }

  #reader(
    job: StepJob,
    stream: StreamName,
    memory: Memory,
  ): Output & { lastLine?: string | undefined } {
    const { emit, step } = job;
    const { item } = job.item;
    const reader: Output & { lastLine?: string | undefined } = createOutput(
      {
        onLines: (lines) => {
          const last = lines.findLast((line) => plainText(line).trim() !== '');
          if (last !== undefined) reader.lastLine = plainText(last);
          emit({ type: 'log', item, step, stream, lines });
        },
        onProgress: (progress) => emit({ type: 'progress', item, step, progress }),
      },
      { memory },
    );
    return reader;
  }

  #check(exit: Exit, lastLine: string | undefined): void {
    if (exit.failure !== undefined) throw new StepFailure(exit.failure, { retry: false });
    if (exit.code === 0) return;
    const how =
      exit.signal === null ? `ended with exit code ${exit.code}` : `was killed by ${exit.signal}`;
    const last = lastLine === undefined ? '' : ` It said last: ${lastLine.trim().slice(0, 300)}`;
    throw new StepFailure({ message: `${this.#name} ${how}.${last}` });
  }
}

function waitFor(file: WriteStream, program: Program): void {
  program.pause();
  file.once('drain', () => program.resume());
}
