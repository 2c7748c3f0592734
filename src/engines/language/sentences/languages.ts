import { abbreviationsOf } from './abbreviations.ts';
import { ENGLISH } from './english.ts';
import { FRENCH } from './french.ts';
import { GERMAN } from './german.ts';
import { type SentenceRules, words } from './rules.ts';
import { SPANISH } from './spanish.ts';

const OWN: Readonly<Record<string, Partial<SentenceRules>>> = {
  en: ENGLISH,
  de: GERMAN,
  fr: FRENCH,
  es: SPANISH,
};
const WITH_ORDINALS = words('cs da de et fi hr hu is lb lt lv nb nn no pl sk sl sr tr');

const made = new Map<string, SentenceRules>();

/** The rules of a language (BCP 47): of its first part, so that `pt-BR` has those of `pt`. */
export function rulesOf(language: string): SentenceRules {
  const code = /^[a-z]*/i.exec(language)?.[0].toLowerCase() ?? '';
  const rules = made.get(code) ?? makeRules(code);
  made.set(code, rules);
  return rules;
}

function makeRules(code: string): SentenceRules {
  const none = new Set<string>();
  return {
    starters: none,
    titles: none,
    abbreviations: abbreviationsOf(code),
    numbered: none,
    ordinals: WITH_ORDINALS.has(code),
    capitalInitials: false,
    ...OWN[code],
  };
}
