import { KOKORO_VOICES } from '../../models/kokoro-voices.ts';
import { EngineError } from '../error.ts';
import type { ChooseOptions } from './choose.ts';
import { FLITE_VOICES } from './flite.ts';
import { isEnglish } from './voice.ts';

type Preset = 'kokoro' | 'flite' | 'openai';

/**
 * The options with what they leave out filled in from SLUICE_VOICE_ENGINE, _VOICE, _MODEL and _URL, the defaults
 * that a person chose. A batch that names a voice or a language which the chosen engine lacks is spoken by
 * the engine that has it, as without a choice.
 */
export function withPreset<T extends ChooseOptions>(options: T, env: NodeJS.ProcessEnv): T {
  const engine = engineOf(env);
  const auto = options.engine === 'auto';
  const meant = auto && engine !== undefined && suits(engine, options) ? engine : options.engine;
  if (meant !== (engine ?? 'auto') || options.baseUrl !== undefined) {
    return { ...options, engine: meant };
  }
  return {
    ...options,
    engine: meant,
    voice: options.voice ?? (env['SLUICE_VOICE_VOICE'] || undefined),
    model: options.model ?? (env['SLUICE_VOICE_MODEL'] || undefined),
    baseUrl: env['SLUICE_VOICE_URL'] || undefined,
  };
}

function suits(engine: Preset, { voice, language }: ChooseOptions): boolean {
  const owner = voice === undefined ? undefined : ownerOf(voice);
  if (owner !== undefined && owner !== engine) return false;
  return engine === 'openai' || isEnglish(language);
}

/** Which engine of this machine has a voice. */
function ownerOf(voice: string): Preset | undefined {
  if (Object.hasOwn(KOKORO_VOICES, voice)) return 'kokoro';
  return FLITE_VOICES.some((own) => own === voice) ? 'flite' : undefined;
}

function engineOf(env: NodeJS.ProcessEnv): Preset | undefined {
  const name = env['SLUICE_VOICE_ENGINE'] || 'auto';
  if (name === 'kokoro' || name === 'flite' || name === 'openai') return name;
  if (name === 'auto') return undefined;
  throw new EngineError(`SLUICE_VOICE_ENGINE names an unknown engine: ${name}`, {
    hint: 'Use auto, kokoro, flite or openai.',
    retry: false,
  });
}
