import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import type { Llama, LlamaContext, LlamaContextSequence, LlamaModel } from 'node-llama-cpp';
import { ModelError } from '../../models/error.ts';
import { modelPath } from '../../models/store.ts';
import { EngineError } from '../error.ts';

export interface LoadOptions {
  /** A model of the store, or the path of a GGUF file. */
  readonly model: string;
  readonly gpu: boolean;
  /** One less than the cores when left out. */
  readonly threads?: number | undefined;
}

/** A model in memory, and the context that texts are written in. */
export class LoadedModel {
  readonly name: string;
  readonly sha256: string | undefined;
  readonly model: LlamaModel;
  readonly #llama: Llama;
  readonly #threads: number;
  #context: LlamaContext | undefined;
  #sequence: LlamaContextSequence | undefined;

  constructor(llama: Llama, model: LlamaModel, threads: number, place: Place) {
    this.#llama = llama;
    this.#threads = threads;
    this.model = model;
    this.name = place.name;
    this.sha256 = place.sha256;
  }

  /**
   * A sequence of a context that holds at least `tokens`. With `goesOn` it may still know the text before, which
   * need not be read again then; otherwise it is empty.
   */
  async sequence(
    tokens: number,
    signal: AbortSignal,
    goesOn: boolean,
  ): Promise<LlamaContextSequence> {
    if (this.#sequence && this.#context && this.#context.contextSize >= tokens) {
      if (!goesOn) await this.#sequence.clearHistory();
      return this.#sequence;
    }
    await this.#context?.dispose();
    const size = Math.min(
      Math.max(2048, Math.ceil(tokens / 1024) * 1024),
      this.model.trainContextSize,
    );
    this.#context = await this.model.createContext({
      contextSize: size,
      threads: this.#threads,
      createSignal: signal,
    });
    this.#sequence = this.#context.getSequence();
    return this.#sequence;
  }

  async dispose(): Promise<void> {
    await this.#llama.dispose();
  }
}

interface Place {
  readonly path: string;
  readonly name: string;
  readonly sha256?: string;
}

/**
 * Loads a GGUF model with node-llama-cpp's prebuilt binaries, fetching it first if it is one of the
 * store. The fraction counts the download as nine tenths.
 */
export async function loadModel(
  options: LoadOptions,
  onFraction: (fraction: number) => void,
  signal: AbortSignal,
): Promise<LoadedModel> {
  let fetched = 0;
  const place = await findModel(options.model, signal, (fraction) => {
    fetched = 0.9;
    onFraction(0.9 * fraction);
  });
  // Loaded late: its native code is slow to start, and endpoints do not need it.
  const { getLlama } = await import('node-llama-cpp').catch((cause: unknown) => {
    throw new EngineError('node-llama-cpp is not installed', { retry: false, cause });
  });
  let llama: Llama | undefined;
  try {
    // Its threads wait for each other at every step: one that has to share its core with another
    // program holds up all of them (9 times slower on 2 busy cores than a single thread).
    const cores = availableParallelism();
    const threads = Math.min(options.threads ?? Math.max(1, cores - 1), cores);
    llama = await getLlama({
      build: 'never',
      gpu: options.gpu ? 'auto' : false,
      maxThreads: threads,
      progressLogs: false,
      logger: (level, message) => {
        if (level === 'fatal' || level === 'error') process.stderr.write(`llama: ${message}\n`);
      },
    });
    const model = await llama.loadModel({
      modelPath: place.path,
      loadSignal: signal,
      onLoadProgress: (fraction) => onFraction(fetched + (1 - fetched) * fraction),
    });
    return new LoadedModel(llama, model, threads, place);
  } catch (error) {
    await llama?.dispose();
    signal.throwIfAborted();
    throw loadError(error, place.path);
  }
}

async function findModel(
  model: string,
  signal: AbortSignal,
  onFraction: (fraction: number) => void,
): Promise<Place> {
  if (/[\\/]|\.gguf$/i.test(model)) return findFile(resolve(model));
  try {
    return await modelPath(model, {
      signal,
      onProgress: (done, total) => onFraction(total > 0 ? done / total : 0),
    });
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const { hint, retry } = error;
    throw new EngineError(error.message, { hint, retry, cause: error });
  }
}

async function findFile(path: string): Promise<Place> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return { path, name: basename(path) };
  throw new EngineError(`There is no model file at ${path}`, {
    hint: 'Set `model` to the path of a GGUF file, or leave it out to use tinyllama.',
    retry: false,
  });
}

function loadError(cause: unknown, path: string): EngineError {
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ');
  if (/memory/i.test(message)) {
    return new EngineError(`There is not enough memory for ${path}: ${message}`, {
      hint: 'Close other programs, or choose a smaller model.',
      cause,
    });
  }
  return new EngineError(`${path} could not be loaded: ${message}`, {
    hint: 'It must be a GGUF file of a model that node-llama-cpp knows.',
    retry: false,
    cause,
  });
}
