import { classifyOptions } from '../batch/uses/classify.ts';
import { isEnglish } from '../engines/speech/voice.ts';
import { classify } from '../engines/understanding/classify.ts';
import type { Embedder } from '../engines/understanding/embeddings.ts';
import { assertEnglishText } from '../engines/understanding/english.ts';
import { loadEmbedder } from '../engines/understanding/load.ts';
import type { StepItem } from '../protocol/step.ts';
import { loading } from './loading.ts';
import { readOptions } from './options.ts';
import { type Done, type StepContext, serveStep } from './serve.ts';
import { notFor, readSource } from './source.ts';

let embedder: Promise<Embedder> | undefined;

/** Says which labels fit a text, as `labels.json`: see docs/recordings.md. */
async function label(item: StepItem, context: StepContext): Promise<Done> {
  const { labels, language } = readOptions('classify', classifyOptions, item);
  assertEnglishText('classify', language);
  const source = await readSource(item, context, language, () => void embedderFor(context));
  const english = isEnglish(source.language);
  if (!english) notFor(source.language, 'classify', context);
  const scores = english
    ? await classify(source, labels, await embedderFor(context), context.signal)
    : [];
  const result = { version: 1, language: source.language, labels: scores };
  return {
    text: `${JSON.stringify(result, undefined, 1)}\n`,
    mime: 'application/json',
    engine: 'embeddings',
    ...(english && { model: (await embedderFor(context)).model }),
  };
}

/** The model is loaded with the first piece of a text: the step before needs the cores when it begins. */
function embedderFor(context: StepContext): Promise<Embedder> {
  embedder ??= loadEmbedder(loading(context));
  embedder.catch(() => {
    embedder = undefined;
  });
  return embedder;
}

await serveStep(label, {
  streams: ['in'],
  concurrency: 4,
  async close() {
    await embedder?.then((model) => model.close()).catch(() => {});
  },
});
