/** The English name of a language: `French` for `fr`. An unknown code is given back. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}

const PERSONA =
  'You write clear, plain prose that is read aloud. You answer with the text alone: no title, no headings, no lists, no markdown, no remarks about the text.';

/** What the model is told before the prompt. */
export function systemPrompt(request: {
  system?: string | undefined;
  words?: number | undefined;
  language?: string | undefined;
}): string {
  if (request.system !== undefined) return request.system;
  return `${PERSONA} ${lengthAndLanguage(request)}`.trim();
}

/**
 * The prompt with what is wanted of the text behind it: small models forget what the system prompt
 * said, and heed what comes last.
 */
export function reminded(
  prompt: string,
  request: {
    system?: string | undefined;
    words?: number | undefined;
    language?: string | undefined;
  },
): string {
  if (request.system !== undefined) return prompt;
  return `${prompt}\n\n${lengthAndLanguage(request)} Plain prose, no lists.`;
}

function lengthAndLanguage(request: {
  words?: number | undefined;
  language?: string | undefined;
}): string {
  const words = request.words === undefined ? '' : ` about ${request.words} words`;
  const language = request.language === undefined ? '' : ` in ${languageName(request.language)}`;
  return words || language ? `Write${words}${language}.` : '';
}
