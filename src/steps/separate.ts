import { basename, dirname, sep } from 'node:path';
import { type SeparateOptions, separateOptions } from '../batch/uses/separate.ts';
import { EngineError } from '../engines/error.ts';
import { chooseSeparationEngine } from '../engines/separation/choose.ts';
import type { SeparationEngine, Stage } from '../engines/separation/engine.ts';
import { StemFiles } from '../engines/separation/stem-files.ts';
import { openSound, type SoundInput } from '../engines/sound/input.ts';
import type { FileNote, StepItem } from '../protocol/step.ts';
import { type Done, type StepContext, serveStep } from './serve.ts';

/** Engines stay warm: one for each set of options that makes another engine. */
const engines = new Map<string, Promise<SeparationEngine>>();

/** Where each stage begins and ends, as shares of the whole. */
const STAGES: Readonly<Record<Stage | 'saving', readonly [number, number]>> = {
  loading: [0, 0.1],
  separating: [0.1, 0.95],
  saving: [0.95, 1],
};

/** Separates the recording of an item into the folder at its `output`: a file for each stem. */
async function separate(item: StepItem, context: StepContext): Promise<Done> {
  const options = parseOptions(item);
  let fraction = 0;
  const report: Report = (phase, share) => {
    const [begin, end] = STAGES[phase];
    // A program may load several things, one after another.
    fraction = Math.max(fraction, begin + (end - begin) * share);
    context.progress({ phase, fraction });
  };
  report('loading', 0);
  const input = await open(item, context.signal);
  try {
    const engine = await engineFor(options, context, (share) => report('loading', share));
    const files = await writeStems(engine, input, item, { options, context, report });
    return { file: true, files, engine: engine.name, ...(engine.model && { model: engine.model }) };
  } finally {
    await input.close();
  }
}

type Report = (phase: keyof typeof STAGES, share: number) => void;

async function writeStems(
  engine: SeparationEngine,
  input: SoundInput,
  item: StepItem,
  work: { options: SeparateOptions; context: StepContext; report: Report },
): Promise<FileNote[]> {
  const { options, context, report } = work;
  const { signal, log } = context;
  const { format, bits, bitrate } = options;
  const { sampleRate, channels } = input;
  const tags = { title: item.title, album: item.run, software: 'Sluice' };
  const files = new StemFiles(item.output, { format, sampleRate, channels, bits, bitrate, tags });
  try {
    report('separating', 0);
    const folder = dirname(item.output);
    for await (const block of engine.separate(input, { signal, folder, onProgress: report, log })) {
      signal.throwIfAborted();
      await files.write(block);
    }
    report('saving', 0);
    const stems = await files.close((share) => report('saving', share));
    for (const { stem, clipped } of stems) if (clipped > 0) log(aboutClipped(stem, clipped));
    return stems.map(({ clipped: _, ...file }) => file);
  } finally {
    await files.discard();
  }
}

function aboutClipped(stem: string, count: number): string {
  return `${stem}: ${count} samples are louder than the file can hold and were clipped; \`format: wav\` with \`bits: 32\` keeps them`;
}

function parseOptions(item: StepItem): SeparateOptions {
  const parsed = separateOptions.safeParse(item.with);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new EngineError(`the options of separate are wrong: ${problems.join('; ')}`, {
    retry: false,
  });
}

async function open(item: StepItem, signal: AbortSignal): Promise<SoundInput> {
  if (item.file === undefined || item.file.endsWith(sep)) {
    throw new EngineError('there is no recording to separate', {
      hint: 'Let `inputs` be sound files, such as `files: "music/*.mp3"`.',
      retry: false,
    });
  }
  const input = await openSound(item.file, signal);
  if (input.channels <= 2) return input;
  throw new EngineError(`${basename(item.file)} has ${input.channels} channels`, {
    hint: 'Make it stereo first, with ffmpeg for instance: -ac 2.',
    retry: false,
  });
}

async function engineFor(
  options: SeparateOptions,
  { signal, log }: StepContext,
  onLoad: (share: number) => void,
): Promise<SeparationEngine> {
  const { engine, split, stems, overlap, threads, args } = options;
  const key = JSON.stringify([engine, split, stems, overlap, threads, args]);
  const warm = engines.get(key);
  if (warm !== undefined) return warm;
  const made = chooseSeparationEngine(options, {
    signal,
    log,
    onLoad: (done, total) => onLoad(done / total),
  });
  engines.set(key, made);
  made.catch(() => engines.delete(key));
  return made;
}

await serveStep(separate, {
  // Demucs takes all cores for one recording, and the others share this one thread.
  concurrency: 1,
  async close() {
    for (const engine of engines.values())
      await engine.then((made) => made.close()).catch(() => {});
  },
});
