import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryNeeds } from '../batch/memory.ts';
import type { StepPlan } from '../batch/plan.ts';
import type { Batch, Step } from '../batch/schema.ts';
import { executorFor } from '../runner/executors.ts';
import { StepFailure } from '../runner/failure.ts';
import { layoutOf, runLayout } from '../runner/layout.ts';
import { LocalItems } from '../runner/local-items.ts';
import { MemoryGuard } from '../runner/memory.ts';
import { Staging } from '../runner/staging.ts';
import type { TextService } from '../runner/text-service.ts';
import type { Order, OrderFile } from './messages.ts';
import { hashOf } from './needed.ts';
import { fromWire } from './wire-path.ts';

export interface SiteOptions {
  /** Absolute path of a folder of its own. */
  readonly folder: string;
  /** Where steps keep what a later attempt here goes on from. */
  readonly kept: string;
  /** Tags of its processes begin so. */
  readonly tag: string;
  /** Items that the worker does at once. */
  readonly places: number;
  /** A folder where the run's workspace may be found, when the worker shares it. */
  readonly workspace: string | undefined;
}

interface Present {
  readonly sha256: string;
  readonly coming: Promise<void>;
  uses: number;
}

/** Brings a file of the run's machine to a path here. */
export type Fetch = (file: OrderFile, to: string) => Promise<void>;

/** Where a worker does items of one run: its files, and its steps' processes, which stay warm from item to item. */
export class Site {
  readonly batch: Batch;
  readonly items: LocalItems;
  readonly memory: MemoryGuard;
  readonly #options: SiteOptions;
  readonly #root: string;
  /** The run's workspace, where the worker shares it. Nothing is written there but by programs. */
  readonly #shared: string | undefined;
  /** The run's workspace, on the way and here. */
  readonly #workspace: { readonly wire: string; readonly raw: string; readonly here: string };
  readonly #present = new Map<string, Present>();
  readonly #holders = new Set<unknown>();
  /** Those who have a text written that a step asks for: any item's run does. */
  readonly texts = new Set<TextService>();

  private constructor(order: Order, options: SiteOptions, shared: string | undefined) {
    const { folder, places, tag } = options;
    this.#options = options;
    this.#root = join(folder, 'files');
    this.#shared = shared;
    const workspace = shared ?? fromWire(this.#root, order.workspace);
    this.#workspace = { wire: order.workspace, raw: order.root, here: workspace };
    const { retries, backoff, silence } = order;
    const steps = order.steps.map((step) => this.#moved(step) as Step);
    this.batch = { steps, retries, backoff, silence, inputs: [], overwrite: false };
    const plan: StepPlan = {
      batch: this.batch,
      workspace,
      folder: this.path(order.folder),
      name: order.name,
      total: order.total,
      concurrency: places,
    };
    this.items = new LocalItems(
      this.batch,
      steps.map((_, index) => executorFor(index, plan, tag, (...asked) => this.#text(...asked))),
      memoryNeeds(steps),
    );
    this.memory = new MemoryGuard(this.items.memory);
  }

  /** Where a step keeps what a later attempt goes on from, by its key. */
  keep(key: string): string {
    return join(this.#options.kept, key);
  }

  /** Makes the folders that programs begin in. */
  static async open(order: Order, options: SiteOptions): Promise<Site> {
    const site = new Site(order, options, await sharedWith(order.run, options.workspace));
    await mkdir(site.path(order.folder), { recursive: true });
    await mkdir(site.path(order.workspace), { recursive: true });
    return site;
  }

  /** A place of its own for the results of an item. */
  staging(name: string): Staging {
    return new Staging(join(this.#options.folder, 'work', name));
  }

  /** The run's workspace, here. */
  get workspace(): string {
    return this.#workspace.here;
  }

  /** Where a path of the run's machine is here. */
  path(wire: string): string {
    const { wire: workspace, here } = this.#workspace;
    if (this.#shared === undefined || !isWithin(workspace, wire)) return fromWire(this.#root, wire);
    return wire === workspace ? here : fromWire(here, wire.slice(workspace.length + 1));
  }

  /** The values of an item: what lies in the run's workspace lies in this one. */
  values(values: Readonly<Record<string, string>>): Record<string, string> {
    return this.#moved(values) as Record<string, string>;
  }

  /** Has these files here. Rejects as `fetch` does. */
  async bring(files: readonly OrderFile[], fetch: Fetch): Promise<void> {
    for (const file of files) await this.#bring(file, fetch);
  }

  /** Lets go of the files of an item. */
  async release(files: readonly OrderFile[]): Promise<void> {
    for (const { path, own } of files) {
      const present = this.#present.get(path);
      if (present === undefined) continue;
      present.uses -= 1;
      if (!own || present.uses > 0) continue;
      this.#present.delete(path);
      if (!this.#isShared(path)) await rm(this.path(path), { force: true });
    }
  }

  /** Holds back what the steps put out while anybody wants it. */
  hold(holder: unknown, held: boolean): void {
    const before = this.#holders.size > 0;
    if (held) this.#holders.add(holder);
    else this.#holders.delete(holder);
    const after = this.#holders.size > 0;
    if (before !== after) this.items.hold(after);
  }

  /** Ends the processes and removes the files. */
  async close(): Promise<void> {
    await this.items.close();
    await rm(this.#options.folder, { recursive: true, force: true });
  }

  #text(...[request, onPiece, signal]: Parameters<TextService>): ReturnType<TextService> {
    const [text] = this.texts;
    if (text === undefined) throw new Error('A step without an item asked for a text.');
    return text(request, onPiece, signal);
  }

  async #bring(file: OrderFile, fetch: Fetch): Promise<void> {
    const known = this.#present.get(file.path);
    if (known?.sha256 === file.sha256) {
      known.uses += 1;
      // When the one who was fetching it was cancelled, it is fetched again.
      if (
        await known.coming.then(
          () => true,
          () => false,
        )
      )
        return;
    }
    const present: Present = {
      sha256: file.sha256,
      coming: this.#have(file, fetch),
      uses: (known?.uses ?? 0) + (known?.sha256 === file.sha256 ? 0 : 1),
    };
    this.#present.set(file.path, present);
    await present.coming;
  }

  async #have(file: OrderFile, fetch: Fetch): Promise<void> {
    const path = this.path(file.path);
    if (!this.#isShared(file.path)) {
      await fetch(file, path);
      return;
    }
    const found = await stat(path).catch(() => undefined);
    if (found?.size === file.size && (await hashOf(path)) === file.sha256) return;
    throw new StepFailure({
      message: `${path} in the shared workspace is not what the run has there.`,
      hint: 'What is shared may come late: try again.',
    });
  }

  #isShared(wire: string): boolean {
    return this.#shared !== undefined && isWithin(this.#workspace.wire, wire);
  }

  /** Texts that begin with the path of the run's workspace lead into this one. */
  #moved(value: unknown): unknown {
    const { raw, here } = this.#workspace;
    if (typeof value === 'string') {
      const next = value.charAt(raw.length);
      return value.startsWith(raw) && (next === '/' || next === '\\')
        ? here + value.slice(raw.length)
        : value;
    }
    if (Array.isArray(value)) return value.map((one) => this.#moved(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#moved(one)]));
  }
}

/** The folder that is said to be the run's workspace, where it is: the run keeps its own folder there. */
async function sharedWith(run: string, folder: string | undefined): Promise<string | undefined> {
  if (folder === undefined || !/^[\w-]+$/.test(run)) return undefined;
  const own = runLayout(layoutOf(folder), run).folder;
  return (await stat(own).catch(() => undefined))?.isDirectory() === true ? folder : undefined;
}

function isWithin(workspace: string, wire: string): boolean {
  return wire === workspace || wire.startsWith(`${workspace}/`);
}
