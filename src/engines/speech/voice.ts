import { closest } from 'fastest-levenshtein';
import { EngineError } from '../error.ts';

/**
 * The voice that was asked for, the first one when none was. Throws an `EngineError` that names the
 * nearest one when there is no such voice.
 */
export function chooseVoice(
  engine: string,
  voices: readonly [string, ...string[]],
  wanted: string | undefined,
): string {
  if (wanted === undefined) return voices[0];
  if (voices.includes(wanted)) return wanted;
  const all = [...new Set(voices)];
  const list = all.slice(0, 12).join(', ') + (all.length > 12 ? ' and more' : '');
  throw new EngineError(`${engine} has no voice \`${wanted}\``, {
    hint: `Did you mean \`${closest(wanted, [...voices])}\`? It has ${list}.`,
    retry: false,
  });
}

/** Whether a BCP 47 tag is English; nothing said is. */
export function isEnglish(language = 'en'): boolean {
  return /^en\b/i.test(language);
}

/** Throws an `EngineError` unless the language is English. */
export function assertEnglish(engine: string, language?: string): void {
  if (isEnglish(language)) return;
  throw new EngineError(`${engine} speaks English only, not \`${language}\``, {
    hint: 'Use `engine: openai` with an endpoint that knows the language, or `engine: command` with a program such as espeak-ng.',
    retry: false,
  });
}
