import { EngineError } from '../error.ts';
import type { Ask } from '../text/engine.ts';
import { chooseText, DEFAULT_TEXT_MODEL } from '../text/preset.ts';
import { languageName } from '../text/prompt.ts';
import { createApertium } from './apertium.ts';
import { assertDifferent, type Pair, type Translator, UNKNOWN } from './engine.ts';

export interface ChooseTranslation {
  readonly engine: 'auto' | 'apertium' | 'text';
  readonly to: string;
  /** BCP 47; `undefined` while it is not known. */
  readonly language?: string | undefined;
  readonly textEngine: 'auto' | 'local' | 'openai' | 'vscode';
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly timeout: number;
}

/**
 * What translates as the options ask for. What it cannot do is said at once where the language is known; where it is
 * not, `auto` can be chosen only when it is.
 */
export async function chooseTranslator(
  options: ChooseTranslation,
  ask: Ask,
  signal: AbortSignal,
): Promise<Translator> {
  const { engine, language } = options;
  const pair: Pair = { from: language ?? UNKNOWN, to: options.to };
  assertDifferent(pair);
  if (engine !== 'text') {
    const apertium = await createApertium(signal);
    if (engine === 'apertium' && apertium === undefined) throw noApertium();
    if (apertium !== undefined && (engine === 'apertium' || can(apertium, pair))) {
      apertium.check(pair);
      return apertium;
    }
  }
  const { textEngine, model, baseUrl, timeout } = options;
  assertModel(options, pair);
  const { createTextEngine } = await import('../text/choose.ts');
  const { createTextTranslator } = await import('./text.ts');
  const text = await createTextEngine({ engine: textEngine, model, baseUrl, timeout, gpu: false });
  return createTextTranslator(text, ask);
}

/**
 * Throws an `EngineError` where the language model would be the one that Sluice fetches itself, and the batch does not
 * name it: of 2 bits, it says nothing of use in another language.
 */
function assertModel({ engine, textEngine, model, baseUrl }: ChooseTranslation, pair: Pair): void {
  const chosen = chooseText({ engine: textEngine, model, baseUrl }, process.env);
  const { model: meant = DEFAULT_TEXT_MODEL } = chosen;
  if (chosen.engine !== 'local' || model !== undefined || meant !== DEFAULT_TEXT_MODEL) return;
  const [from, to] = [pair.from, pair.to].map(languageName);
  const what = pair.from === UNKNOWN ? `to ${to}` : `${from} to ${to}`;
  const why = engine === 'text' ? '' : 'apertium has no such pair here, and ';
  throw new EngineError(
    `nothing here translates ${what}: ${why}${DEFAULT_TEXT_MODEL} is too small for it`,
    {
      hint: 'Install a pair of apertium, such as apertium-eng-spa; or choose a language model with "Sluice: Choose Engine…" or by `textEngine` and `model`.',
      retry: false,
    },
  );
}

/** Where the language is not known yet, it is likely one of those that are installed. */
function can(translator: Translator, pair: Pair): boolean {
  try {
    translator.check(pair);
    return true;
  } catch {
    return false;
  }
}

function noApertium(): EngineError {
  return new EngineError('apertium is not installed', {
    hint: 'Install apertium and a pair of languages, such as apertium-eng-spa, or use `engine: text`.',
    retry: false,
  });
}
