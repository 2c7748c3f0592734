import { classifyOptions } from '../batch/uses/classify.ts';
import { isEnglish } from '../engines/speech/voice.ts';
import { classify } from '../engines/understanding/classify.ts';
import { assertEnglishText } from '../engines/understanding/english.ts';
import { loadEmbedder } from '../engines/understanding/load.ts';
import type { StepItem } from '../protocol/step.ts';
import { readOptions } from './options.ts';
import { type Done, type StepContext, serveStep } from './serve.ts';
import { notFor, readSource } from './source.ts';
import { Warm } from './warm.ts';

/** Loaded with the first piece of a text: the step before needs the cores when it begins. */
const embedder = new Warm(loadEmbedder);

/** Says which labels fit a text, as `labels.json`: see docs/recordings.md. */
async function label(item: StepItem, context: StepContext): Promise<Done> {
  const { labels, language } = readOptions('classify', classifyOptions, item);
  assertEnglishText('classify', language);
  const source = await readSource(item, context, language, () => void embedder.for(context));
  const english = isEnglish(source.language);
  if (!english) notFor(source.language, 'classify', context);
  const scores = english
    ? await classify(source, labels, await embedder.for(context), context.signal)
    : [];
  const result = { version: 1, language: source.language, labels: scores };
  return {
    text: `${JSON.stringify(result, undefined, 1)}\n`,
    mime: 'application/json',
    engine: 'embeddings',
    ...(english && { model: (await embedder.for(context)).model }),
  };
}

await serveStep(label, {
  streams: ['in'],
  concurrency: 4,
  close: () => embedder.close(),
});
