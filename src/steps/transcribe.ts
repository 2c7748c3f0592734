import { extname } from 'node:path';
import { type TranscribeOptions, transcribeOptions } from '../batch/uses/transcribe.ts';
import { EngineError } from '../engines/error.ts';
import { chooseTranscription, kindOf, voiceDetector } from '../engines/transcription/choose.ts';
import type { Range, TranscriptionEngine } from '../engines/transcription/engine.ts';
import { HeardLog, type HeardStretch } from '../engines/transcription/heard-log.ts';
import { listen } from '../engines/transcription/listen.ts';
import { withPreset } from '../engines/transcription/preset.ts';
import {
  between,
  segmentsOf,
  TRANSCRIPT_FORMS,
  type Transcript,
} from '../engines/transcription/transcript.ts';
import { TRANSCRIPT_MIME } from '../protocol/mime.ts';
import type { StepItem } from '../protocol/step.ts';
import { assertForm, writeForms } from './forms.ts';
import { loading } from './loading.ts';
import { readOptions } from './options.ts';
import { type Done, type StepContext, serveStep } from './serve.ts';
import { Warm } from './warm.ts';

const engines = new Map<string, Promise<TranscriptionEngine>>();
const detector = new Warm(voiceDetector);

/** Writes down the recording of an item: its text as it is heard, then the files of the transcript. */
async function transcribe(item: StepItem, context: StepContext): Promise<Done> {
  const options = withPreset(readOptions('transcribe', transcribeOptions, item), process.env);
  const { file } = item;
  if (file === undefined) {
    throw new EngineError('there is no recording to transcribe', {
      hint: 'Let `inputs` be `files`, such as { files: "talks/*.mp3" }.',
      retry: false,
    });
  }
  assertForm('a transcript', TRANSCRIPT_FORMS, item.output);
  context.progress({ phase: 'load' });
  const engine = await engineFor(options, context);
  const transcript = await hearAll(file, item, options, engine, context);
  if (transcript.segments.length === 0) context.note('nobody speaks in this recording');
  const beside = await writeForms(item.output, TRANSCRIPT_FORMS, transcript);
  return {
    file: true,
    ...(extname(item.output).toLowerCase() === '.json' && { mime: TRANSCRIPT_MIME }),
    seconds: transcript.seconds,
    ...(beside.length > 0 && { beside }),
    engine: engine.name,
    ...(engine.model && { model: engine.model }),
  };
}

/** Hears a recording from where an earlier attempt or run has left off. */
async function hearAll(
  file: string,
  item: StepItem,
  options: TranscribeOptions,
  engine: TranscriptionEngine,
  context: StepContext,
): Promise<Transcript> {
  const { signal } = context;
  const log = await HeardLog.open(item.keep, { engine: engine.name, ...engine.model });
  const stretches: HeardStretch[] = [...log.heard];
  let { language } = options;
  const teller = new Teller(item.begun, context);
  for (const [index, stretch] of stretches.entries()) {
    language ??= stretch.language;
    teller.tell(joint(stretches[index - 1], stretch) + stretch.text);
  }
  const first = stretches.at(-1)?.next ?? 0;
  if (first > 0) context.log(`going on behind ${stretches.length} stretches that are there`);
  const coming = listen(file, await detector.for(context), engine.limits, first, signal);
  let next = await coming.next();
  for (; !next.done; next = await coming.next()) {
    const { speech, at, fraction } = next.value;
    // The file is read a little ahead of what is heard.
    context.progress({
      phase: 'transcribe',
      done: at,
      unit: 's',
      fraction: Math.min(0.99, fraction),
    });
    if (speech === undefined) continue;
    const hearing = engine.hear(speech, { language, signal });
    let told = false;
    let piece = await hearing.next();
    for (; !piece.done; piece = await hearing.next()) {
      const before = told ? '' : joint(stretches.at(-1), speech);
      told = true;
      teller.tell(before + piece.value);
    }
    signal.throwIfAborted();
    const heard = inMs({ ...speechOf(speech), ...piece.value, next: next.value.next });
    if (heard.text === '') continue;
    language ??= heard.language;
    await log.add(heard);
    stretches.push(heard);
  }
  return {
    version: 1,
    language: language ?? 'und',
    seconds: ms(next.value),
    timed: engine.timed,
    engine: engine.name,
    ...(engine.model === undefined ? {} : { model: engine.model.name }),
    speech: stretches.flatMap(({ ranges }) => ranges.map((range) => ({ ...range }))),
    segments: segmentsOf(stretches, language ?? 'en'),
  };
}

function speechOf({ start, end, ranges }: Pick<HeardStretch, 'start' | 'end' | 'ranges'>) {
  return { start, end, ranges };
}

/** Times to the millisecond, as files have them. */
function inMs(heard: HeardStretch): HeardStretch {
  const range = <T extends Range>(one: T): T => ({
    ...one,
    start: ms(one.start),
    end: ms(one.end),
  });
  return { ...range(heard), ranges: heard.ranges.map(range), words: heard.words.map(range) };
}

function ms(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function joint(before: HeardStretch | undefined, after: Pick<HeardStretch, 'start'>): string {
  return before === undefined ? '' : between(before, after);
}

/** Tells the text, but for its beginning where that has been told by an attempt that broke off. */
class Teller {
  readonly #context: StepContext;
  #told: string;

  constructor(begun: string | undefined, context: StepContext) {
    this.#told = begun ?? '';
    this.#context = context;
  }

  tell(text: string): void {
    if (text === '') return;
    if (this.#told === '') {
      this.#context.text(text);
      return;
    }
    // Stretches are heard again as before: the engines choose the likeliest word each time.
    const known = Math.min(this.#told.length, text.length);
    this.#told = this.#told.slice(known);
    if (known < text.length) this.#context.text(text.slice(known));
  }
}

function engineFor(options: TranscribeOptions, context: StepContext): Promise<TranscriptionEngine> {
  const { language: _, ...rest } = options;
  const key = JSON.stringify([kindOf(options), rest]);
  const warm = engines.get(key);
  if (warm !== undefined) {
    return warm.then((engine) => {
      engine.check(options.language);
      return engine;
    });
  }
  const made = chooseTranscription(options, loading(context));
  engines.set(key, made);
  made.catch(() => engines.delete(key));
  return made;
}

await serveStep(transcribe, {
  streams: ['out', 'resume'],
  // The detector hears one recording at a time, and a model takes all cores.
  concurrency: 1,
  async close() {
    for (const made of engines.values()) await made.then((one) => one.close()).catch(() => {});
    await detector.close();
  },
});
