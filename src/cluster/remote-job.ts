import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { relativePath } from '../batch/paths.ts';
import { LINE_LIMIT } from '../process/lines.ts';
import { colouredText, plainText } from '../protocol/escapes.ts';
import type { Fact, Failure, Sound } from '../protocol/events.ts';
import { Asks } from '../runner/asks.ts';
import type { StepOutcome } from '../runner/executor.ts';
import { Cancelled, StepFailure } from '../runner/failure.ts';
import type { StepProvenance } from '../runner/history.ts';
import type { ItemJob } from '../runner/item-executor.ts';
import { noteOf } from '../runner/notes.ts';
import type { ItemsContext } from '../runner/open-items.ts';
import { IncomingFile } from './incoming-file.ts';
import type { Letter } from './letter.ts';
import { messagesOf, type UpMessage, upSchema, type WorkFact } from './messages.ts';
import type { NeededFiles } from './needed.ts';
import { orderFor } from './order.ts';
import type { Sender } from './sender.ts';
import type { Storage, Stored } from './storage.ts';

/** A worker that was asked to let go of an item may take so many ms to end its processes. */
const PATIENCE_MS = 15_000;
/** Without Redis it hears nothing. */
const LOST_MS = 1000;
/** Characters of a note: a person reads it. */
const NOTE_LIMIT = 1000;

type Made = Extract<UpMessage, { type: 'made' }>;
type Left = Stored & { readonly name: string };
type End = Extract<UpMessage, { type: 'end' }>;
type Ask = Parameters<Asks['answer']>[0];

export interface RemoteJobParts {
  readonly context: ItemsContext;
  readonly files: NeededFiles;
  /** From where results are got that workers have left there. */
  readonly storage: Storage | undefined;
  /** Takes the job out of its queue; false when a worker has it. */
  withdraw(): Promise<boolean>;
  /** Whether Redis can be spoken to now. */
  isReachable(): boolean;
  /** What goes to a worker about its taking. */
  senderTo(taken: Taken): Sender;
}

/** Who has taken a job. */
export interface Taken {
  readonly take: string;
  /** The worker's id and name. */
  readonly worker: string;
  readonly name: string;
}

/** One attempt at an item that is with the workers, as the run sees it. */
export class RemoteJob {
  /** The job's name in BullMQ. */
  readonly id: string;
  /** Resolves when the item is done. Rejects as an ItemExecutor's `run` does. */
  readonly done: Promise<void>;
  readonly #job: ItemJob;
  readonly #parts: RemoteJobParts;
  readonly #staged = new Map<number, string>();
  /** Files that the worker may want, by their paths on the way. */
  #wanted: ReadonlyMap<string, string> = new Map();
  #adopted = false;
  #resolve: () => void = () => {};
  #reject: (reason: unknown) => void = () => {};
  #settled = false;
  /** The step that it told of last. */
  #step = 0;
  /** Steps under way that can be asked to end at once. */
  #canFinish: readonly number[] = [];
  #taken: Taken | undefined;
  #sender: Sender | undefined;
  #asks: Asks | undefined;
  #windowLost = false;
  /** The file that comes, and the names of those that have come. */
  #file: { readonly name: string; readonly content: IncomingFile } | undefined;
  readonly #came = new Set<string>();
  #patience: NodeJS.Timeout | undefined;
  /** Why it shall end. */
  #stopped: { readonly reason: unknown } | undefined;

  constructor(id: string, job: ItemJob, parts: RemoteJobParts) {
    this.id = id;
    this.#job = job;
    this.#parts = parts;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.done.catch(() => {});
    this.#watch(job.signal);
  }

  get taken(): Taken | undefined {
    return this.#taken;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** A worker has it and asks what to do. */
  async took(taken: Taken): Promise<void> {
    this.#bind(taken);
    if (this.#stopped !== undefined) {
      this.#sender?.send({ type: 'cancel' });
      return;
    }
    try {
      this.#watch(await this.#job.begin());
      const { context, files } = this.#parts;
      const { work } = this.#job;
      const needed = await files.of(work);
      this.#wanted = new Map(needed.map(({ path, file }) => [file.path, path]));
      const order = orderFor(
        context,
        work,
        needed.map(({ file }) => file),
      );
      if (this.#stopped === undefined) this.#sender?.send({ type: 'begin', order });
    } catch (error) {
      this.#stop(error);
    }
  }

  /** Goes on with what a worker began for a runner that is gone. */
  async adopt(taken: Taken): Promise<void> {
    this.#adopted = true;
    this.#bind(taken);
    try {
      this.#watch(await this.#job.begin());
    } catch (error) {
      this.#stop(error);
    }
  }

  /** Works up what the worker says. */
  async read({ messages, data }: Letter): Promise<void> {
    try {
      for (const message of this.#understood(messages)) {
        if (this.#settled) return;
        await this.#take(message, data);
      }
    } catch (error) {
      // Also when its results cannot be written.
      if (this.#adopted) this.lost('What its worker has made is not all there any more.');
      else this.#stop(error);
    }
  }

  #understood(messages: string): readonly UpMessage[] {
    try {
      return messagesOf(upSchema, messages);
    } catch (error) {
      throw new StepFailure(
        {
          message: `What the worker ${this.#taken?.name ?? ''} says cannot be understood: ${(error as Error).message}.`,
          hint: 'Run the same version of Sluice on all machines.',
        },
        { retry: false },
      );
    }
  }

  /** Its worker is gone, or what it said; none of the item's doing. */
  lost(message: string): void {
    this.#sender?.send({ type: 'cancel' });
    this.#settle(new StepFailure({ message }, { innocent: true }));
  }

  /** Nothing can be read from Redis any more. */
  broken({ message }: Error): void {
    this.#settle(new StepFailure({ message: `Redis refused to be read: ${message}` }));
  }

  /** Takes it back from its queue unless a worker has it. */
  async recall(): Promise<void> {
    if (this.#taken !== undefined || this.#stopped !== undefined) return;
    if (await this.#parts.withdraw()) {
      this.#settle(new StepFailure({ message: 'It was taken back.' }, { innocent: true }));
    }
  }

  /** Asks its worker for the best that it has. False when nothing is under way that can give it. */
  finish(): boolean {
    if (this.#canFinish.length === 0 || this.#stopped !== undefined || this.#settled) return false;
    this.#sender?.send({ type: 'finish' });
    return true;
  }

  /** A line about it for people. */
  log(line: string): void {
    const { item } = this.#job.work.plan;
    this.#job.emit({ type: 'log', item, step: this.#step, stream: 'err', lines: [line] });
  }

  #bind(taken: Taken): void {
    this.#taken = taken;
    this.#sender = this.#parts.senderTo(taken);
    this.#asks = new Asks(this.#parts.context.text, (answer) =>
      this.#sender?.send({ type: 'answer', answer, lost: this.#windowLost }),
    );
  }

  #watch(signal: AbortSignal): void {
    const stop = (): void => this.#stop(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  }

  /** Ends it wherever it is; settles when the worker has ended its processes. */
  #stop(reason: unknown): void {
    if (this.#stopped !== undefined || this.#settled) return;
    this.#stopped = { reason };
    const patience = this.#parts.isReachable() ? PATIENCE_MS : LOST_MS;
    this.#patience = setTimeout(() => {
      if (this.#taken !== undefined) {
        this.log(`The worker ${this.#taken.name} did not say that it has ended its work.`);
      }
      this.#settle(reason);
    }, patience);
    if (this.#taken === undefined) {
      void this.#parts.withdraw().then(
        (withdrawn) => withdrawn && this.#settle(reason),
        () => {},
      );
      return;
    }
    const failed = reason instanceof Cancelled ? {} : { reason: (reason as Error).message };
    this.#sender?.send({ type: 'cancel', ...failed });
  }

  #settle(failure?: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#patience);
    this.#asks?.close();
    void this.#file?.content.drop();
    if (failure === undefined) this.#resolve();
    else this.#reject(failure);
  }

  async #take(message: UpMessage, data: Buffer | undefined): Promise<void> {
    if (message.type === 'end') {
      this.#end(message);
      return;
    }
    // What it makes now is not wanted any more.
    if (this.#stopped !== undefined) return;
    switch (message.type) {
      case 'stage':
        await this.#stage(message.step);
        return;
      case 'fact':
        await this.#tell(message.fact);
        return;
      case 'file':
        await this.#file?.content.drop();
        this.#file = {
          name: message.name,
          content: await IncomingFile.begin(await this.#placeOf(message.name)),
        };
        return;
      case 'chunk':
      case 'whole':
        if (this.#file === undefined) throw new Error('A file came without its beginning.');
        if (message.type === 'chunk') {
          await this.#file.content.add(data ?? Buffer.alloc(0));
          return;
        }
        await this.#file.content.finish(message.sha256, message.mode);
        this.#came.add(this.#file.name);
        this.#file = undefined;
        return;
      case 'made':
        await this.#made(message);
        return;
      case 'want':
        this.#give(message.path);
        return;
      case 'ask':
        this.#windowLost = false;
        void this.#asks?.answer(message as Ask, this.#job.signal, () => {
          this.#windowLost = true;
        });
        return;
      case 'withdraw':
        this.#asks?.withdraw(message.ask);
        return;
      case 'took':
      case 'lost':
        return;
      default:
        message satisfies never;
    }
  }

  #end({ failure, retry, retryAfter, innocent }: End): void {
    if (this.#stopped !== undefined) {
      this.#settle(this.#stopped.reason);
    } else if (failure === undefined) {
      this.#settle(this.#missing());
    } else {
      const { message, hint, where } = failure;
      const told = {
        message: plainText(message),
        ...(hint === undefined ? {} : { hint: plainText(hint) }),
        ...(where === undefined ? {} : { where }),
      } as Failure;
      this.#settle(
        new StepFailure(told, { retry: retry ?? true, retryAfter, innocent: innocent ?? false }),
      );
    }
  }

  /** Results that are wanted and did not come. */
  #missing(): StepFailure | undefined {
    const { plan, made } = this.#job.work;
    const all = plan.outputs.every((output, step) => output === undefined || made[step]);
    if (all) return undefined;
    const name = this.#taken?.name ?? '';
    return new StepFailure(
      { message: `The worker ${name} says that the item is done, and has not sent its results.` },
      // Who begins to read in the middle may have missed them.
      { innocent: this.#adopted },
    );
  }

  #began({ step, beside = [], canFinish }: Extract<WorkFact, { type: 'step' }>): void {
    const others = this.#canFinish.filter((other) => beside.includes(other));
    this.#canFinish = canFinish === true ? [...others, step] : others;
  }

  /** A fact of the worker becomes one of the run, cleaned as a step's own is. */
  async #tell(fact: WorkFact): Promise<void> {
    const { item } = this.#job.work.plan;
    if ('step' in fact) this.#step = fact.step;
    if (fact.type === 'step') this.#began(fact);
    switch (fact.type) {
      case 'note':
        this.#job.emit({ ...fact, message: plainText(fact.message).slice(0, NOTE_LIMIT) });
        return;
      case 'log': {
        const lines = fact.lines.map((line) => colouredText(line.slice(0, LINE_LIMIT)));
        this.#job.emit({ ...fact, item: fact.item === 0 ? 0 : item, lines });
        return;
      }
      case 'sound': {
        const { workspace } = this.#parts.context.plan;
        const path = relativePath(
          workspace,
          await this.#placeOf(`${fact.step}/${fact.sound.path}`),
        );
        this.#job.emit({ ...fact, item, sound: { ...fact.sound, path } as Sound });
        return;
      }
      default: {
        const { type, ...rest } = fact;
        // A field that is left out is not there in JSON.
        this.#job.emit({ type, item, ...rest } as Fact);
      }
    }
  }

  /** Where a file of the worker goes: `STEP/NAME`, in the folder where that step's result is staged. */
  async #placeOf(place: string): Promise<string> {
    const [, step, name] = /^(\d+)\/(.+)$/.exec(place) ?? [];
    if (name === undefined) throw new Error(`No step makes ${place}.`);
    const staged = this.#staged.get(Number(step)) ?? (await this.#stage(Number(step)));
    if (staged === '') throw new Error(`Nobody wants ${place}.`);
    return join(dirname(staged), ...name.split('/'));
  }

  async #stage(step: number): Promise<string> {
    const staged = await this.#job.stage(step);
    this.#staged.set(step, staged);
    for (const name of this.#came) if (name.startsWith(`${step}/`)) this.#came.delete(name);
    return staged;
  }

  async #made({ step, sent, value, steps, left, ...rest }: Made): Promise<void> {
    this.#canFinish = this.#canFinish.filter((other) => other !== step);
    const missing = sent.find((name) => !this.#came.has(name));
    if (missing !== undefined) throw new Error(`The file ${missing} has not come.`);
    const led = new Map(steps) as ReadonlyMap<number, StepProvenance>;
    const provenance = led.get(step) ?? { name: '' };
    if (left !== undefined && !(await this.#fetched(step, left))) {
      await this.#note(step, left);
      const staged = noteOf(this.#staged.get(step) ?? '');
      const beside = rest.beside?.map(noteOf);
      const outcome: StepOutcome = { value: { file: staged }, beside, left: true, provenance };
      await this.#job.made(step, staged, outcome, led);
      return;
    }
    const staged = this.#staged.get(step) ?? '';
    const outcome = {
      ...rest,
      value:
        value === undefined
          ? undefined
          : value === 'text'
            ? { text: await readFile(staged, 'utf8') }
            : { file: staged },
      provenance,
    } as StepOutcome;
    await this.#job.made(step, staged, outcome, led);
  }

  /** Gets files that were left where this run may get them. False when they were left elsewhere. */
  async #fetched(step: number, left: readonly Left[]): Promise<boolean> {
    const { storage } = this.#parts;
    if (storage === undefined || !left.every((file) => storage.has(file))) return false;
    const { signal } = this.#job;
    const onTrouble = (line: string): void => this.log(line);
    for (const file of left) {
      const path = await this.#placeOf(`${step}/${file.name}`);
      await storage.get(file, path, { signal, onTrouble });
    }
    return true;
  }

  /** Stages notes that say where files were left. */
  async #note(step: number, left: readonly Left[]): Promise<void> {
    for (const { name, address, endpoint, size, sha256 } of left) {
      const path = noteOf(await this.#placeOf(`${step}/${name}`));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, `${JSON.stringify({ address, endpoint, size, sha256 }, null, 2)}\n`);
      this.log(plainText(`${name} is left at ${address}, ${size} bytes.`));
    }
  }

  #give(path: string): void {
    const sender = this.#sender;
    const wanted = this.#wanted.get(path);
    if (wanted === undefined) {
      sender?.send({ type: 'missing', path, message: 'the item does not need it' });
      return;
    }
    sender?.sendFile(wanted, path);
    sender?.sent().catch((error: Error) => {
      sender.send({ type: 'missing', path, message: error.message });
    });
  }
}
