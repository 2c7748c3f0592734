import { EngineError } from '../error.ts';
import { findEndpoint, isConfigured } from './endpoint.ts';
import type { TextEngine } from './engine.ts';
import { LocalEngine } from './local.ts';
import { OpenAiEngine } from './openai.ts';

export interface TextEngineOptions {
  readonly engine: 'auto' | 'local' | 'openai';
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  /** Seconds. */
  readonly timeout: number;
  readonly gpu: boolean;
  readonly threads?: number | undefined;
}

/** The model that `local` uses when none is named. */
const DEFAULT_MODEL = 'tinyllama';

/** Which engine `auto` means: an endpoint when one is configured, unless a local model is named. */
export function resolveEngine(
  options: Pick<TextEngineOptions, 'engine' | 'model' | 'baseUrl'>,
  env: NodeJS.ProcessEnv,
): 'local' | 'openai' {
  if (options.engine !== 'auto') return options.engine;
  const { model } = options;
  const localModel = model === DEFAULT_MODEL || (model !== undefined && /\.gguf$/i.test(model));
  if (localModel && options.baseUrl === undefined) return 'local';
  return isConfigured(findEndpoint(options.baseUrl, env)) ? 'openai' : 'local';
}

/** The text engine that the options and the environment ask for; nothing is loaded yet. */
export function createTextEngine(
  options: TextEngineOptions,
  env: NodeJS.ProcessEnv = process.env,
): TextEngine {
  if (resolveEngine(options, env) === 'local') {
    const { model = DEFAULT_MODEL, gpu, threads } = options;
    return new LocalEngine({ model, gpu, threads });
  }
  const endpoint = findEndpoint(options.baseUrl, env);
  if (!isConfigured(endpoint)) {
    throw new EngineError('No endpoint is set for the openai engine', {
      hint: 'Set baseUrl (or OPENAI_BASE_URL), or OPENAI_API_KEY for OpenAI; or use the engine local.',
      retry: false,
    });
  }
  return new OpenAiEngine({ endpoint, model: options.model, timeout: options.timeout * 1000 });
}
