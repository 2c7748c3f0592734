import { isModelPresent, modelPath } from '../../models/store.ts';
import { EngineError } from '../error.ts';
import { isEnglish } from '../speech/voice.ts';
import { createCommandTranscription } from './command.ts';
import type { TranscriptionEngine } from './engine.ts';
import { assertMoonshineHears, assertWhisperKnows } from './languages.ts';
import type { VoiceDetector } from './vad.ts';

export const MOONSHINE = 'moonshine-tiny';
export const WHISPER_MODELS = ['whisper-tiny', 'whisper-base', 'whisper-small'] as const;
export const DEFAULT_WHISPER = 'whisper-base';
/** The model by which speech is found, whatever hears it. */
export const VOICE_DETECTOR = 'silero-vad';

export interface ChooseTranscription {
  readonly engine: 'auto' | 'moonshine' | 'whisper' | 'openai' | 'command';
  /** BCP 47; found out when left out. */
  readonly language?: string | undefined;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly timeout?: number | undefined;
  readonly command?: readonly string[] | undefined;
  readonly threads?: number | undefined;
}

export interface ChooseContext {
  readonly signal: AbortSignal;
  /** Bytes of models that are being fetched. */
  onLoad(done: number, total: number): void;
  log(text: string): void;
}

/** The engine that the options ask for, its models fetched first; what it cannot do is said at once. */
export async function chooseTranscription(
  options: ChooseTranscription,
  context: ChooseContext,
): Promise<TranscriptionEngine> {
  const engine = await create(options, context);
  engine.check(options.language);
  return engine;
}

async function create(
  options: ChooseTranscription,
  context: ChooseContext,
): Promise<TranscriptionEngine> {
  // Each is loaded when it is needed: the first words are waited for.
  switch (kindOf(options)) {
    case 'openai': {
      const { createOpenAiTranscription } = await import('./openai.ts');
      return createOpenAiTranscription(options);
    }
    case 'command':
      return createCommandTranscription(options.command ?? []);
    case 'whisper':
      return whisper(options, context);
    default:
      return moonshine(options, context);
  }
}

/** Moonshine is the fastest one, and hears English alone. */
export function kindOf(
  options: ChooseTranscription,
): Exclude<ChooseTranscription['engine'], 'auto'> {
  const { engine, language, model, baseUrl, command } = options;
  if (engine !== 'auto') return engine;
  if (baseUrl !== undefined) return 'openai';
  if (command !== undefined) return 'command';
  if (model === MOONSHINE) return 'moonshine';
  const english = language !== undefined && isEnglish(language);
  return english && model === undefined ? 'moonshine' : 'whisper';
}

async function moonshine(
  { language, model, threads }: ChooseTranscription,
  context: ChooseContext,
): Promise<TranscriptionEngine> {
  // Before anything is fetched.
  assertMoonshineHears(language);
  if (model !== undefined && model !== MOONSHINE) throw noModel('moonshine', model, [MOONSHINE]);
  const { createMoonshine } = await native(() => import('./moonshine.ts'));
  return createMoonshine(await fetched(MOONSHINE, context), threads);
}

async function whisper(
  { language, model = DEFAULT_WHISPER, threads }: ChooseTranscription,
  context: ChooseContext,
): Promise<TranscriptionEngine> {
  assertWhisperKnows(language);
  const known = whisperModel(model);
  if (known === undefined) throw noModel('whisper', model, WHISPER_MODELS);
  const { createWhisper } = await native(() => import('./whisper/whisper.ts'));
  return createWhisper(await fetched(known, context), threads);
}

/** The model of Whisper that a name means: `small` is `whisper-small`. */
export function whisperModel(model: string): (typeof WHISPER_MODELS)[number] | undefined {
  return WHISPER_MODELS.find((name) => name === model || name === `whisper-${model}`);
}

/** What finds the stretches with speech in them, for every engine. */
export async function voiceDetector(context: ChooseContext): Promise<VoiceDetector> {
  const { VoiceDetector: Detector } = await native(() => import('./vad.ts'));
  return Detector.open((await fetched(VOICE_DETECTOR, context)).path);
}

async function native<T>(load: () => Promise<T>): Promise<T> {
  return load().catch((cause: unknown) => {
    throw new EngineError('ONNX Runtime does not load on this machine', {
      hint: 'Transcribe elsewhere: nothing here works without it.',
      retry: false,
      cause,
    });
  });
}

async function fetched(id: string, { signal, onLoad, log }: ChooseContext) {
  if (!(await isModelPresent(id))) log(`fetching the model ${id}`);
  return modelPath(id, { signal, onProgress: onLoad });
}

function noModel(engine: string, model: string, known: readonly string[]): EngineError {
  return new EngineError(`${engine} has no model \`${model}\``, {
    hint: `Set \`model\` to ${known.join(', ')}, or leave it out.`,
    retry: false,
  });
}
