import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { type CutModel, cutModel, type ModelPart } from './onnx-parts.ts';

/** Nodes that take time in a part: HT Demucs has 21 parts of them, none of more than an eighth of its time. */
const HEAVY = 8;

/**
 * An ONNX model that is run part by part: see onnx-parts.ts. Its memory is not kept in an arena. With both, HT
 * Demucs takes 1.5 GB in place of 5.3 GB, and is no slower.
 */
export class Network {
  readonly #inputs: readonly string[];
  readonly #outputs: readonly string[];
  /** Each is loaded when it is first run: what comes to it is known then. */
  readonly #parts: (ModelPart | LoadedPart)[];
  readonly #threads: number;

  private constructor(model: CutModel, threads: number) {
    this.#inputs = model.inputs;
    this.#outputs = model.outputs;
    this.#parts = [...model.parts];
    this.#threads = threads;
  }

  /** Rejects with what the system says when the file cannot be read. */
  static async load(path: string, threads = availableParallelism()): Promise<Network> {
    return new Network(cutModel(await readFile(path), HEAVY), threads);
  }

  /**
   * Runs the model on its inputs, in their order; gives its outputs in theirs. `onPart` hears of the share that
   * is done after each part; what it throws ends the run.
   */
  async run(
    inputs: readonly Tensor[],
    onPart: (share: number) => void,
  ): Promise<readonly Tensor[]> {
    const values = new Map<string, Tensor | undefined>(
      this.#inputs.map((name, index) => [name, inputs[index]]),
    );
    const valueNamed = (name: string): Tensor => {
      const value = values.get(name);
      if (value === undefined) throw new Error(`The model has no value ${name}.`);
      return value;
    };
    for (let index = 0; index < this.#parts.length; index += 1) {
      const part = await this.#load(index, valueNamed);
      const feeds = Object.fromEntries(part.inputs.map((name) => [name, valueNamed(name)]));
      const made = await part.session.run(feeds);
      for (const name of part.outputs) values.set(name, made[name]);
      const needed = new Set(this.#parts.slice(index + 1).flatMap((later) => later.inputs));
      for (const name of values.keys()) {
        if (!needed.has(name) && !this.#outputs.includes(name)) values.delete(name);
      }
      onPart((index + 1) / this.#parts.length);
    }
    return this.#outputs.map(valueNamed);
  }

  async close(): Promise<void> {
    for (const part of this.#parts.splice(0)) if (isLoaded(part)) await part.session.release();
  }

  async #load(index: number, valueNamed: (name: string) => Tensor): Promise<LoadedPart> {
    const part = this.#parts[index];
    if (part === undefined) throw new Error('The model was closed.');
    if (isLoaded(part)) return part;
    const { inputs, outputs } = part;
    const session = await InferenceSession.create(part.build(valueNamed), {
      intraOpNumThreads: this.#threads,
      interOpNumThreads: 1,
      enableCpuMemArena: false,
      enableMemPattern: false,
      logSeverityLevel: 3,
      // The threads of one part would spin while those of the next one work.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    const loaded = { inputs, outputs, session };
    this.#parts[index] = loaded;
    return loaded;
  }
}

/** The bytes of the model are let go of with its last part that is not loaded. */
type LoadedPart = Omit<ModelPart, 'build'> & { readonly session: InferenceSession };

function isLoaded(part: ModelPart | LoadedPart): part is LoadedPart {
  return 'session' in part;
}
