import { insightsOptions } from '../batch/uses/insights.ts';
import { isEnglish } from '../engines/speech/voice.ts';
import type { StepItem } from '../protocol/step.ts';
import { readOptions } from './options.ts';
import { type Done, type StepContext, serveStep } from './serve.ts';
import { notFor, readSource } from './source.ts';

/** Finds phrases, mood, pace, questions and what is to be done, as `insights.json`: see docs/recordings.md. */
async function insights(item: StepItem, context: StepContext): Promise<Done> {
  const { phrases, language } = readOptions('insights', insightsOptions, item);
  const source = await readSource(item, context, language);
  if (!isEnglish(source.language)) {
    notFor(source.language, 'insights into phrases, mood and what is to be done', context);
  }
  // Loaded when there is work: the step before needs the cores when it begins.
  const { insightsOf } = await import('../engines/understanding/insights/insights.ts');
  return {
    text: `${JSON.stringify(insightsOf(source, phrases), undefined, 1)}\n`,
    mime: 'application/json',
    engine: 'vader, wink-nlp',
  };
}

await serveStep(insights, { streams: ['in'], concurrency: 4 });
