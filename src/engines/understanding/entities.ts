import nlp from 'compromise';
import type { ItemEntity } from 'wink-nlp';
import type { EntitiesOptions } from '../../batch/uses/entities.ts';
import { wink } from '../language/wink.ts';
import { type Place, placeOf, type Source } from './source.ts';

export type EntityType = NonNullable<EntitiesOptions['types']>[number];

/** Something that a text names. */
export interface Entity extends Place {
  readonly text: string;
  readonly type: EntityType;
}

/** An entity, however often it is named. */
export interface Named {
  readonly text: string;
  readonly type: EntityType;
  readonly count: number;
}

const FROM_WINK: Readonly<Record<string, EntityType>> = {
  DATE: 'date',
  TIME: 'time',
  DURATION: 'duration',
  MONEY: 'money',
  PERCENT: 'percent',
  CARDINAL: 'number',
  ORDINAL: 'number',
  EMAIL: 'email',
  URL: 'url',
};

/** wink takes "a wonderful day" and "good morning" for times; they name none. */
const UNNAMED =
  /^(?:(?:good|an?|the) )?(?:second|minute|hour|day|morning|afternoon|evening|night|week|weekend|month|year|time)s?$/i;

/**
 * What an English text names, in its order, none inside another: people, places and organisations by compromise
 * (https://github.com/spencermountain/compromise), dates, money, numbers and addresses by wink-nlp
 * (https://winkjs.org). Where both find something, the longer one counts.
 */
export function findEntities(source: Source, types?: readonly EntityType[]): Entity[] {
  const found = source.passages.flatMap(({ text, from }) =>
    [...names(text), ...values(text)].map((one) => ({
      ...one,
      from: from + one.from,
      to: from + one.to,
    })),
  );
  const longest = found.sort((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from);
  const kept: Omit<Entity, 'start' | 'end'>[] = [];
  for (const one of longest) {
    if (types?.includes(one.type) === false) continue;
    if (kept.every((other) => one.to <= other.from || one.from >= other.to)) kept.push(one);
  }
  return kept
    .sort((a, b) => a.from - b.from)
    .map((one) => ({ ...one, ...placeOf(source, one.from, one.to) }));
}

/** Each entity once, the most frequent one first. */
export function countEntities(entities: readonly Entity[]): Named[] {
  const counts = new Map<string, Named>();
  for (const { text, type } of entities) {
    const key = `${type} ${text.toLowerCase()}`;
    const before = counts.get(key);
    counts.set(key, { text: before?.text ?? text, type, count: (before?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

interface Found {
  readonly text: string;
  readonly type: EntityType;
  readonly from: number;
  readonly to: number;
}

interface Match {
  readonly text: string;
  readonly offset: { readonly start: number; readonly length: number };
}

function names(sentence: string): Found[] {
  const doc = nlp(sentence);
  const of = (view: { json(options: object): unknown }, type: EntityType): Found[] =>
    (view.json({ offset: true, text: true, terms: false }) as Match[]).flatMap(({ offset }) =>
      trimmed(sentence, offset.start, offset.start + offset.length, type),
    );
  return [
    ...of(doc.people(), 'person'),
    ...of(doc.places(), 'place'),
    // "Dr. Chen's office" is none.
    ...of(doc.organizations(), 'organisation').filter(({ text }) => !/['’]s\s/.test(text)),
    // wink knows dates in digits, and "fifth" of "the fifth of March" alone.
    ...of(doc.match('#Ordinal of? #Month #Year?'), 'date'),
    ...of(doc.match('#Month #Value? #Year?'), 'date'),
  ];
}

function values(sentence: string): Found[] {
  const { its, readDoc } = wink('ner');
  const doc = readDoc(sentence);
  const spans = tokenPlaces(sentence, doc.tokens().out() as string[]);
  const found: Found[] = [];
  doc.entities().each((entity: ItemEntity) => {
    const type = FROM_WINK[entity.out(its.type) as string];
    const [first = 0, last = 0] = entity.out(its.span) as number[];
    const [from, to] = [spans[first]?.from, spans[last]?.to];
    if (type === undefined || from === undefined || to === undefined) return;
    if (UNNAMED.test(sentence.slice(from, to))) return;
    found.push(...trimmed(sentence, from, to, type));
  });
  return found;
}

/** wink tells places in tokens, not in characters. */
function tokenPlaces(
  sentence: string,
  tokens: readonly string[],
): { readonly from: number; readonly to: number }[] {
  let at = 0;
  return tokens.map((token) => {
    const from = Math.max(at, sentence.indexOf(token, at));
    at = from + token.length;
    return { from, to: at };
  });
}

/** Without the punctuation and the spaces around it, and without a genitive's ending. */
function trimmed(sentence: string, from: number, to: number, type: EntityType): Found[] {
  const part = sentence.slice(from, to);
  // "The city of Chicago" is named Chicago.
  const opening = /^[\s"'“”‘’([,;:–—-]*(?:(?:the )?(?:city|town|state) of )?/i;
  const before = opening.exec(part)?.[0].length ?? 0;
  const text = part
    .slice(before)
    .replace(/[\s"“”)\],;:!?–—-]+$/, '')
    .replace(/(?<=\p{L}\p{L})\.$/u, '')
    .replace(/['’]s?$/, '');
  if (!/[\p{L}\p{N}]/u.test(text)) return [];
  return [{ text, type, from: from + before, to: from + before + text.length }];
}
