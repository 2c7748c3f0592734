import { EngineError } from '../error.ts';
import { isEnglish } from '../speech/voice.ts';

/** What every size of Whisper knows, by the codes of its vocabulary. */
export const WHISPER_LANGUAGES: readonly string[] = (
  'af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id ' +
  'is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd ' +
  'si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh'
).split(' ');
/** Codes that people write, and what Whisper calls these languages. */
const ALIASES: Readonly<Record<string, string>> = {
  nb: 'no',
  jv: 'jw',
  fil: 'tl',
  cmn: 'zh',
  iw: 'he',
};

/** Throws an `EngineError` for a language that Moonshine does not hear. */
export function assertMoonshineHears(language: string | undefined): void {
  if (language === undefined || isEnglish(language)) return;
  throw new EngineError(`moonshine hears English only, not \`${language}\``, {
    hint: 'Use `engine: whisper`, which knows about 100 languages.',
    retry: false,
  });
}

/** Throws an `EngineError` for a language that Whisper does not know. */
export function assertWhisperKnows(language: string | undefined): void {
  if (language === undefined || WHISPER_LANGUAGES.includes(whisperCode(language))) return;
  throw new EngineError(`Whisper does not know the language \`${language}\``, {
    hint: `It knows ${WHISPER_LANGUAGES.join(', ')}.`,
    retry: false,
  });
}

/** `pt` of `pt-BR`, as Whisper has it. */
export function whisperCode(language: string): string {
  const base = language.toLowerCase().split('-')[0] ?? language;
  return ALIASES[base] ?? base;
}
