import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Chunk } from '../language/chunker/chunker.ts';
import { withSoftEdges } from './edges.ts';
import type { SoundTags } from './encoder.ts';
import { createSoundFile, type SoundFile, type SoundFormat } from './file.ts';
import { resample } from './resample.ts';
import { type Timing, timingsJson, webVtt } from './timings.ts';
import { wavEncoder } from './wav.ts';

interface TrackOptions {
  readonly format: SoundFormat;
  readonly tags: SoundTags;
  readonly bitrate?: number | undefined;
}

interface Sound {
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
}

type Marked = Pick<Chunk, 'index' | 'text' | 'start' | 'end' | 'said'>;

/** A sound file that is made of the chunks of a text, and where each of them is in it. */
export class Track {
  readonly #path: string;
  readonly #options: TrackOptions;
  readonly #timings: Timing[] = [];
  #file: SoundFile | undefined;
  /** Hz: that of the first sound. */
  #rate = 0;
  #written = 0;
  /** Silence that is due before the next sound, in milliseconds. */
  #pause = 0;
  #last: Float32Array = new Float32Array(0);

  constructor(path: string, options: TrackOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** How long it is, with the silence that is due. */
  get seconds(): number {
    return this.#rate === 0 ? 0 : this.#written / this.#rate + this.#pause / 1000;
  }

  /** Appends a sound; one of another rate than the first one is brought to that. */
  async write(samples: Float32Array, sampleRate: number): Promise<void> {
    if (this.#file === undefined) {
      this.#rate = sampleRate;
      this.#file = await createSoundFile(this.#path, { ...this.#options, sampleRate });
    }
    await this.#silence(this.#pause / 1000);
    this.#pause = 0;
    this.#last = withSoftEdges(resample(samples, sampleRate, this.#rate), this.#rate);
    await this.#file.write(this.#last);
    this.#written += this.#last.length;
  }

  /** Silence before what comes next; none at the end of the file. */
  pause(milliseconds: number): void {
    if (this.#file !== undefined) this.#pause = milliseconds;
  }

  /** Appends a chunk, or so many seconds of silence for one without a sound. */
  async add(chunk: Marked, sound: Sound | undefined, gap: number): Promise<Timing> {
    const { samples, sampleRate } = sound ?? silenceOf(gap, this.#rate || 24_000);
    const start = this.seconds;
    await this.write(samples, sampleRate);
    return this.mark(chunk, start, sound === undefined);
  }

  /** Notes that a chunk is from `start` to here. */
  mark({ index, text, start: from, end: to, said }: Marked, start: number, gap = false): Timing {
    const end = this.seconds;
    const timing = { chunk: index, text, from, to, said, start, end, ...(gap && { gap }) };
    this.#timings.push(timing);
    return timing;
  }

  /** Writes the last sound into a WAV file of its own, and gives its path. */
  async saveLast(name: number): Promise<string> {
    const folder = join(dirname(this.#path), 'chunks');
    await mkdir(folder, { recursive: true });
    const encoder = wavEncoder({ sampleRate: this.#rate, channels: 1, bits: 16, tags: {} });
    const bytes = Buffer.from(await encoder.encode([this.#last]));
    const { patches } = await encoder.finish();
    for (const patch of patches) bytes.set(patch.bytes, patch.at);
    const path = join(folder, `${name}.wav`);
    await writeFile(path, bytes);
    return path;
  }

  /** Ends the file, and with `timings` writes them beside it. Only for a track with a sound. */
  async close(timings: boolean): Promise<{ mime: string; seconds: number; beside?: string[] }> {
    if (this.#file === undefined) throw new Error('There is no sound.');
    const { seconds, mime } = await this.#file.close();
    this.#file = undefined;
    if (!timings) return { mime, seconds };
    const name = basename(this.#path, extname(this.#path));
    const beside = [`${name}.vtt`, `${name}.json`] as const;
    const folder = dirname(this.#path);
    await writeFile(join(folder, beside[0]), webVtt(this.#timings));
    await writeFile(join(folder, beside[1]), timingsJson(this.#timings, seconds));
    return { mime, seconds, beside: [...beside] };
  }

  /** Removes a file that was not closed. */
  async discard(): Promise<void> {
    await this.#file?.discard();
    this.#file = undefined;
  }

  async #silence(seconds: number): Promise<void> {
    if (seconds <= 0 || this.#file === undefined) return;
    const { samples } = silenceOf(seconds, this.#rate);
    await this.#file.write(samples);
    this.#written += samples.length;
  }
}

function silenceOf(seconds: number, sampleRate: number): Sound {
  return { samples: new Float32Array(Math.round(seconds * sampleRate)), sampleRate };
}
