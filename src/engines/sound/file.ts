import { open, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { EngineError } from '../error.ts';
import { flacEncoder, mp3Encoder, oggEncoder } from './compressed.ts';
import type { EncoderOptions, SampleBits, SoundEncoder, SoundTags } from './encoder.ts';
import { wavEncoder } from './wav.ts';

export const SOUND_FORMATS = ['mp3', 'wav', 'ogg', 'flac'] as const;
export type SoundFormat = (typeof SOUND_FORMATS)[number];

const MIME: Readonly<Record<SoundFormat, string>> = {
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
};

export interface SoundFileOptions {
  readonly format: SoundFormat;
  /** Hz. */
  readonly sampleRate: number;
  /** 1 when left out, or 2. */
  readonly channels?: number;
  /** Of a sample, for WAV and FLAC; 16 when left out. */
  readonly bits?: SampleBits;
  readonly tags?: SoundTags;
  /** kbit/s, for MP3 and Ogg. */
  readonly bitrate?: number | undefined;
}

/** A sound file that is being written. Calls must not overlap. */
export interface SoundFile {
  /** Appends samples (-1 to 1), an array for each channel. */
  write(...channels: Float32Array[]): Promise<void>;
  /** Appends silence to a mono file. */
  pause(milliseconds: number): Promise<void>;
  /** Ends the file, synced to the disk. `bytes` is its size. */
  close(): Promise<{ seconds: number; bytes: number; mime: string }>;
  /** Gives up: closes and removes the file. */
  discard(): Promise<void>;
}

/** The format that the ending of a path says. Throws an `EngineError` for one that is not known. */
export function soundFormatOf(path: string): SoundFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const format = SOUND_FORMATS.find((name) => name === ending);
  if (format) return format;
  throw new EngineError(
    `cannot write sound as ${ending === '' ? 'a file without ending' : `.${ending}`}`,
    {
      hint: `Let \`output\` end with one of ${SOUND_FORMATS.map((name) => `.${name}`).join(', ')}.`,
      retry: false,
    },
  );
}

/** Creates a sound file and writes it as samples come: memory does not grow with its length. */
export async function createSoundFile(path: string, options: SoundFileOptions): Promise<SoundFile> {
  const { format, sampleRate, channels = 1, bits = 16, tags = {}, bitrate } = options;
  const encoder = await createEncoder(format, { sampleRate, channels, bits, tags, bitrate });
  const file = await open(path, 'w');
  let samplesWritten = 0;
  let bytesWritten = 0;
  const append = async (bytes: Uint8Array) => {
    await file.appendFile(bytes);
    bytesWritten += bytes.length;
  };
  const write = async (...channels: Float32Array[]) => {
    const length = channels[0]?.length ?? 0;
    if (length === 0) return;
    samplesWritten += length;
    await append(await encoder.encode(channels));
  };
  return {
    write,
    pause: (milliseconds) =>
      write(new Float32Array(Math.round((milliseconds / 1000) * sampleRate))),
    async close() {
      const { bytes, patches } = await encoder.finish();
      await append(bytes);
      for (const patch of patches) {
        await file.write(patch.bytes, 0, patch.bytes.length, patch.at);
      }
      await file.sync();
      await file.close();
      return { seconds: samplesWritten / sampleRate, bytes: bytesWritten, mime: MIME[format] };
    },
    async discard() {
      encoder.free();
      // It is closed already when the last write failed.
      await file.close().catch(() => {});
      await rm(path, { force: true });
    },
  };
}

async function createEncoder(format: SoundFormat, options: EncoderOptions): Promise<SoundEncoder> {
  if (format === 'wav') return wavEncoder(options);
  if (format === 'mp3') return mp3Encoder(options);
  return format === 'ogg' ? oggEncoder(options) : flacEncoder(options);
}
