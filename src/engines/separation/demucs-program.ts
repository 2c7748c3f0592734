import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { extname, join, parse } from 'node:path';
import { childEnvironment, tagWithin } from '../../process/environment.ts';
import { startProgram } from '../../process/program.ts';
import type { Memory } from '../../progress/detector.ts';
import { createOutput } from '../../progress/output.ts';
import { plainText } from '../../protocol/escapes.ts';
import type { Progress } from '../../protocol/events.ts';
import { EngineError } from '../error.ts';
import { openSound, type SoundInput } from '../sound/input.ts';
import { mixed } from '../sound/mono.ts';
import { type Channels, Resampler } from '../sound/resample.ts';
import type { SeparateOptions, SeparationEngine, StemBlock } from './engine.ts';

const SOUNDS: ReadonlySet<string> = new Set(['.wav', '.mp3', '.flac']);
/** Options of Demucs that say what its files are. */
const FORMATS: ReadonlySet<string> = new Set(['--float32', '--int24', '--mp3', '--flac']);

/**
 * The Demucs that is on PATH (https://github.com/facebookresearch/demucs), with any of its options. Its stems are
 * brought back to the rate and the channels of the recording. It and its children are ended when the signal is
 * aborted. Weights that it lacks it fetches itself.
 */
export function createDemucsProgram(args: readonly string[]): SeparationEngine {
  return {
    name: 'demucs-python',
    async *separate(input, options) {
      const folder = await mkdtemp(join(options.folder, 'demucs-'));
      try {
        await runDemucs(args, input, folder, options);
        const files = await soundsIn(folder);
        if (files.length === 0) {
          throw new EngineError('demucs ended well, but it made no sound file', { retry: false });
        }
        let length = 0;
        for await (const { channels } of input.blocks()) length += channels[0]?.length ?? 0;
        for (const path of files) yield* readStem(path, input, length, options.signal);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async close() {},
  };
}

async function runDemucs(
  args: readonly string[],
  input: SoundInput,
  folder: string,
  { signal, onProgress, log }: SeparateOptions,
): Promise<void> {
  const bars = new Bars(args);
  let last = '';
  const memory: Memory = {};
  const reader = () =>
    createOutput(
      {
        onLines(lines) {
          for (const line of lines.map(plainText)) {
            bars.read(line);
            if (line.trim() !== '') last = line.trim();
            log(line);
          }
        },
        onProgress: (progress) => bars.take(progress, onProgress),
      },
      { memory },
    );
  const [out, err] = [reader(), reader()];
  // Floats are not clipped, unless something else is asked for. The last of two options counts.
  const format = args.some((argument) => FORMATS.has(argument)) ? [] : ['--float32'];
  const place = ['--out', folder, '--filename', '{track}/{stem}.{ext}'];
  const program = startProgram(
    {
      program: 'demucs',
      args: [...format, ...args, ...place, input.path],
      cwd: folder,
      env: childEnvironment(),
      pty: 'auto',
      mayMerge: true,
      tag: tagWithin('demucs'),
    },
    { onOut: (chunk) => out.push(chunk), onErr: (chunk) => err.push(chunk) },
  );
  const stop = (): void => void program.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const { code, signal: killed, failure } = await program.exited;
    await Promise.all([out.end(), err.end()]);
    signal.throwIfAborted();
    if (failure !== undefined) {
      throw new EngineError(failure.message, {
        hint: 'Install it: pip install demucs. Or use `engine: demucs` or `spectral`.',
        retry: false,
      });
    }
    if (code === 0) return;
    const how = killed === null ? `ended with exit code ${code}` : `was killed by ${killed}`;
    throw new EngineError(`demucs ${how}${last === '' ? '' : `: ${last.slice(0, 300)}`}`);
  } finally {
    signal.removeEventListener('abort', stop);
    await program.stop();
  }
}

/** How far Demucs is by all of its bars: one for each model and each shift. A bar counts seconds of sound. */
class Bars {
  #models = 1;
  readonly #shifts: number;
  /** Bars that are full. */
  #done = 0;
  #fraction = 0;

  constructor(args: readonly string[]) {
    const at = args.findIndex((argument) => argument.startsWith('--shifts'));
    const value = args[at]?.split('=')[1] ?? args[at + 1];
    this.#shifts = at < 0 ? 1 : Math.max(1, Number(value) || 1);
  }

  /** Demucs says how many models it has, before their bars. */
  read(line: string): void {
    const [, models] = /bag of (\d+) models/.exec(line) ?? [];
    if (models !== undefined) this.#models = Number(models);
  }

  take(progress: Progress, tell: SeparateOptions['onProgress']): void {
    const { fraction, unit } = progress;
    if (fraction === undefined) return;
    // Its other bars are of weights that it fetches.
    if (unit !== 'seconds') {
      tell('loading', fraction);
      return;
    }
    if (fraction < this.#fraction) this.#done += 1;
    this.#fraction = fraction;
    const all = Math.max(this.#done + 1, this.#models * this.#shifts);
    tell('separating', (this.#done + fraction) / all);
  }
}

async function soundsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && SOUNDS.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A stem as Demucs wrote it, with the rate, the channels and the length of the recording. */
async function* readStem(
  path: string,
  input: SoundInput,
  length: number,
  signal: AbortSignal,
): AsyncGenerator<StemBlock> {
  const stem = parse(path).name;
  const sound = await openSound(path, signal);
  const resampler = new Resampler(input.channels, sound.sampleRate, input.sampleRate);
  let left = length;
  const fitted = (channels: Channels): StemBlock => {
    const taken = channels.map((samples) => samples.subarray(0, left));
    left -= taken[0]?.length ?? 0;
    return { stem, channels: taken };
  };
  try {
    for await (const { channels } of sound.blocks()) {
      yield fitted(resampler.push(asMany(channels, input.channels)));
    }
    yield fitted(resampler.end());
  } finally {
    await sound.close();
  }
  yield fitted(Array.from({ length: input.channels }, () => new Float32Array(left)));
}

/** Channels as one, or one as two, where a recording has other ones than its stem. */
function asMany(channels: Channels, wanted: number): Channels {
  if (channels.length === wanted) return channels;
  const mono = mixed(channels);
  return Array.from({ length: wanted }, () => mono);
}
