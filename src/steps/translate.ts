import { setTimeout as sleep } from 'node:timers/promises';
import { translateOptions } from '../batch/uses/translate.ts';
import { type Chunk, createChunker } from '../engines/language/chunker/chunker.ts';
import { detectLanguage } from '../engines/language/detect.ts';
import { chooseTranslator } from '../engines/translation/choose.ts';
import { assertDifferent, type Translator } from '../engines/translation/engine.ts';
import { TRANSLATION_FORMS, type Translation } from '../engines/translation/translation.ts';
import { placeOf, type Source } from '../engines/understanding/source.ts';
import type { StepItem } from '../protocol/step.ts';
import { assertForm, writeForms } from './forms.ts';
import { readOptions } from './options.ts';
import { type Done, type StepContext, serveStep } from './serve.ts';
import { readSource } from './source.ts';

/** Characters by which the language of a text that is still coming is told. */
const TELLING = 200;

/** Translates a text sentence by sentence while it comes, then writes the whole with its times. */
async function translate(item: StepItem, context: StepContext): Promise<Done> {
  const options = readOptions('translate', translateOptions, item);
  assertForm('a translation', TRANSLATION_FORMS, item.output);
  const { to, language } = options;
  const translator = await chooseTranslator(options, context.ask, context.signal);
  try {
    const work = new Sentences(translator, { to, language }, context);
    const source = await readSource(item, context, language, (piece) => work.push(piece));
    if (source.text.trim() === '') context.note('there is nothing to translate');
    const made = await work.end(source);
    const beside = await writeForms(item.output, TRANSLATION_FORMS, made);
    return {
      file: true,
      ...(beside.length > 0 && { beside }),
      engine: translator.name,
      ...(translator.model && { model: translator.model }),
    };
  } finally {
    await translator.close();
  }
}

interface Translated {
  readonly chunk: Chunk;
  readonly text: string;
}

/** The sentences of a text on their way through a translator: what waits while it works is given to it together. */
class Sentences {
  readonly #translator: Translator;
  readonly #options: { readonly to: string; readonly language: string | undefined };
  readonly #context: StepContext;
  readonly #waiting: Chunk[] = [];
  readonly #done: Translated[] = [];
  #text = '';
  #told = 0;
  #language: string | undefined;
  #chunker: ReturnType<typeof createChunker> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #working: Promise<void> | undefined;
  /** Aborted when the text is whole. */
  readonly #whole = new AbortController();

  constructor(
    translator: Translator,
    options: { readonly to: string; readonly language: string | undefined },
    context: StepContext,
  ) {
    this.#translator = translator;
    this.#options = options;
    this.#context = context;
    this.#language = options.language;
  }

  async push(piece: string): Promise<void> {
    this.#text += piece;
    // Its language says how its sentences end, and whether it can be translated.
    if (this.#language === undefined && this.#text.length < TELLING) return;
    this.#begin(this.#language ?? (await detectLanguage(this.#text)));
    this.#feed();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Translates what is left. The places of the sentences are those of the whole source. */
  async end(source: Source): Promise<Translation> {
    this.#begin(this.#language ?? source.language);
    if (this.#text === '') this.#text = source.text;
    this.#feed();
    this.#take(this.#chunker?.end() ?? []);
    this.#whole.abort();
    while (this.#working !== undefined) await this.#working;
    if (this.#failure !== undefined) throw this.#failure.error;
    const { name, model } = this.#translator;
    return {
      version: 1,
      language: this.#options.to,
      from: this.#language ?? source.language,
      engine: name,
      ...(model === undefined ? {} : { model: model.name }),
      segments: this.#done.map(({ chunk, text }, index) => {
        const until = endOf(this.#done[index - 1]?.chunk);
        const paragraph = index > 0 && this.#text.slice(until, chunk.start).includes('\n');
        return {
          ...placeOf(source, chunk.start, chunk.start + chunk.text.trimEnd().length),
          text,
          source: chunk.text.trim(),
          ...(paragraph ? { paragraph } : {}),
        };
      }),
    };
  }

  #begin(language: string): void {
    if (this.#chunker !== undefined) return;
    this.#language = language;
    this.#chunker = createChunker({ markdown: false, language });
    try {
      const pair = { from: language, to: this.#options.to };
      assertDifferent(pair);
      this.#translator.check(pair);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
  }

  #feed(): void {
    const more = this.#text.slice(this.#told);
    this.#told = this.#text.length;
    this.#take(this.#chunker?.push(more) ?? []);
  }

  #take(chunks: readonly Chunk[]): void {
    this.#waiting.push(...chunks.filter(({ text }) => text.trim() !== ''));
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    // What comes together goes together.
    await Promise.resolve();
    try {
      while (this.#waiting.length > 0 && this.#failure === undefined) {
        const batch = this.#waiting.splice(0, this.#translator.batch);
        await this.#translateBatch(batch);
        await this.#pause();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#working = undefined;
    }
  }

  async #pause(): Promise<void> {
    const { pause = 0 } = this.#translator;
    const signal = AbortSignal.any([this.#context.signal, this.#whole.signal]);
    if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => {});
    this.#context.signal.throwIfAborted();
  }

  async #translateBatch(batch: readonly Chunk[]): Promise<void> {
    const pair = { from: this.#language ?? 'und', to: this.#options.to };
    const texts = batch.map(({ text }) => text.replace(/\s+/g, ' ').trim());
    const { signal, pieces } = this.#context;
    const made = await this.#translator.translate(texts, pair, signal);
    signal.throwIfAborted();
    for (const [index, chunk] of batch.entries()) {
      const text = made[index] ?? '';
      const before = this.#done.at(-1)?.chunk;
      const gap = this.#text.slice(endOf(before), chunk.start);
      this.#context.text(`${before === undefined ? '' : gap.includes('\n') ? '\n\n' : ' '}${text}`);
      this.#done.push({ chunk, text });
    }
    const last = batch.at(-1)?.end ?? 0;
    const whole = pieces.expected ?? this.#text.length;
    this.#context.progress({
      phase: 'translate',
      done: last,
      unit: 'characters',
      fraction: Math.min(0.99, last / Math.max(1, whole)),
    });
  }
}

/** Where a sentence ends, without the space behind it. */
function endOf(chunk: Chunk | undefined): number {
  return chunk === undefined ? 0 : chunk.start + chunk.text.trimEnd().length;
}

await serveStep(translate, { streams: ['in', 'out'], concurrency: 4 });
