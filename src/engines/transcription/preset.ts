import { splitCommand } from '../../process/command-line.ts';
import { EngineError } from '../error.ts';
import { isEnglish } from '../speech/voice.ts';
import { type ChooseTranscription, MOONSHINE, whisperModel } from './choose.ts';

const NAMES = ['moonshine', 'whisper', 'openai', 'command'] as const;
type Preset = (typeof NAMES)[number];

/**
 * The options with what they leave out filled in from SLUICE_TRANSCRIPTION_ENGINE, _MODEL, _URL and _COMMAND, the
 * defaults that a person chose. A batch that names a language which the chosen engine does not hear, or a model,
 * an address or a program of its own, is done as without a choice.
 */
export function withPreset<T extends ChooseTranscription>(options: T, env: NodeJS.ProcessEnv): T {
  const preset = presetOf(env);
  const auto = options.engine === 'auto';
  const engine = auto && preset !== undefined && suits(preset, options) ? preset : options.engine;
  const own = options.baseUrl !== undefined || options.command !== undefined;
  if (engine !== preset || own) return options;
  const line = env['SLUICE_TRANSCRIPTION_COMMAND'] || undefined;
  return {
    ...options,
    engine,
    model: options.model ?? (env['SLUICE_TRANSCRIPTION_MODEL'] || undefined),
    baseUrl: env['SLUICE_TRANSCRIPTION_URL'] || undefined,
    command: line === undefined ? undefined : commandOf(line),
  };
}

function suits(engine: Preset, { language, model }: ChooseTranscription): boolean {
  if (model === MOONSHINE) return engine === 'moonshine';
  if (model !== undefined && whisperModel(model) !== undefined) return engine === 'whisper';
  return engine !== 'moonshine' || language === undefined || isEnglish(language);
}

function commandOf(line: string): readonly string[] {
  const argv = splitCommand(line);
  if (typeof argv !== 'string') return argv;
  throw new EngineError(`SLUICE_TRANSCRIPTION_COMMAND cannot be read: ${line}`, {
    hint: argv === 'quote' ? 'A quote is not closed.' : 'It ends with a backslash.',
    retry: false,
  });
}

function presetOf(env: NodeJS.ProcessEnv): Preset | undefined {
  const name = env['SLUICE_TRANSCRIPTION_ENGINE'] || 'auto';
  const found = NAMES.find((one) => one === name);
  if (found !== undefined || name === 'auto') return found;
  throw new EngineError(`SLUICE_TRANSCRIPTION_ENGINE names an unknown engine: ${name}`, {
    hint: `Use auto, ${NAMES.slice(0, -1).join(', ')} or ${NAMES.at(-1)}.`,
    retry: false,
  });
}
