import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, extname } from 'node:path';
import { type SpeakStepOptions, speakOptions } from '../batch/uses/speak.ts';
import { EngineError } from '../engines/error.ts';
import { decodeText } from '../engines/language/utf8.ts';
import { toUtterances, type Utterance } from '../engines/language/utterances.ts';
import { createSoundFile, type SoundFile, soundFormatOf } from '../engines/sound/file.ts';
import { type ChooseContext, chooseSpeechEngine } from '../engines/speech/choose.ts';
import type { SpeechEngine } from '../engines/speech/engine.ts';
import { withPreset } from '../engines/speech/preset.ts';
import type { StepItem } from '../protocol/step.ts';
import { type Done, type StepContext, serveStep } from './serve.ts';

/** Engines stay warm: one for each set of options that makes another engine. */
const engines = new Map<string, Promise<SpeechEngine>>();

/** Speaks the text of an item into the sound file at its `output`. */
async function speak(item: StepItem, context: StepContext): Promise<Done> {
  const options = parseOptions(item);
  const format = soundFormatOf(item.output);
  const source = await readSource(item, options);
  context.progress({ phase: 'load' });
  const engine = await engineFor(options, context);
  const { language } = options;
  const utterances = toUtterances(source.text, {
    ...engine.takes,
    markdown: source.markdown,
    language,
  });
  const total = utterances.reduce((sum, { text }) => sum + text.length, 0);
  if (total === 0) throw nothingToSpeak();

  let file: SoundFile | undefined;
  try {
    let done = 0;
    context.progress({ phase: 'speak', done, total, unit: 'characters', fraction: 0 });
    for (const { text, pause } of withPauses(utterances, options.pause)) {
      let said = 0;
      for await (const chunk of engine.speak(text, { ...options, signal: context.signal })) {
        const { sampleRate } = chunk;
        const tags = tagsOf(item);
        const { bitrate } = options;
        file ??= await createSoundFile(item.output, { format, sampleRate, tags, bitrate });
        await file.write(chunk.samples);
        said = Math.min(text.length, said + chunk.text.length);
        const now = done + said;
        context.progress({
          phase: 'speak',
          done: now,
          total,
          unit: 'characters',
          fraction: now / total,
        });
        context.signal.throwIfAborted();
      }
      done += text.length;
      if (said > 0) await file?.pause(pause);
    }
    if (!file) throw nothingToSpeak();
    const { seconds, mime } = await file.close();
    file = undefined;
    return {
      file: true,
      mime,
      seconds,
      engine: engine.name,
      ...(engine.model && { model: engine.model }),
    };
  } finally {
    await file?.discard();
  }
}

function parseOptions(item: StepItem): SpeakStepOptions {
  const parsed = speakOptions.safeParse(item.with);
  if (parsed.success) return withPreset(parsed.data, process.env);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new EngineError(`the options of speak are wrong: ${problems.join('; ')}`, { retry: false });
}

async function readSource(
  item: StepItem,
  options: SpeakStepOptions,
): Promise<{ text: string; markdown: boolean }> {
  const plain = item.text === undefined && /^\.te?xt$/i.test(extname(item.file ?? ''));
  const markdown = options.markdown === 'auto' ? !plain : options.markdown;
  const text = item.text ?? (item.file === undefined ? '' : await readText(item.file));
  if (text.trim() === '') throw nothingToSpeak();
  return { text, markdown };
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'there is no such file' : cause.message;
    throw new EngineError(`cannot read ${path}: ${reason}`, { retry: false, cause });
  });
  return decodeText(bytes, basename(path));
}

function nothingToSpeak(): EngineError {
  return new EngineError('nothing to speak', {
    hint: 'The text is empty, or has no words that this voice can say.',
    retry: false,
  });
}

/** The last utterance needs no silence after it. */
function withPauses(utterances: readonly Utterance[], factor: number): Utterance[] {
  return utterances.map(({ text, pause }, index) => ({
    text,
    pause: index === utterances.length - 1 ? 0 : pause * factor,
  }));
}

function tagsOf(item: StepItem) {
  return {
    title: item.title,
    track: `${item.index}/${item.total}`,
    album: item.run,
    software: 'Sluice',
  };
}

async function engineFor(options: SpeakStepOptions, context: StepContext): Promise<SpeechEngine> {
  const { engine, voice, language, model, baseUrl, timeout, command } = options;
  const chosenBy = engine === 'auto' ? [voice, language] : [];
  const key = JSON.stringify([engine, chosenBy, model, baseUrl, timeout, command]);
  const warm = engines.get(key);
  if (warm !== undefined) return warm;
  const loading: ChooseContext = {
    signal: context.signal,
    onLoad: (done, total) =>
      context.progress({ phase: 'load', done, total, unit: 'B', fraction: done / total }),
    log: context.log,
  };
  const made = chooseSpeechEngine(options, loading);
  engines.set(key, made);
  made.catch(() => engines.delete(key));
  return made;
}

/** The models on this machine take all its cores for one item. */
function concurrencyOf(item?: StepItem): number {
  if (item === undefined) return 1;
  try {
    const { engine } = parseOptions(item);
    if (engine === 'openai') return 4;
    return engine === 'command' ? availableParallelism() : 1;
  } catch {
    // The item itself says what is wrong.
    return 1;
  }
}

await serveStep(speak, {
  concurrency: concurrencyOf,
  async close() {
    for (const engine of engines.values())
      await engine.then((made) => made.close()).catch(() => {});
  },
});
