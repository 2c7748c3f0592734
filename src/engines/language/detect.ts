import { eld } from 'eld/small';

/** Characters that are looked at: more does not make it surer. */
const ENOUGH = 4000;

/** The language of a text, as a code such as `fr`; `und` when it cannot be told. */
export function detectLanguage(text: string): string {
  return eld.detect(text.slice(0, ENOUGH)).language || 'und';
}
