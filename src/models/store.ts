import { createHash } from 'node:crypto';
import { rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { isAccepted, rememberAccepted } from './acceptance.ts';
import type { Model } from './catalogue.ts';
import { checkModel } from './check.ts';
import {
  contextFrom,
  lockName,
  type OnProgress,
  packagesOf,
  type StoreContext,
  sum,
} from './context.ts';
import { NotAcceptedError, UnknownModelError } from './error.ts';
import {
  assemblyPath,
  downloadPath,
  filePath,
  hubDownload,
  lockPath,
  modelFolder,
} from './folder.ts';
import { withLock } from './lock.ts';

export interface ModelPathOptions {
  /** Bytes fetched so far and bytes to fetch. Not called when the model is there already. */
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ModelAt {
  /** Absolute path of the file, or of the folder for a model that is one. */
  readonly path: string;
  /** Of the file; for a folder, of the lines `SHA256  NAME\n` of its files, sorted by name. */
  readonly sha256: string;
  /** The model's id. */
  readonly name: string;
}

/**
 * `present`: every file is there (checked when it was fetched, and again when its size or time
 * changes). `partial`: some files, or the beginning of a download. `wrong`: a file has not its sha256.
 */
export type ModelState = 'present' | 'absent' | 'partial' | 'wrong';

export interface ModelStatus {
  readonly id: string;
  readonly title: string;
  readonly use: string;
  readonly licence: string;
  /** What must be accepted before it is fetched, and has not been yet. */
  readonly notice?: string;
  readonly home?: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly state: ModelState;
  /** Where it is, or will be. */
  readonly path: string;
}

/** A store as `contextFrom` describes it; tests bring a catalogue and sources of their own. */
export class ModelStore {
  readonly context: StoreContext;

  constructor(context: StoreContext) {
    this.context = context;
  }

  /**
   * Where a model is, fetched and verified first if it is not there. Throws `ModelError`, a `NotAcceptedError`
   * for a model whose notice has not been accepted.
   */
  async path(id: string, options: ModelPathOptions = {}): Promise<ModelAt> {
    const model = this.find(id);
    if (!(await this.accepted(id))) throw notAccepted(model);
    if (!(await this.present(id))) {
      const signal = options.signal ?? new AbortController().signal;
      // What fetches is large: a model that is here needs none of it.
      const { fetchModel } = await import('./fetch.ts');
      await fetchModel(this.context, model, options.onProgress ?? (() => undefined), signal);
    }
    return { path: this.placeOf(model), sha256: modelSha256(model), name: model.id };
  }

  /** Whether a model may be used: it has no notice, or a person has accepted it. */
  async accepted(id: string): Promise<boolean> {
    return isAccepted(this.context.root, this.find(id), this.context.accepted);
  }

  /** Remembers that a person has accepted a model's notice, if it has one. */
  async accept(id: string): Promise<void> {
    await rememberAccepted(this.context.root, this.find(id));
  }

  /** Whether every file of a model is there and good; nothing is fetched. */
  async present(id: string): Promise<boolean> {
    const states = await checkModel(this.context.root, this.find(id));
    return [...states.values()].every((state) => state === 'good');
  }

  /** Every model of the catalogue, or those named, with its state. `rehash` reads every byte. */
  async list(
    ids?: readonly string[],
    options: { rehash?: boolean; signal?: AbortSignal } = {},
  ): Promise<ModelStatus[]> {
    const models = ids ? ids.map((id) => this.find(id)) : this.context.catalogue.models;
    const listed: ModelStatus[] = [];
    for (const model of models) {
      listed.push({
        id: model.id,
        title: model.title,
        use: model.use,
        licence: model.licence,
        ...(!(await this.accepted(model.id)) && { notice: model.notice ?? '' }),
        ...(model.home !== undefined && { home: model.home }),
        bytes: sum(model.files.map((file) => file.bytes)),
        sha256: modelSha256(model),
        state: await this.stateOf(model, options),
        path: this.placeOf(model),
      });
    }
    return listed;
  }

  /** Deletes a model's files and the beginnings of its download. Answers the bytes freed. */
  async remove(id: string, signal = new AbortController().signal): Promise<number> {
    const model = this.find(id);
    const { root } = this.context;
    const { forgetTransfer } = await import('./transfer.ts');
    const nothing = async () => undefined;
    return withLock(lockPath(root, lockName(model)), signal, nothing, async () => {
      let freed = 0;
      const mine = model.files.flatMap((file) => [
        filePath(root, model, file),
        assemblyPath(root, model, file),
      ]);
      // File by file: what a person has put beside them is theirs.
      for (const path of [...mine, join(modelFolder(root, model), '.verified.json')]) {
        const found = await stat(path).catch(() => undefined);
        freed += found?.size ?? 0;
        await rm(path, { force: true });
      }
      for (const path of this.downloadsOf(model)) {
        freed += (await stat(path).catch(() => undefined))?.size ?? 0;
        await forgetTransfer(path);
      }
      await rmdir(modelFolder(root, model)).catch(() => undefined);
      return freed;
    });
  }

  private find(id: string): Model {
    const { models } = this.context.catalogue;
    const found = models.find((model) => model.id === id);
    if (found) return found;
    const nearest = closest(
      id,
      models.map((model) => model.id),
    );
    throw new UnknownModelError(`There is no model "${id}"`, {
      hint: `Did you mean ${nearest}? "sluice models list" shows all of them.`,
      retry: false,
    });
  }

  private placeOf(model: Model): string {
    const [first] = model.files;
    return model.kind === 'file' && first
      ? filePath(this.context.root, model, first)
      : modelFolder(this.context.root, model);
  }

  private async stateOf(
    model: Model,
    options: { rehash?: boolean; signal?: AbortSignal },
  ): Promise<ModelState> {
    const states = [...(await checkModel(this.context.root, model, options)).values()];
    if (states.includes('wrong')) return 'wrong';
    if (states.every((state) => state === 'good')) return 'present';
    if (states.includes('good')) return 'partial';
    const started = await Promise.all(
      this.downloadsOf(model).map((path) => stat(path).catch(() => undefined)),
    );
    return started.some((found) => found !== undefined) ? 'partial' : 'absent';
  }

  private downloadsOf(model: Model): string[] {
    const names = [
      ...packagesOf(model.files),
      ...model.files.map((file) => hubDownload(model, file)),
    ];
    return names.map((name) => downloadPath(this.context.root, name));
  }
}

function notAccepted({ id, title, notice }: Model): NotAcceptedError {
  return new NotAcceptedError(`${title}: its licence has not been accepted. ${notice ?? ''}`, {
    hint: `If your use keeps to it, accept it: sluice models pull ${id} --accept-licence`,
    retry: false,
  });
}

function modelSha256(model: Model): string {
  const [first] = model.files;
  if (model.kind === 'file' && first) return first.sha256;
  const sorted = [...model.files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = sorted.map((file) => `${file.sha256}  ${file.name}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** The store that the environment describes. */
export function modelStore(env: NodeJS.ProcessEnv = process.env): ModelStore {
  return new ModelStore(contextFrom(env));
}

/** Where a model of the catalogue is, fetched and verified first if it is not there. */
export function modelPath(id: string, options: ModelPathOptions = {}): Promise<ModelAt> {
  return modelStore().path(id, options);
}

/** Whether a model is in the store already; nothing is fetched. */
export function isModelPresent(id: string): Promise<boolean> {
  return modelStore().present(id);
}
