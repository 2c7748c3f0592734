import { CATALOGUE } from '../../models/catalogue.ts';
import { megabytes } from '../../models/error.ts';
import { modelStore } from '../../models/store.ts';
import { EngineError } from '../error.ts';
import { createDemucsProgram } from './demucs-program.ts';
import type { SeparationEngine } from './engine.ts';
import { createSpectral } from './spectral/spectral.ts';

export interface ChooseOptions {
  readonly engine: 'auto' | 'spectral' | 'demucs' | 'demucs-python';
  /** For `spectral`. */
  readonly split: 'harmonic-percussive' | 'centre-side';
  /** For `demucs` and `demucs-python`. */
  readonly stems?: 'all' | 'vocals' | undefined;
  /** For `demucs`. */
  readonly overlap: number;
  readonly threads?: number | undefined;
  /** For `demucs-python`. */
  readonly args?: readonly string[] | undefined;
}

export interface ChooseContext {
  readonly signal: AbortSignal;
  /** Bytes of the model that are fetched, and to fetch. */
  onLoad(done: number, total: number): void;
  log(text: string): void;
}

const MODEL = 'htdemucs';

/**
 * Makes the engine that the options ask for, its model fetched first where it is missing. Rejects with an
 * `EngineError`, or a `ModelError` that says how to accept the model's licence.
 */
export async function chooseSeparationEngine(
  options: ChooseOptions,
  context: ChooseContext,
): Promise<SeparationEngine> {
  const { engine, split, stems, args = [] } = options;
  if (engine === 'demucs') return demucs(options, context);
  if (engine === 'demucs-python')
    return createDemucsProgram(stems === 'vocals' ? ['--two-stems', 'vocals', ...args] : args);
  if (engine === 'auto' && (await isReady(context))) return demucs(options, context);
  return createSpectral(split);
}

/** Whether `auto` may take HT Demucs: it fetches nothing, and accepts no licence. */
async function isReady({ log }: ChooseContext): Promise<boolean> {
  const store = modelStore();
  if ((await store.accepted(MODEL)) && (await store.present(MODEL))) {
    const short = lackOfMemory();
    if (short === undefined) return true;
    log(`separating by the spectrum alone: ${short}`);
    return false;
  }
  log(
    `separating by the spectrum alone; into vocals, drums, bass and other with the model ${MODEL}: sluice models pull ${MODEL} --accept-licence`,
  );
  return false;
}

async function demucs(options: ChooseOptions, context: ChooseContext): Promise<SeparationEngine> {
  // Looked at first: where the native library does not load, nothing need be fetched.
  const { createDemucs } = await import('./demucs/demucs.ts').catch((cause: unknown) => {
    throw new EngineError('ONNX Runtime does not load on this machine', {
      hint: 'Use `engine: spectral`, or `demucs-python` with a Demucs of your own.',
      retry: false,
      cause,
    });
  });
  const { signal, onLoad, log } = context;
  const store = modelStore();
  if ((await store.accepted(MODEL)) && !(await store.present(MODEL)))
    log(`fetching the model ${MODEL}`);
  const { path, name, sha256 } = await store.path(MODEL, { signal, onProgress: onLoad });
  const short = lackOfMemory();
  if (short !== undefined) {
    const hint = 'Close some programs, or use `engine: spectral`.';
    throw new EngineError(short, { hint });
  }
  const { stems = 'all', overlap, threads } = options;
  return createDemucs(path, { model: { name, sha256 }, stems, overlap, threads });
}

/** Says so when there is too little memory for HT Demucs. */
function lackOfMemory(): string | undefined {
  const needed = CATALOGUE.models.find(({ id }) => id === MODEL)?.memory ?? 0;
  const free = process.availableMemory();
  if (free >= needed) return undefined;
  return `demucs needs ${megabytes(needed)} of memory, and ${megabytes(free)} are free`;
}
