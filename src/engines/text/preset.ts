import { findEndpoint, isConfigured } from '../endpoint/endpoint.ts';
import { EngineError } from '../error.ts';

type TextEngineName = 'local' | 'openai' | 'vscode';

/** What a batch says of the engine. */
export interface TextChoice {
  readonly engine: 'auto' | TextEngineName;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** The engine that is meant, and its model and address where they are known. */
export interface ChosenText {
  readonly engine: TextEngineName;
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
}

/** The model that `local` uses when none is named. */
export const DEFAULT_TEXT_MODEL = 'tinyllama';

/**
 * Which engine, model and address a batch means. What it leaves out comes from SLUICE_TEXT_ENGINE, _MODEL and
 * _URL, the defaults that a person chose; without these, `auto` is an endpoint when one is configured and
 * otherwise a local model.
 */
export function chooseText(choice: TextChoice, env: NodeJS.ProcessEnv): ChosenText {
  const preset = presetOf(env);
  const engine = choice.engine === 'auto' ? auto(choice, preset.engine, env) : choice.engine;
  // A preset model belongs to the preset engine, and to its address.
  const fits = preset.engine === engine && choice.baseUrl === undefined;
  return {
    engine,
    model: choice.model ?? (fits ? preset.model : undefined),
    baseUrl: choice.baseUrl ?? (fits ? preset.baseUrl : undefined),
  };
}

function auto(
  { model, baseUrl }: TextChoice,
  preset: TextEngineName | undefined,
  env: NodeJS.ProcessEnv,
): TextEngineName {
  if (baseUrl !== undefined) return 'openai';
  if (model === DEFAULT_TEXT_MODEL || (model !== undefined && /\.gguf$/i.test(model)))
    return 'local';
  return preset ?? (isConfigured(findEndpoint(undefined, env)) ? 'openai' : 'local');
}

function presetOf(env: NodeJS.ProcessEnv) {
  const engine = env['SLUICE_TEXT_ENGINE'] || 'auto';
  if (!isName(engine) && engine !== 'auto') {
    throw new EngineError(`SLUICE_TEXT_ENGINE names an unknown engine: ${engine}`, {
      hint: 'Use auto, local, openai or vscode.',
      retry: false,
    });
  }
  return {
    engine: isName(engine) ? engine : undefined,
    model: env['SLUICE_TEXT_MODEL'] || undefined,
    baseUrl: env['SLUICE_TEXT_URL'] || undefined,
  };
}

function isName(name: string): name is TextEngineName {
  return name === 'local' || name === 'openai' || name === 'vscode';
}
