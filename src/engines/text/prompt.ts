import type { Turn } from './engine.ts';

/** What is wanted of a text. */
export interface Wish {
  /** Said to the model in place of the built-in words. */
  readonly system?: string | undefined;
  readonly words?: number | undefined;
  /** Code of a language. */
  readonly language?: string | undefined;
}

/**
 * What the model is told before the prompt. `brief` is for small models: they repeat rules instead
 * of following them, and answer best when told what they are.
 */
export function systemPrompt(wish: Wish, brief = false): string {
  if (wish.system !== undefined) return wish.system;
  const words = wish.words === undefined ? '' : `about ${wish.words} words`;
  const language = wish.language === undefined ? '' : `in ${languageName(wish.language)}`;
  const size = [words, language].filter((part) => part !== '').join(' ');
  if (brief) {
    return `You are a narrator. You speak in clear sentences${size === '' ? '' : `, ${size}`}.`;
  }
  const rules =
    'You write clear, plain prose that is read aloud. Answer with the text alone: no title, no headings, no lists, no markdown, no remarks about the text.';
  return size === '' ? rules : `${rules} Write ${size}.`;
}

/** The English name of a language: `French` for `fr`. An unknown code is given back. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/**
 * What a model that cannot be given the beginning of its answer is asked for the rest of a text that broke off:
 * the conversation so far, and the prompt.
 */
export function goingOn(
  prompt: string,
  { before = [], begun }: { before?: readonly Turn[] | undefined; begun?: string | undefined },
): { before: readonly Turn[]; prompt: string } {
  if (begun === undefined) return { before, prompt };
  const again =
    'Your answer was cut off there. Go on from exactly there: first the rest of the sentence that was cut off, then what is left to say. Repeat nothing, and make no remark about it.';
  return { before: [...before, { prompt, text: begun }], prompt: again };
}
