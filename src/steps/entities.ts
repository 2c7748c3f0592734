import { entitiesOptions } from '../batch/uses/entities.ts';
import { isEnglish } from '../engines/speech/voice.ts';
import { assertEnglishText } from '../engines/understanding/english.ts';
import { ENTITIES_MIME } from '../protocol/mime.ts';
import type { StepItem } from '../protocol/step.ts';
import { readOptions } from './options.ts';
import { type Done, type StepContext, serveStep } from './serve.ts';
import { notFor, readSource } from './source.ts';

/** Finds what a text names, as `entities.json`: see docs/recordings.md. */
async function entities(item: StepItem, context: StepContext): Promise<Done> {
  const { types, language } = readOptions('entities', entitiesOptions, item);
  assertEnglishText('entities', language);
  const source = await readSource(item, context, language);
  const english = isEnglish(source.language);
  if (!english) notFor(source.language, 'entities', context);
  // Loaded when there is work: the step before needs the cores when it begins.
  const { countEntities, findEntities } = await import('../engines/understanding/entities.ts');
  const found = english ? findEntities(source, types) : [];
  const result = {
    version: 1,
    language: source.language,
    names: countEntities(found),
    entities: found,
  };
  return {
    text: `${JSON.stringify(result, undefined, 1)}\n`,
    mime: ENTITIES_MIME,
    engine: 'compromise, wink-nlp',
  };
}

await serveStep(entities, { streams: ['in'], concurrency: 4 });
