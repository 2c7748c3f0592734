import { KOKORO_PARTS } from '../../models/catalogue.ts';
import { isModelPresent, modelPath } from '../../models/store.ts';
import { EngineError } from '../error.ts';
import type { SpeechEngine } from './engine.ts';
import { fittingKokoro, type KokoroModel } from './fitting.ts';
import { createFlite, FLITE_VOICES } from './flite.ts';
import { assertEnglish, isEnglish } from './voice.ts';

export interface ChooseOptions {
  readonly engine: 'auto' | 'kokoro' | 'flite' | 'openai' | 'command';
  readonly voice?: string | undefined;
  /** BCP 47. */
  readonly language?: string | undefined;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly timeout?: number | undefined;
  readonly command?: readonly string[] | undefined;
  /** For kokoro; as many as there are cores when left out. */
  readonly threads?: number | undefined;
}

export interface ChooseContext {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of models that are being fetched. */
  onLoad?(done: number, total: number): void;
  log?(text: string): void;
}

const ESPEAK = [
  'espeak-ng',
  '-v',
  '{language}',
  '-s',
  '{wpm}',
  '-w',
  '{output}',
  '-f',
  '{textfile}',
];

/** Makes the engine that the options ask for, its models fetched first where they are missing. */
export async function chooseSpeechEngine(
  options: ChooseOptions,
  context: ChooseContext = {},
): Promise<SpeechEngine> {
  const { engine } = options;
  // Each is loaded when it is chosen: none waits for the libraries of another one.
  if (engine === 'openai') return (await import('./openai.ts')).createOpenAiSpeech(options);
  if (engine === 'command') return command(options.command ?? []);
  if (engine === 'auto' && !isEnglish(options.language) && (await hasEspeak())) {
    context.log?.('speaking with espeak-ng, since kokoro and flite speak English only');
    return command(ESPEAK);
  }
  // Before anything is fetched.
  assertEnglish(engine === 'flite' ? 'flite' : 'kokoro', options.language);
  if (engine === 'flite') return flite(context);
  if (engine === 'kokoro') return kokoro(options, context);
  if (FLITE_VOICES.some((voice) => voice === options.voice)) return flite(context);
  try {
    return await kokoro(options, context);
  } catch (error) {
    context.signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    context.log?.(`speaking with flite, since kokoro cannot: ${reason}`);
    return flite(context);
  }
}

/** Whether espeak-ng is on PATH. It is GPL: a program to be run, never a library of ours. */
export async function hasEspeak(): Promise<boolean> {
  const { execa } = await import('execa');
  const { failed } = await execa('espeak-ng', ['--version'], { reject: false, timeout: 5000 });
  return !failed;
}

/** Whether an engine has all that it needs on this machine, so that it can take over from another one. */
export async function isSpeechReady(engine: 'kokoro' | 'flite'): Promise<boolean> {
  if (engine === 'flite') return isModelPresent('flite');
  const model = fittingKokoro(process.availableMemory());
  if (model === undefined) return false;
  const parts = await Promise.all([model, ...KOKORO_PARTS].map((id) => isModelPresent(id)));
  return parts.every(Boolean);
}

function kokoroModel(wanted: string | undefined): KokoroModel {
  if (wanted === 'kokoro-fp32' || wanted === 'kokoro-q8') return wanted;
  if (wanted !== undefined) {
    throw new EngineError(`kokoro has no model \`${wanted}\``, {
      hint: 'Set `model` to kokoro-fp32 or kokoro-q8, or leave it out.',
      retry: false,
    });
  }
  const memory = process.availableMemory();
  const fitting = fittingKokoro(memory);
  if (fitting !== undefined) return fitting;
  const free = Math.round(memory / 1e6);
  throw new EngineError(`kokoro needs 1000 MB of memory, and ${free} MB are free`, {
    hint: 'Close some programs, or use `engine: flite`.',
  });
}

async function kokoro(options: ChooseOptions, context: ChooseContext): Promise<SpeechEngine> {
  const model = kokoroModel(options.model);
  // Looked at first: where the native library does not load, nothing need be fetched.
  const { createKokoro } = await import('./kokoro/kokoro.ts').catch((cause: unknown) => {
    throw new EngineError('ONNX Runtime does not load on this machine', {
      hint: 'Use `engine: flite`, or `openai` with an endpoint.',
      retry: false,
      cause,
    });
  });
  const paths = await fetchAll([model, ...KOKORO_PARTS] as const, context);
  const { sha256 } = paths[model];
  return createKokoro(
    {
      model: paths[model].path,
      voices: paths['kokoro-voices'].path,
      tokenizer: paths['kokoro-tokenizer'].path,
      dictionary: paths.cmudict.path,
      g2p: paths.g2p.path,
    },
    { model: { name: model, sha256 }, threads: options.threads },
  );
}

async function command(args: readonly string[]): Promise<SpeechEngine> {
  return (await import('./command.ts')).createCommand(args);
}

async function flite(context: ChooseContext): Promise<SpeechEngine> {
  const { flite: found } = await fetchAll(['flite'] as const, context);
  return createFlite(found.path, found.sha256);
}

/** Fetches one after the other: several are out of one package. */
async function fetchAll<Id extends string>(
  ids: readonly Id[],
  { signal, onLoad, log }: ChooseContext,
): Promise<Record<Id, { path: string; sha256: string }>> {
  const found: Partial<Record<Id, { path: string; sha256: string }>> = {};
  for (const id of ids) {
    if (!(await isModelPresent(id))) log?.(`fetching the model ${id}`);
    found[id] = await modelPath(id, {
      ...(signal && { signal }),
      ...(onLoad && { onProgress: onLoad }),
    });
  }
  return found as Record<Id, { path: string; sha256: string }>;
}
