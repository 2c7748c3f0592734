import { EngineError } from '../error.ts';
import { isEnglish } from '../speech/voice.ts';

/** Throws an `EngineError` for a language that Moonshine does not hear. */
export function assertMoonshineHears(language: string): void {
  if (isEnglish(language)) return;
  throw new EngineError(`moonshine hears English only, not \`${language}\``, {
    hint: 'Use `engine: whisper`, which knows about 100 languages.',
    retry: false,
  });
}
