import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ItemPlan } from '../batch/plan.ts';
import type { Fact } from '../protocol/events.ts';
import { gigabytes } from '../protocol/log-lines.ts';
import type { StepOutcome } from '../runner/executor.ts';
import { Cancelled, failureOf, StepFailure } from '../runner/failure.ts';
import type { StepProvenance } from '../runner/history.ts';
import type { ItemJob } from '../runner/item-executor.ts';
import type { Staging } from '../runner/staging.ts';
import { freshWork, type Made, type Work } from '../runner/work.ts';
import { AskedTexts } from './asked-texts.ts';
import { IncomingFile } from './incoming-file.ts';
import type { Letter } from './letter.ts';
import {
  type DownMessage,
  downSchema,
  messagesOf,
  type Order,
  type OrderFile,
  type Up,
} from './messages.ts';
import { filesAt } from './needed.ts';
import { lineageOf } from './order.ts';
import type { Sender } from './sender.ts';
import type { Site } from './site.ts';
import type { Sites } from './sites.ts';
import type { Storage, Stored } from './storage.ts';

export interface TakeParts {
  /** Names it among all takings. */
  readonly id: string;
  readonly sites: Sites;
  /** Where results are left, if they are. */
  readonly storage: Storage | undefined;
  readonly sender: (onHeld: (held: boolean) => void) => Sender;
  /** Why the worker does not do what it is told; `undefined` when it does. */
  readonly whyNot: (order: Order) => string | undefined;
}

/** Between two looks at the memory that an item waits for, in ms. */
const MEMORY_MS = 1000;

interface Fetching {
  readonly file: OrderFile;
  readonly to: string;
  resolve(): void;
  reject(reason: unknown): void;
}

export interface TakeEnd {
  /** What became of it, for people. */
  readonly how: string;
  /** Why it failed for good at this worker, for the queue's dead letters. */
  readonly dead?: string;
}

let order = 0;

/** An item in the hands of a worker. */
export class Take {
  readonly #parts: TakeParts;
  readonly #sender: Sender;
  readonly #texts: AskedTexts;
  readonly #controller = new AbortController();
  readonly #ordered = Promise.withResolvers<Order>();
  /** The item's number in its run, once that has said what to do. */
  #item: number | undefined;
  #site: Site | undefined;
  #staging: Staging | undefined;
  readonly #staged = new Map<number, string>();
  #fetching: Fetching | undefined;
  #file: IncomingFile | undefined;
  /** Sends what finished steps have made for later ones alone: the run needs it when one of these fails. */
  readonly #between: (() => Promise<void>)[] = [];

  constructor(parts: TakeParts) {
    this.#parts = parts;
    this.#sender = parts.sender((held) => this.#site?.hold(this, held));
    this.#texts = new AskedTexts((message) => this.#sender.send(message));
    this.#ordered.promise.catch(() => {});
    this.#controller.signal.addEventListener('abort', () => {
      const { reason } = this.#controller.signal;
      this.#ordered.reject(reason);
      this.#fetching?.reject(reason);
    });
  }

  /** Whether the run has said what to do. */
  get begun(): boolean {
    return this.#item !== undefined;
  }

  /** Ends the work. An innocent StepFailure says that another worker shall do it. */
  stop(reason: Cancelled | StepFailure): void {
    this.#controller.abort(reason);
  }

  /** Works up what the run says. */
  async read({ messages, data }: Letter): Promise<void> {
    try {
      for (const message of messagesOf(downSchema, messages)) await this.#told(message, data);
    } catch (error) {
      const { message } = error as Error;
      this.stop(
        error instanceof StepFailure
          ? error
          : new StepFailure(
              {
                message: `The worker does not understand what it is to do: ${message.slice(0, 300)}`,
                hint: 'Run the same version of Sluice on all machines.',
              },
              { retry: false },
            ),
      );
    }
  }

  /** Asks the run what to do, and does it. Never rejects. */
  async do(took: Extract<Up, { type: 'took' }>): Promise<TakeEnd> {
    this.#sender.send(took);
    let ordered: Order | undefined;
    try {
      ordered = await this.#ordered.promise;
      await this.#work(ordered);
      await this.#end({});
      return { how: 'done' };
    } catch (error) {
      return await this.#failed(error);
    } finally {
      this.#texts.close();
      await this.#file?.drop();
      if (this.#site !== undefined && ordered !== undefined) await this.#leave(this.#site, ordered);
    }
  }

  async #leave(site: Site, ordered: Order): Promise<void> {
    site.hold(this, false);
    site.texts.delete(this.#texts.write);
    if (this.#staging !== undefined)
      await rm(this.#staging.folder, { recursive: true, force: true });
    await site.release(ordered.files).catch(() => {});
    this.#parts.sites.leave(ordered);
  }

  async #end(end: Omit<Extract<Up, { type: 'end' }>, 'type'>): Promise<void> {
    this.#sender.send({ type: 'end', ...end });
    await this.#sender.sent();
  }

  async #failed(thrown: unknown): Promise<TakeEnd> {
    const { signal } = this.#controller;
    const error: unknown = signal.aborted ? signal.reason : thrown;
    try {
      if (error instanceof Cancelled) {
        await this.#end({});
        return error.message === '' ? { how: 'cancelled' } : deadBy(error.message);
      }
      const known = error instanceof StepFailure;
      const { retry = true, retryAfter, innocent = false } = known ? error : {};
      if (retry && !signal.aborted) for (const send of this.#between) await send();
      const failure = failureOf(error);
      await this.#end({ failure: { ...failure }, retry, retryAfter, innocent });
      return innocent ? { how: `given back: ${failure.message}` } : deadBy(failure.message);
    } catch (last) {
      // Redis takes nothing more of us: another worker will say that this one is gone.
      return deadBy((last as Error).message);
    }
  }

  async #work(ordered: Order): Promise<void> {
    const refusal = this.#parts.whyNot(ordered);
    if (refusal !== undefined) {
      const failure = { message: `The worker refuses this item: ${refusal}.` };
      throw new StepFailure(failure, { retry: false });
    }
    const { signal } = this.#controller;
    const site = await this.#parts.sites.enter(ordered);
    this.#site = site;
    site.texts.add(this.#texts.write);
    const staging = site.staging(this.#parts.id);
    this.#staging = staging;
    await site.bring(ordered.files, (file, to) => this.#fetch(file, to));
    signal.throwIfAborted();
    const work = workOf(ordered, site);
    await this.#room(site, ordered);
    try {
      await site.items.run(this.#job(work, site, staging));
    } finally {
      site.memory.release();
    }
  }

  /** Waits until there is the memory that the item needs. */
  async #room({ memory }: Site, { item }: Order): Promise<void> {
    const { signal } = this.#controller;
    for (let told = false; ; told = true) {
      signal.throwIfAborted();
      const answer = memory.ask();
      if (!('waits' in answer)) return;
      const { needs, free } = answer.waits;
      const line = `The worker waits for memory: ${gigabytes(needs)} GB are needed, ${gigabytes(free)} GB are free.`;
      const log = { type: 'log', item: item.item, step: 0, stream: 'err', lines: [line] } as const;
      if (!told) this.#sender.send({ type: 'fact', fact: { ...log, lines: [line] } });
      await sleep(MEMORY_MS, undefined, { signal }).catch(() => {});
    }
  }

  #job(work: Work, site: Site, staging: Staging): ItemJob {
    const { signal } = this.#controller;
    return {
      work,
      signal,
      begin: () => Promise.resolve(signal),
      emit: (fact) => this.#emit(fact, site, work),
      stage: async (step) => {
        // What it is about to remove may still be on its way.
        if (this.#staged.has(step)) await this.#sender.sent();
        this.#sender.send({ type: 'stage', step });
        const staged = await staging.stage(site.batch, work, step);
        this.#staged.set(step, staged);
        return staged;
      },
      keep: (step) => site.keep(work.key?.steps[step] ?? ''),
      forget: async (steps) => {
        for (const step of steps) {
          await rm(site.keep(work.key?.steps[step] ?? ''), { recursive: true, force: true });
        }
      },
      made: async (step, staged, outcome, steps) => {
        const made = { value: outcome.value, steps };
        const isResult = work.plan.outputs[step] !== undefined;
        const send = (): Promise<void> => this.#made(step, staged, outcome, steps, isResult);
        if (isResult || staged === '') await send();
        else this.#between.push(send);
        work.made[step] = made;
        return made;
      },
    };
  }

  #emit(fact: Fact, site: Site, { plan }: Work): void {
    switch (fact.type) {
      case 'sound': {
        const { sound, step } = fact;
        const file = resolve(site.workspace, sound.path);
        const name = nameOf(file, this.#staged.get(step) ?? '');
        this.#sender.sendFile(file, `${step}/${name}`);
        this.#sender.send({ type: 'fact', fact: { ...fact, sound: { ...sound, path: name } } });
        return;
      }
      case 'step': {
        // A process of another machine could not be found by its number.
        const { type, step, beside, finished, canFinish } = fact;
        this.#sender.send({
          type: 'fact',
          fact: { type, step, beside: beside && [...beside], finished, canFinish },
        });
        return;
      }
      case 'note': {
        const { level, message } = fact;
        if (level !== 'error')
          this.#sender.send({ type: 'fact', fact: { type: 'note', level, message } });
        return;
      }
      case 'progress':
      case 'text':
      case 'iteration':
      case 'schedule':
      case 'silence':
        this.#sender.send({ type: 'fact', fact });
        return;
      case 'log':
        this.#sender.send({
          type: 'fact',
          fact: { ...fact, item: fact.item === 0 ? 0 : plan.item, lines: [...fact.lines] },
        });
        return;
      default:
      // The others are the run's own.
    }
  }

  /** Sends what a step has made, the files first; a result goes to the storage, where there is one. */
  async #made(
    step: number,
    staged: string,
    { value, provenance: _, left: __, beside, ...said }: StepOutcome,
    steps: ReadonlyMap<number, StepProvenance>,
    isResult: boolean,
  ): Promise<void> {
    const storage = isResult ? this.#parts.storage : undefined;
    const left: (Stored & { name: string })[] = [];
    const kind = staged === '' ? undefined : value === undefined ? undefined : kindOf(value);
    if (value !== undefined && 'text' in value && staged !== '')
      await writeFile(staged, value.text);
    const sent: string[] = [];
    if (kind !== undefined) {
      const others = (beside ?? []).map((name) => join(dirname(staged), basename(name)));
      // What is not there the run finds missing, and says so.
      const own = await filesAt(staged).catch(() => []);
      for (const path of [...own, ...others]) {
        const name = nameOf(path, staged);
        if (storage === undefined) {
          this.#sender.sendFile(path, `${step}/${name}`);
          sent.push(`${step}/${name}`);
        } else left.push({ name, ...(await this.#store(storage, path, step, name)) });
      }
    }
    this.#sender.send({
      type: 'made',
      step,
      sent,
      ...said,
      files: said.files?.map((file) => ({ ...file })),
      value: kind,
      beside: beside?.map((name) => basename(name)),
      steps: lineageOf({ steps }),
      ...(left.length === 0 ? {} : { left }),
    });
  }

  /** Puts a file of a result into the storage, under a name that no other attempt uses. */
  async #store(storage: Storage, path: string, step: number, name: string): Promise<Stored> {
    const { run, item } = await this.#ordered.promise;
    const place = [run, String(item.item), this.#parts.id, String(step), ...name.split('/')];
    const log = { type: 'log', item: item.item, step, stream: 'err' } as const;
    return await storage.put(path, place, {
      signal: this.#controller.signal,
      onTrouble: (line) => this.#sender.send({ type: 'fact', fact: { ...log, lines: [line] } }),
    });
  }

  #fetch(file: OrderFile, to: string): Promise<void> {
    this.#controller.signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#fetching = { file, to, resolve, reject };
    this.#sender.send({ type: 'want', path: file.path });
    return promise;
  }

  async #told(message: DownMessage, data: Buffer | undefined): Promise<void> {
    switch (message.type) {
      case 'begin':
        this.#item = message.order.item.item;
        this.#ordered.resolve(message.order);
        return;
      case 'cancel':
        this.stop(new Cancelled(message.reason ?? ''));
        return;
      case 'finish':
        if (this.#item !== undefined) this.#site?.items.finish(this.#item);
        return;
      case 'answer':
        this.#texts.answer(message.answer, message.lost === true);
        return;
      case 'missing':
        throw new StepFailure({
          message: `${message.path} cannot be had from the run's machine: ${message.message}`,
        });
      case 'file':
      case 'chunk':
      case 'whole':
        await this.#incoming(message, data);
        return;
      default:
        message satisfies never;
    }
  }

  async #incoming(
    message: Extract<DownMessage, { type: 'file' | 'chunk' | 'whole' }>,
    data: Buffer | undefined,
  ): Promise<void> {
    const fetching = this.#fetching;
    if (fetching === undefined) return;
    if (message.type === 'file') {
      await this.#file?.drop();
      this.#file = await IncomingFile.begin(fetching.to);
    } else if (message.type === 'chunk') {
      await this.#file?.add(data ?? Buffer.alloc(0));
    } else {
      const { sha256 } = fetching.file;
      if (message.sha256 !== sha256) {
        throw new StepFailure({ message: `${fetching.file.path} has changed meanwhile.` });
      }
      await this.#file?.finish(sha256, message.mode);
      this.#file = undefined;
      this.#fetching = undefined;
      fetching.resolve();
    }
  }
}

function deadBy(why: string): TakeEnd {
  return { how: why, dead: why };
}

/** The name of a file within the folder in which a step's result is staged. */
function nameOf(path: string, staged: string): string {
  return relative(dirname(staged), path).split(sep).join('/');
}

function kindOf(value: NonNullable<StepOutcome['value']>): 'text' | 'file' {
  return 'text' in value ? 'text' : 'file';
}

function workOf({ item, made, keys }: Order, site: Site): Work {
  const plan = {
    ...item,
    values: site.values(item.values),
    file: item.file === undefined ? undefined : site.path(item.file),
    outputs: item.outputs.map((output) => (output === null ? undefined : site.path(output))),
  } as ItemPlan;
  order += 1;
  return {
    ...freshWork(plan),
    attempt: 1,
    order,
    made: made.map((done) => (done === null ? undefined : madeOf(done, site))),
    key: { key: '', input: '', steps: keys },
  };
}

function madeOf({ value, steps }: NonNullable<Order['made'][number]>, site: Site): Made {
  return {
    value: value !== undefined && 'file' in value ? { file: site.path(value.file) } : value,
    steps: new Map(steps) as ReadonlyMap<number, StepProvenance>,
  };
}
