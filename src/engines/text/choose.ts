import { findEndpoint, isConfigured } from '../endpoint/endpoint.ts';
import { EngineError } from '../error.ts';
import type { TextEngine } from './engine.ts';
import { LocalEngine } from './local.ts';
import { chooseText, DEFAULT_TEXT_MODEL, type TextChoice } from './preset.ts';
import { VscodeEngine } from './vscode.ts';

export interface TextEngineOptions extends TextChoice {
  /** Seconds. */
  readonly timeout: number;
  readonly gpu: boolean;
  readonly threads?: number | undefined;
}

/** The text engine that the options and the environment ask for; nothing is loaded yet. */
export async function createTextEngine(
  options: TextEngineOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<TextEngine> {
  const { engine, model, baseUrl } = chooseText(options, env);
  const timeout = options.timeout * 1000;
  if (engine === 'vscode') return new VscodeEngine({ model, timeout });
  if (engine === 'local') {
    const { gpu, threads } = options;
    return new LocalEngine({ model: model ?? DEFAULT_TEXT_MODEL, gpu, threads });
  }
  const endpoint = findEndpoint(baseUrl, env);
  if (!isConfigured(endpoint)) {
    throw new EngineError('No endpoint is set for the openai engine', {
      hint: 'Set baseUrl (or OPENAI_BASE_URL), or OPENAI_API_KEY for OpenAI; or use the engine local.',
      retry: false,
    });
  }
  const { OpenAiEngine } = await import('./openai.ts');
  return new OpenAiEngine({ endpoint, model, timeout });
}
