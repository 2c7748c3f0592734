import { dirname, resolve, sep } from 'node:path';
import { relativePath } from '../batch/paths.ts';
import { LINE_LIMIT, LineSplitter } from '../process/lines.ts';
import { type Program, type ProgramOptions, startProgram } from '../process/program.ts';
import { systemClock } from '../progress/clock.ts';
import { Coalescer } from '../progress/coalesce.ts';
import { IntervalGate, IterationGate, Thinner } from '../progress/thin.ts';
import { colouredText, plainText } from '../protocol/escapes.ts';
import type { Iteration, Schedule } from '../protocol/events.ts';
import type { FromStep, StepItem, Streaming, ToStep } from '../protocol/step.ts';
import { Asks } from './asks.ts';
import type { StepJob } from './executor.ts';
import { StepFailure } from './failure.ts';
import type { FlowReader } from './flow.ts';
import { parseReply } from './reply.ts';
import type { TextService } from './text-service.ts';

/** A step that does not answer to a cancel within so many ms is ended. */
const CANCEL_MS = 2000;
/** A step that does not end by itself when its input has ended is ended after so many ms. */
const CLOSE_MS = 5000;
/** Characters of one answer: a step may give back a whole book. */
const REPLY_LIMIT = 64 << 20;
/** Characters of a note: a person reads it. */
const NOTE_LIMIT = 1000;
/** Ms between two schedules of an item: each takes the place of the one before. */
const SCHEDULE_MS = 250;

type Hello = Extract<ToStep, { type: 'hello' }>;
type Done = Extract<FromStep, { type: 'done' }>;

interface Task {
  readonly item: Omit<StepItem, 'id'>;
  /** Names it to the step; empty while it waits. */
  id: string;
  readonly job: StepJob;
  readonly progress: Coalescer;
  readonly iterations: Thinner<Iteration>;
  readonly schedules: Thinner<Schedule>;
  /** When it was given to the step, in ms. */
  begun: number;
  text: string;
  /** How far it is, as it said last. */
  fraction?: number | undefined;
  /** The window that was writing for it has gone. */
  lost: boolean;
  resolve(done: Done): void;
  reject(error: unknown): void;
}

/** A process that speaks the step protocol. Starts at once; ends with `close`, or by itself. */
export class WarmProcess {
  readonly #workspace: string;
  readonly #program: Program;
  readonly #waiting: Task[] = [];
  readonly #active = new Map<string, Task>();
  readonly #asks: Asks;
  /** Items at once; 0 until the step is ready. */
  #places = 0;
  #nextId = 1;
  #canFinish = false;
  #lastError = '';
  #ended = false;
  #stopped = false;
  /** Who wants its output to wait: the log of the run, and flows whose takers are slow. */
  readonly #holders = new Set<unknown>();
  readonly #streams = Promise.withResolvers<ReadonlySet<Streaming>>();

  /** `text` writes what the step asks for. */
  constructor(name: string, command: ProgramOptions, hello: Hello, text: TextService) {
    this.#workspace = hello.workspace;
    this.#asks = new Asks(text, (answer) => this.#send(answer));
    const out = new LineSplitter(REPLY_LIMIT);
    const err = new LineSplitter();
    const takeAll = (lines: readonly string[]): void => {
      for (const line of lines) this.#take(line);
    };
    this.#program = startProgram(
      { ...command, stdin: 'pipe' },
      {
        onOut: (chunk) => takeAll(out.push(chunk)),
        onErr: (chunk) => this.#log(undefined, err.push(chunk)),
      },
    );
    void this.#program.exited.then((exit) => {
      takeAll(out.end());
      this.#log(undefined, err.end());
      this.#ended = true;
      this.#streams.resolve(new Set());
      this.#asks.close();
      const how =
        exit.signal === null ? `ended with exit code ${exit.code}` : `was killed by ${exit.signal}`;
      const last = this.#lastError === '' ? '' : ` It said last: ${this.#lastError}`;
      const failure = exit.failure ?? {
        message: `The step ${name} ${how} before it was done.${last}`,
      };
      // Ended because another item was cancelled and the step did not let go of it.
      const innocent = this.#stopped;
      const gone = new StepFailure(failure, { retry: exit.failure === undefined, innocent });
      for (const task of [...this.#active.values(), ...this.#waiting.splice(0)]) {
        task.reject(task.job.signal.aborted ? task.job.signal.reason : gone);
      }
      this.#active.clear();
    });
    this.#send(hello);
  }

  /** How it can stream: known when it is ready. Empty for one that ended before. */
  get streams(): Promise<ReadonlySet<Streaming>> {
    return this.#streams.promise;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Does an item when there is a place for it. Rejects with StepFailure, or the reason of the signal. */
  async work(item: Omit<StepItem, 'id'>, job: StepJob): Promise<Done> {
    const { signal } = job;
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Done>();
    const who = { item: job.item.item, step: job.step };
    const progress = new Coalescer(systemClock, (progress) =>
      job.emit({ type: 'progress', ...who, progress }),
    );
    const iterations = new Thinner<Iteration>(new IterationGate(), systemClock, (iteration) =>
      job.emit({ type: 'iteration', ...who, ...iteration }),
    );
    const schedules = new Thinner<Schedule>(
      new IntervalGate(SCHEDULE_MS),
      systemClock,
      (schedule) => job.emit({ type: 'schedule', ...who, schedule }),
    );
    const task: Task = {
      item,
      id: '',
      job,
      progress,
      iterations,
      schedules,
      begun: 0,
      text: job.begun ?? '',
      lost: false,
      resolve,
      reject,
    };
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      // Its answer must be read.
      this.#hold(task, false);
      if (task.id === '') {
        this.#waiting.splice(this.#waiting.indexOf(task), 1);
        reject(signal.reason);
        return;
      }
      this.#send({ type: 'cancel', id: task.id });
      timer = setTimeout(() => {
        this.#stopped = true;
        void this.#program.stop();
      }, CANCEL_MS);
    };
    signal.addEventListener('abort', cancel, { once: true });
    if (job.into !== undefined) job.into.giver = (held) => this.#hold(task, held);
    this.#waiting.push(task);
    // Items that began together may come in any order.
    this.#waiting.sort((a, b) => a.job.order - b.job.order);
    this.#next();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      progress.flush();
      iterations.flush();
      schedules.flush();
      if (job.into !== undefined) job.into.giver = () => {};
      this.#hold(task, false);
      if ('flow' in job.input) job.input.flow.detach();
      signal.removeEventListener('abort', cancel);
      this.#active.delete(task.id);
      this.#next();
    }
  }

  hold(held: boolean): void {
    this.#hold(this, held);
  }

  #hold(holder: unknown, held: boolean): void {
    const before = this.#holders.size;
    if (held) this.#holders.add(holder);
    else this.#holders.delete(holder);
    const { size } = this.#holders;
    if (before === 0 && size > 0) this.#program.pause();
    if (before > 0 && size === 0) this.#program.resume();
  }

  /** Asks for the best so far of an item. False when it is not under way, or the step cannot. */
  finish(item: number): boolean {
    const task = [...this.#active.values()].find(({ job }) => job.item.item === item);
    if (task === undefined || !this.#canFinish) return false;
    this.#send({ type: 'finish', id: task.id });
    return true;
  }

  async close(): Promise<void> {
    this.#program.stdin?.end();
    const timer = setTimeout(() => void this.#program.stop(), CLOSE_MS);
    await this.#program.exited;
    clearTimeout(timer);
    await this.#program.stop();
  }

  #next(): void {
    while (this.#active.size < this.#places) {
      const task = this.#waiting.shift();
      if (task === undefined) return;
      task.id = String(this.#nextId++);
      task.begun = performance.now();
      this.#active.set(task.id, task);
      const { job } = task;
      const { pid } = this.#program;
      job.begin(pid, this.#canFinish);
      this.#send({ ...task.item, id: task.id });
      if ('flow' in job.input) this.#feed(task, job.input.flow);
    }
  }

  #feed({ id, job }: Task, flow: FlowReader): void {
    flow.attach({
      piece: (piece, text, fraction) => {
        job.alive();
        const told = fraction === undefined ? {} : { fraction };
        this.#send({ type: 'piece', id, piece, text, ...told });
      },
      end: (file) => this.#send({ type: 'end', id, ...(file === undefined ? {} : { file }) }),
    });
  }

  #send(message: ToStep): void {
    this.#program.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  #take(line: string): void {
    const message = parseReply(line);
    if (message === undefined) {
      this.#log(undefined, [line]);
      return;
    }
    if (message.type === 'ready') {
      this.#places = Math.max(1, message.concurrency ?? 1);
      this.#canFinish = message.canFinish === true;
      this.#streams.resolve(new Set(message.streams));
      this.#next();
      return;
    }
    if (message.type === 'withdraw') {
      this.#asks.withdraw(message.ask);
      return;
    }
    const task = message.id === undefined ? undefined : this.#active.get(message.id);
    if (message.type === 'log') {
      this.#log(task, message.text.split('\n'));
      return;
    }
    if (task === undefined) return;
    // What comes behind an answer, perhaps in the same breath, counts for nothing.
    if (message.type === 'done' || message.type === 'error') this.#active.delete(task.id);
    this.#reply(task, message);
  }

  #reply(task: Task, message: Exclude<FromStep, { type: 'ready' | 'log' | 'withdraw' }>): void {
    const { job } = task;
    job.alive();
    switch (message.type) {
      case 'progress': {
        const { type: _, id: __, ...progress } = message;
        task.fraction = progress.fraction ?? task.fraction;
        task.progress.push(progress);
        return;
      }
      case 'text':
        task.text += message.text;
        job.emit({ type: 'text', item: job.item.item, step: job.step, text: message.text });
        job.into?.push(message.text, task.fraction);
        return;
      case 'took':
        if ('flow' in job.input) job.input.flow.took(message.piece);
        return;
      case 'sound': {
        const { type, id: _, file, ...part } = message;
        // What a surface will read is a file that the step has made for this item, and no other.
        if (!resolve(file).startsWith(dirname(job.staged) + sep)) return;
        const path = relativePath(this.#workspace, resolve(file));
        job.emit({ type, item: job.item.item, step: job.step, sound: { ...part, path } });
        return;
      }
      case 'iteration': {
        const { type: _, id: __, ...iteration } = message;
        const seconds = (performance.now() - task.begun) / 1000;
        task.iterations.push({ seconds, ...iteration });
        return;
      }
      case 'schedule':
        task.schedules.push(message.schedule);
        return;
      case 'note':
        job.emit({
          type: 'note',
          level: 'warning',
          message: plainText(`${job.item.title}: ${message.text}`.slice(0, NOTE_LIMIT)),
        });
        return;
      case 'ask':
        void this.#asks.answer(message, job.signal, () => {
          task.lost = true;
        });
        return;
      case 'done':
        if (job.signal.aborted) task.reject(job.signal.reason);
        else
          task.resolve(
            message.file === true ? message : { ...message, text: message.text ?? task.text },
          );
        return;
      case 'error': {
        if (job.signal.aborted) {
          task.reject(job.signal.reason);
          return;
        }
        const { message: text, hint, retry = true, retryAfter, line, column } = message;
        // The step knows places in the file that it was given; that of a text is the input's.
        const { source, file } = job.item;
        const where =
          job.fromItem && file !== undefined && line !== undefined
            ? {
                file: relativePath(this.#workspace, file),
                line,
                ...(column === undefined ? {} : { column }),
              }
            : source;
        const failure = {
          message: text,
          ...(hint === undefined ? {} : { hint }),
          ...(where === undefined ? {} : { where }),
        };
        task.reject(
          new StepFailure(failure, {
            retry,
            retryAfter: retryAfter === undefined ? undefined : retryAfter * 1000,
            innocent: task.lost,
          }),
        );
        return;
      }
      default:
        message satisfies never;
    }
  }

  /** Lines without an id belong to the one item under way, if it is one. */
  #log(task: Task | undefined, lines: readonly string[]): void {
    if (lines.length === 0) return;
    const last = lines.findLast((line) => line.trim() !== '');
    if (last !== undefined) this.#lastError = plainText(last.slice(0, 300));
    const [only, ...others] = [...this.#active.values(), ...this.#waiting];
    const owner = task ?? only;
    if (owner === undefined) return;
    const { job } = owner;
    job.alive();
    const item = task !== undefined || others.length === 0 ? job.item.item : 0;
    job.emit({
      type: 'log',
      item,
      step: job.step,
      stream: task === undefined ? 'err' : 'out',
      // Answers may be long; what is only shown is bounded as other programs' lines are.
      lines: lines.map((line) => colouredText(line.slice(0, LINE_LIMIT))),
    });
  }
}
