import { EngineError } from '../error.ts';
import { isEnglish } from '../speech/voice.ts';
import { languageName } from '../text/prompt.ts';

/** Throws an `EngineError` where a step is told before its work that the text is in another language than English. */
export function assertEnglishText(step: string, language: string | undefined): void {
  if (language === undefined || isEnglish(language)) return;
  throw new EngineError(`${step} works for English only, not for ${languageName(language)}`, {
    hint: `Take the step ${step} out of the batch, or let it work on the translation into English.`,
    retry: false,
  });
}
