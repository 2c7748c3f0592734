import { readFile } from 'node:fs/promises';
import { type WriteOptions, writeOptions } from '../batch/uses/write.ts';
import { EngineError } from '../engines/error.ts';
import { createTextEngine } from '../engines/text/choose.ts';
import type { TextEngine, Turn, WriteRequest } from '../engines/text/engine.ts';
import { begunParts, lessonParts, lessonSystem, lessonTitle } from '../engines/text/lesson.ts';
import { chooseText } from '../engines/text/preset.ts';
import { countWords } from '../engines/text/prose.ts';
import { decodeUtf8 } from '../engines/text/utf8.ts';
import type { StepItem } from '../protocol/step.ts';
import { type Done, type StepContext, serveStep } from './serve.ts';

/** Texts that an endpoint or VS Code writes at once; a local model writes one. */
const AT_ONCE = 4;

const engines = new Map<string, Promise<TextEngine>>();
/** Notes that were told. */
const told = new Set<string>();

function readOptions(item: StepItem): WriteOptions {
  const parsed = writeOptions.safeParse(item.with);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new EngineError(`write: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`, {
    hint: 'Correct the `with` of the step in the batch file.',
    retry: false,
  });
}

function engineFor(options: WriteOptions): Promise<TextEngine> {
  const { timeout, gpu, threads } = options;
  const choice = chooseText(options, process.env);
  const key = JSON.stringify([choice, timeout, gpu, threads]);
  const known = engines.get(key);
  if (known !== undefined) return known;
  const others = choice.engine === 'local' ? closeLocal() : undefined;
  const making = createTextEngine(options);
  const made = Promise.all([making, others]).then(([engine]) => engine);
  engines.set(key, made);
  made.catch(() => engines.delete(key));
  return made;
}

// Two models in memory at once may be more than the machine has.
async function closeLocal(): Promise<void> {
  for (const [key, making] of [...engines]) {
    const engine = await making.catch(() => undefined);
    if (engine?.name !== 'local') continue;
    engines.delete(key);
    await engine.close();
  }
}

async function promptOf(item: StepItem, options: WriteOptions): Promise<string> {
  const text = item.text ?? (item.file === undefined ? '' : await readText(item.file));
  const prompt = options.prompt?.replaceAll('{input}', () => text) ?? text;
  if (prompt.trim() !== '') return prompt;
  throw new EngineError('There is nothing to write about: the input is empty', { retry: false });
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(`${file} cannot be read: ${why}`, { retry: false, cause });
  });
  return decodeUtf8(bytes, file);
}

async function write(item: StepItem, context: StepContext): Promise<Done> {
  const options = readOptions(item);
  const asked = { prompt: await promptOf(item, options), begun: item.begun };
  const { fallback } = options;
  if (fallback === undefined || chooseText(options, process.env).engine !== 'vscode') {
    return writeBy(options, asked, context);
  }
  let begun = false;
  const text = (piece: string): void => {
    begun = true;
    context.text(piece);
  };
  try {
    return await writeBy(options, asked, { ...context, text });
  } catch (error) {
    // What has been shown of a text cannot be taken back: that is for another attempt.
    if (context.signal.aborted || begun || !(error instanceof EngineError)) throw error;
    context.log(`writing with ${fallback}, since VS Code cannot: ${error.message}`);
    return writeBy({ ...options, engine: fallback, model: undefined }, asked, context);
  }
}

async function writeBy(options: WriteOptions, item: Asked, context: StepContext): Promise<Done> {
  const engine = await engineFor(options);
  const { signal } = context;
  await engine.load(loadReporter(context), signal);
  const report = writeReporter(context, options.words);
  const work = { engine, request: { ...options, signal, ask: context.ask }, context, report };
  const { text, model = engine.model?.name } =
    options.form === 'lesson'
      ? await writeLesson(options, item, work)
      : await writePart(item.prompt, item.begun, work);
  const words = countWords(text);
  context.progress({ phase: 'write', done: words, total: words, unit: 'words', fraction: 1 });
  const weights = engine.model?.sha256;
  return {
    text,
    engine: engine.name,
    ...(model !== undefined && { model: { name: model, ...(weights && { sha256: weights }) } }),
  };
}

/** What a text is made from. */
interface Asked {
  readonly prompt: string;
  /** What an attempt that broke off has written. */
  readonly begun: string | undefined;
}

interface Writing {
  readonly engine: TextEngine;
  readonly request: WriteRequest & { readonly words: number };
  readonly context: StepContext;
  report(piece: string): void;
}

/** Writes a text or the rest of one; gives the whole. */
async function writePart(
  prompt: string,
  begun: string | undefined,
  { engine, request, context, report }: Writing,
): Promise<{ text: string; model?: string | undefined }> {
  if (begun !== undefined) report(begun);
  const words =
    begun === undefined ? request.words : Math.max(1, request.words - countWords(begun));
  const writing = engine.write(prompt, { ...request, words, begun });
  let text = begun ?? '';
  let next = await writing.next();
  for (; !next.done; next = await writing.next()) {
    text += next.value;
    context.text(next.value);
    report(next.value);
  }
  const { note, model, atOnce = false } = next.value;
  if (note !== undefined) {
    // Who waits for the first sound should know why it is late; once is enough.
    const say = atOnce && !told.has(note) ? context.note : context.log;
    told.add(note);
    say(note);
  }
  return { text: begun === undefined ? next.value.text : text.trim(), model };
}

/** Says text without the space at its end, which is said with what comes after it. */
function withoutLastSpace(say: (text: string) => void): (text: string) => void {
  let space = '';
  return (text) => {
    const all = space + text;
    space = /\s*$/.exec(all)?.[0] ?? '';
    if (space.length < all.length) say(all.slice(0, all.length - space.length));
  };
}

/** Writes a lesson part by part in one conversation, or the rest of one. */
async function writeLesson(
  options: WriteOptions,
  { prompt: topic, begun = '' }: Asked,
  writing: Writing,
): Promise<{ text: string; model?: string | undefined }> {
  const wish = { ...options, topic };
  const system = options.system ?? lessonSystem(wish);
  const parts = lessonParts(wish);
  const there = begunParts(begun, parts);
  const before: Turn[] = [];
  let text = begun;
  let model: string | undefined;
  for (const [index, { heading, words, ...part }] of parts.entries()) {
    // A local model is stopped when it has said enough; being told a number only confuses a small one.
    const local = writing.engine.name === 'local';
    const prompt = local ? part.prompt : `${part.prompt} Use about ${words} words.`;
    let done = there[index];
    if (done === undefined) {
      const above = `${index === 0 ? lessonTitle(topic) : '\n\n'}${heading}`;
      writing.context.text(above);
      text += above;
    }
    if (index >= there.length - 1) {
      const request = { ...writing.request, system, words, before: [...before] };
      const context = { ...writing.context, text: withoutLastSpace(writing.context.text) };
      const made = await writePart(prompt, done || undefined, { ...writing, request, context });
      text += made.text.slice(done?.length ?? 0);
      done = made.text;
      model = made.model ?? model;
    }
    before.push({ prompt, text: done ?? '' });
  }
  return { text, model };
}

/** Progress of the loading: when it has grown by a hundredth. */
function loadReporter(context: StepContext): (fraction: number) => void {
  let last = -1;
  return (fraction) => {
    if (fraction < 1 && fraction - last < 0.01) return;
    last = fraction;
    context.progress({ phase: 'load', fraction });
  };
}

/** Progress towards the goal in words, while the text comes: at most 10 times a second. */
function writeReporter(context: StepContext, goal: number): (piece: string) => void {
  const begun = performance.now();
  let text = '';
  let done = 0;
  let last = Number.NEGATIVE_INFINITY;
  return (piece) => {
    text += piece;
    const now = performance.now();
    if (now - last < 100) return;
    last = now;
    done += countWords(text);
    text = '';
    const seconds = (now - begun) / 1000;
    const rate = seconds > 0.5 ? done / seconds : undefined;
    context.progress({
      phase: 'write',
      done,
      total: goal,
      unit: 'words',
      fraction: Math.min(0.99, done / goal),
      ...(rate !== undefined && { rate, eta: Math.max(0, (goal - done) / rate) }),
    });
  };
}

function concurrencyOf(item: StepItem | undefined): number {
  if (!item) return 1;
  try {
    return chooseText(readOptions(item), process.env).engine === 'local' ? 1 : AT_ONCE;
  } catch {
    // The item itself says what is wrong.
    return 1;
  }
}

await serveStep(write, {
  streams: ['out', 'resume'],
  concurrency: concurrencyOf,
  close: async () => {
    const all = await Promise.allSettled(engines.values());
    await Promise.all(all.map((made) => made.status === 'fulfilled' && made.value.close()));
  },
});
