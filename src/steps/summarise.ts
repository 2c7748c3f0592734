import { type SummariseOptions, summariseOptions } from '../batch/uses/summarise.ts';
import { EngineError } from '../engines/error.ts';
import { isEnglish } from '../engines/speech/voice.ts';
import type { TextEngine } from '../engines/text/engine.ts';
import { languageName } from '../engines/text/prompt.ts';
import { plainInMarkdown, timeOf } from '../engines/understanding/clock.ts';
import { loadEmbedder } from '../engines/understanding/load.ts';
import type { Source } from '../engines/understanding/source.ts';
import { extract, wordVectors } from '../engines/understanding/summary.ts';
import type { StepItem } from '../protocol/step.ts';
import { readOptions } from './options.ts';
import { type Done, type StepContext, serveStep } from './serve.ts';
import { readSource } from './source.ts';
import { Warm } from './warm.ts';

/** Characters that a language model is given at once: about 2,000 tokens, for models with a small context. */
const LONGEST = 8000;
/** Words of a sentence, about. */
const SENTENCE = 20;

const embedder = new Warm(loadEmbedder);

/** Summarises a text, as Markdown. */
async function summarise(item: StepItem, context: StepContext): Promise<Done> {
  const options = readOptions('summarise', summariseOptions, item);
  if (options.engine === 'text') return summariseByText(item, options, context);
  const { language, sentences } = options;
  const source = await readSource(item, context, language);
  if (source.passages.length === 0) context.note('there is nothing to summarise');
  const english = isEnglish(source.language);
  const model = english ? await embedder.for(context) : undefined;
  const texts = source.passages.map(({ text }) => text);
  const vectors =
    (await model?.embed(texts, context.signal)) ?? wordVectors(texts, source.language);
  const lines = extract(source, vectors, sentences).map(({ text, start }) => {
    const time = start === undefined ? '' : `${timeOf(start)} `;
    return `- ${time}${plainInMarkdown(text)}\n`;
  });
  return {
    text: lines.join(''),
    mime: 'text/markdown',
    engine: 'extractive',
    ...(model && { model: model.model }),
  };
}

/** In a language model's own words. What is too long for it is summarised part by part, then the summaries are. */
async function summariseByText(
  item: StepItem,
  options: SummariseOptions,
  context: StepContext,
): Promise<Done> {
  const { textEngine, model, baseUrl, timeout } = options;
  const { createTextEngine } = await import('../engines/text/choose.ts');
  // What is not set is said before the text is there.
  const engine = await createTextEngine({
    engine: textEngine,
    model,
    baseUrl,
    timeout,
    gpu: false,
  });
  try {
    const source = await readSource(item, context, options.language);
    if (source.text.trim() === '') {
      throw new EngineError('there is nothing to summarise', { retry: false });
    }
    const text = await condense(source, options.sentences, engine, context);
    return {
      text: `${text}\n`,
      mime: 'text/markdown',
      engine: engine.name,
      ...(engine.model && { model: engine.model }),
    };
  } finally {
    await engine.close();
  }
}

async function condense(
  source: Source,
  sentences: number,
  engine: TextEngine,
  context: StepContext,
): Promise<string> {
  const { signal, ask } = context;
  await engine.load((fraction) => context.progress({ phase: 'load', fraction }), signal);
  const name =
    source.language === 'und' ? 'the language of the text' : languageName(source.language);
  const system = 'You summarise texts. You answer with the summary alone.';
  const words = sentences * SENTENCE;
  const once = async (text: string, show: boolean): Promise<string> => {
    // Small models forget what stands before a long text.
    const asked = `Summarise this text in ${name}, in about ${sentences} sentences.`;
    const writing = engine.write(`Text:\n${text}\n\n${asked}`, {
      system,
      words,
      temperature: 0.2,
      signal,
      ask,
    });
    let next = await writing.next();
    for (; !next.done; next = await writing.next()) if (show) context.text(next.value);
    return next.value.text;
  };
  let parts = partsOf(source.passages.map(({ text }) => text));
  while (parts.length > 1) {
    const short: string[] = [];
    for (const [index, part] of parts.entries()) {
      context.progress({ phase: 'summarise', fraction: index / (parts.length + 1) });
      short.push(await once(part, false));
    }
    const next = partsOf(short);
    // A model that does not shorten would go on for ever.
    parts = next.length < parts.length ? next : [short.join(' ').slice(0, LONGEST)];
  }
  return once(parts[0] ?? '', true);
}

/** Sentences joined to parts that a model takes at once. */
function partsOf(sentences: readonly string[]): string[] {
  const parts: string[] = [];
  for (const sentence of sentences) {
    const last = parts.at(-1);
    const piece = sentence.slice(0, LONGEST);
    if (last !== undefined && last.length + piece.length < LONGEST) {
      parts[parts.length - 1] = `${last} ${piece}`;
    } else parts.push(piece);
  }
  return parts;
}

await serveStep(summarise, {
  streams: ['in'],
  concurrency: 1,
  close: () => embedder.close(),
});
