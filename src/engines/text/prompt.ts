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
function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}
