import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, extname } from 'node:path';
import { type SpeakStepOptions, speakOptions } from '../batch/uses/speak.ts';
import { EngineError } from '../engines/error.ts';
import {
  type Chunk,
  type ChunkerOptions,
  createChunker,
} from '../engines/language/chunker/chunker.ts';
import { decodeText } from '../engines/language/utf8.ts';
import { toUtterance } from '../engines/language/utterances.ts';
import { soundFormatOf } from '../engines/sound/file.ts';
import { Track } from '../engines/sound/track.ts';
import { type ChooseContext, chooseSpeechEngine, isSpeechReady } from '../engines/speech/choose.ts';
import type { SpeechEngine } from '../engines/speech/engine.ts';
import { withPreset } from '../engines/speech/preset.ts';
import { SteadyVoice } from '../engines/speech/steady.ts';
import type { StepItem } from '../protocol/step.ts';
import type { Pieces } from './pieces.ts';
import { type Done, type StepContext, serveStep } from './serve.ts';

/** Engines stay warm: one for each set of options that makes another engine. */
const engines = new Map<string, Promise<SpeechEngine>>();

/** Silence in place of a chunk that nothing could speak, in seconds. */
const GAP = 1;
/** The first fragment of a text that is being written: short, so that the first sound comes soon. */
const EARLY = { min: 16, max: 80, until: 1 } as const;

/** Speaks the text of an item into the sound file at its `output`. */
async function speak(item: StepItem, context: StepContext): Promise<Done> {
  const options = parseOptions(item);
  const format = soundFormatOf(item.output);
  const source = item.stream === true ? undefined : await readSource(item, options);
  context.progress({ phase: 'load' });
  const engine = await engineFor(options, context);
  const track = new Track(item.output, { format, tags: tagsOf(item), bitrate: options.bitrate });
  try {
    if (source === undefined) {
      const written = { pieces: context.pieces, markdown: options.markdown !== false };
      await speakStream(track, written, options, engine, context);
    } else if (options.live) {
      await speakStream(track, allAtOnce(source), options, engine, context);
    } else await speakWhole(track, source, options, engine, context);
    return {
      ...(await track.close(options.timings)),
      file: true,
      engine: engine.name,
      ...(engine.model && { model: engine.model }),
    };
  } finally {
    await track.discard();
  }
}

async function speakWhole(
  track: Track,
  { text: written, markdown }: { text: string; markdown: boolean },
  options: SpeakStepOptions,
  engine: SpeechEngine,
  context: StepContext,
): Promise<void> {
  const { language } = options;
  const { unit } = engine.takes;
  const chunker = createChunker({ markdown, language, unit });
  const chunks = [...chunker.push(written), ...chunker.end()].flatMap((chunk) => {
    const utterance = toUtterance(chunk, { ...engine.takes, language });
    return utterance === undefined ? [] : [{ ...chunk, ...utterance, written: chunk.text }];
  });
  const total = chunks.reduce((sum, { text }) => sum + text.length, 0);
  if (total === 0) throw nothingToSpeak();
  let done = 0;
  const report = (now: number): void =>
    context.progress({
      phase: 'speak',
      done: now,
      total,
      unit: 'characters',
      fraction: now / total,
    });
  report(0);
  for (const { text, written, pause, ...chunk } of chunks) {
    let said = 0;
    const start = track.seconds;
    for await (const sound of engine.speak(text, { ...options, signal: context.signal })) {
      await track.write(sound.samples, sound.sampleRate);
      said = Math.min(text.length, said + sound.text.length);
      report(done + said);
      context.signal.throwIfAborted();
    }
    done += text.length;
    if (said === 0) continue;
    track.mark({ ...chunk, text: written }, start);
    track.pause(pause * options.pause);
  }
}

/** Speaks a text while it is being written. Each chunk can be played at once; a voice that fails stops nothing. */
async function speakStream(
  track: Track,
  { pieces, markdown }: WrittenText,
  options: SpeakStepOptions,
  engine: SpeechEngine,
  context: StepContext,
): Promise<void> {
  const { language } = options;
  const { signal } = context;
  const voice = new SteadyVoice(engine, () => otherEngine(engine, language, signal));
  const notes = new Set<string>();
  let fraction = 0;
  for await (const chunk of chunksOf(pieces, { markdown, language, early: EARLY })) {
    signal.throwIfAborted();
    const utterance = toUtterance(chunk, { ...engine.takes, language });
    if (utterance === undefined) continue;
    const asked = performance.now();
    const { sound, note } = await voice.speak(utterance.text, { ...options, signal });
    const took = (performance.now() - asked) / 1000;
    signal.throwIfAborted();
    if (note !== undefined && !notes.has(note)) context.note(note);
    if (note !== undefined) notes.add(note);
    // The engine found no sound in it, such as a lone sign.
    if (sound === undefined && note === undefined) continue;
    const timing = await track.add(chunk, sound, GAP);
    const { said: _, ...part } = timing;
    context.sound(await track.saveLast(chunk.index), { ...part, took });
    track.pause(utterance.pause * options.pause);
    fraction = Math.max(
      fraction,
      Math.min(1, chunk.end / (pieces.expected ?? Number.POSITIVE_INFINITY)),
    );
    context.progress({ phase: 'speak', done: chunk.end, unit: 'characters', fraction });
  }
  if (!voice.hasSpoken)
    throw notes.size > 0 ? new EngineError([...notes].join('; ')) : nothingToSpeak();
}

/** A text as it comes, and whether it is Markdown. */
interface WrittenText {
  readonly pieces: AsyncIterable<string> & Pick<Pieces, 'expected'>;
  readonly markdown: boolean;
}

function allAtOnce({ text, markdown }: { text: string; markdown: boolean }): WrittenText {
  const pieces = {
    expected: text.length,
    async *[Symbol.asyncIterator]() {
      yield text;
    },
  };
  return { pieces, markdown };
}

async function* chunksOf(
  pieces: AsyncIterable<string>,
  options: Omit<ChunkerOptions, 'unit'>,
): AsyncGenerator<Chunk> {
  const chunker = createChunker({ ...options, unit: 'sentence' });
  for await (const piece of pieces) yield* chunker.push(piece);
  yield* chunker.end();
}

/** An engine that can take over from another one; of those that are fetched already. */
async function otherEngine(
  engine: SpeechEngine,
  language: string,
  signal: AbortSignal,
): Promise<SpeechEngine | undefined> {
  for (const name of ['kokoro', 'flite'] as const) {
    if (name === engine.name || !(await isSpeechReady(name))) continue;
    const key = JSON.stringify(['in place', name]);
    const made = engines.get(key) ?? chooseSpeechEngine({ engine: name, language }, { signal });
    engines.set(key, made);
    try {
      return await made;
    } catch {
      engines.delete(key);
      signal.throwIfAborted();
    }
  }
  return undefined;
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

function tagsOf(item: StepItem) {
  return {
    title: item.title,
    track: `${item.index}/${item.total}`,
    album: item.run,
    software: 'Sluice',
  };
}

async function engineFor(options: SpeakStepOptions, context: StepContext): Promise<SpeechEngine> {
  const { engine, voice, language, model, baseUrl, timeout, command, threads } = options;
  const chosenBy = engine === 'auto' ? [voice, language] : [];
  const key = JSON.stringify([engine, chosenBy, model, baseUrl, timeout, command, threads]);
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
  streams: ['in'],
  concurrency: concurrencyOf,
  async close() {
    for (const engine of engines.values())
      await engine.then((made) => made.close()).catch(() => {});
  },
});
