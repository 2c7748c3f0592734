import { join } from 'node:path';
import type { SampleBits, SoundTags } from '../sound/encoder.ts';
import { createSoundFile, type SoundFile, type SoundFormat } from '../sound/file.ts';
import { Peaks } from '../sound/peaks.ts';
import type { StemBlock } from './engine.ts';

export interface StemFilesOptions {
  readonly format: SoundFormat;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly bits: SampleBits;
  /** kbit/s. */
  readonly bitrate: number;
  readonly tags: SoundTags;
}

/** What is known of a stem's file. */
export interface StemFile {
  readonly name: string;
  readonly stem: string;
  readonly mime: string;
  readonly seconds: number;
  /** As `peaks` of a Result. */
  readonly peaks: string;
  /** Samples that were louder than the file can hold. */
  readonly clipped: number;
}

interface OpenStem {
  readonly name: string;
  readonly file: SoundFile;
  readonly peaks: Peaks;
  clipped: number;
}

/** The files of a recording's stems, written as their blocks come. */
export class StemFiles {
  readonly #folder: string;
  readonly #options: StemFilesOptions;
  readonly #open = new Map<string, OpenStem>();

  /** @param folder absolute path of a folder that is there */
  constructor(folder: string, options: StemFilesOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  async write({ stem, channels }: StemBlock): Promise<void> {
    const open = this.#open.get(stem) ?? (await this.#create(stem));
    open.peaks.push(channels);
    // Floats hold any sample; an encoder of sounds for the ear would clip what is too loud.
    if (this.#options.format !== 'wav' || this.#options.bits !== 32) {
      for (const samples of channels) open.clipped += tooLoud(samples);
    }
    await open.file.write(...channels);
  }

  /** Ends the files, one after another, synced to the disk. `onClosed` hears of the share that is done. */
  async close(onClosed: (share: number) => void): Promise<StemFile[]> {
    const stems = [...this.#open];
    const files: StemFile[] = [];
    for (const [stem, { name, file, peaks, clipped }] of stems) {
      const { seconds, mime } = await file.close();
      this.#open.delete(stem);
      files.push({ name, stem, mime, seconds, peaks: peaks.toBase64(), clipped });
      onClosed(files.length / stems.length);
    }
    return files;
  }

  /** Removes the files that were not closed. */
  async discard(): Promise<void> {
    for (const { file } of this.#open.values()) await file.discard();
    this.#open.clear();
  }

  async #create(stem: string): Promise<OpenStem> {
    const { tags, ...options } = this.#options;
    const name = `${stem}.${options.format}`;
    const title = tags.title === undefined ? stem : `${tags.title} (${stem})`;
    const file = await createSoundFile(join(this.#folder, name), {
      ...options,
      tags: { ...tags, title },
    });
    const open = { name, file, peaks: new Peaks(), clipped: 0 };
    this.#open.set(stem, open);
    return open;
  }
}

function tooLoud(samples: Float32Array): number {
  let count = 0;
  for (let index = 0; index < samples.length; index += 1) {
    if (Math.abs(samples[index] ?? 0) > 1) count += 1;
  }
  return count;
}
