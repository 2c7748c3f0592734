import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { EngineError } from '../error.ts';
import { beginsWith, decoderFor } from './decode.ts';
import { convertToWav } from './ffmpeg.ts';
import { readFlacFacts } from './flac-header.ts';
import { isMonoMp3, isMp3 } from './mp3-header.ts';
import type { Channels } from './resample.ts';
import { WavError, WavFormatError, WavReader } from './wav-reader.ts';

/** A stretch of a recording, as it is read. */
interface SoundBlock {
  readonly channels: Channels;
  /** How much of the file has been read, 0 to 1. */
  readonly fraction: number;
}

/** A recording that is read as it is needed: memory does not grow with its length. */
export interface SoundInput {
  readonly path: string;
  /** Hz. */
  readonly sampleRate: number;
  /** Of every block. */
  readonly channels: number;
  /** In their order, once. Throws an `EngineError` for what cannot be read. */
  blocks(): AsyncGenerator<SoundBlock>;
  /** Lets go of what is not read. Idempotent; not needed after the last block. */
  close(): Promise<void>;
}

/** Hz that a recording can have; windows and filters grow with them. */
const RATES = { lowest: 1000, highest: 384_000 } as const;
/** Bytes that are read at once: at usual bit rates less than a second of sound. */
const PIECE = 16_384;
/**
 * Opens a recording and reads its first samples: WAV, MP3, FLAC, Ogg Vorbis or Opus itself, anything else with
 * the ffmpeg on PATH. Reading ends when the signal is aborted. Throws an `EngineError` for what is no sound.
 */
export async function openSound(path: string, signal: AbortSignal): Promise<SoundInput> {
  const blocks = readSound(path, signal);
  const first = await blocks.next();
  if (first.done) throw unreadable(path);
  const { sampleRate, channels } = first.value;
  if (sampleRate < RATES.lowest || sampleRate > RATES.highest) {
    await blocks.return();
    throw new EngineError(`${basename(path)} says that it has a sample rate of ${sampleRate} Hz`, {
      hint: 'Convert it to a usual one, with ffmpeg for instance: -ar 44100.',
      retry: false,
    });
  }
  return {
    path,
    sampleRate,
    channels: channels.length,
    async *blocks() {
      let block: IteratorResult<RatedBlock, void> = first;
      for (; !block.done; block = await blocks.next()) {
        const { value } = block;
        if (value.sampleRate !== sampleRate || value.channels.length !== channels.length) {
          throw new EngineError(
            `${basename(path)} changes its sample rate or its channels in the middle`,
            { hint: 'Convert it to WAV first, with ffmpeg for instance.', retry: false },
          );
        }
        yield value;
      }
    },
    async close() {
      await blocks.return();
    },
  };
}

interface RatedBlock extends SoundBlock {
  readonly sampleRate: number;
}

async function* readSound(path: string, signal: AbortSignal): AsyncGenerator<RatedBlock, void> {
  const { head, size } = await headOf(path);
  if (size === 0) throw new EngineError(`${basename(path)} is empty`, { retry: false });
  if (beginsWith(head, 'RIFF')) {
    try {
      yield* readWav(bytesOf(path, size, signal), path);
    } catch (error) {
      // It is told by the header, before the first block.
      if (!(error instanceof WavFormatError)) throw error;
      yield* readWav(convertToWav(path, signal), path);
    }
  } else if (beginsWith(head, 'fLaC')) yield* readFlac(path, size, head, signal);
  else if (beginsWith(head, 'OggS')) {
    yield* readCompressed(bytesOf(path, size, signal), head, path);
  } else if (isMp3(head)) {
    const mono = await isMonoMp3(path);
    for await (const block of readCompressed(bytesOf(path, size, signal), head, path)) {
      yield mono ? { ...block, channels: block.channels.slice(0, 1) } : block;
    }
  } else yield* readWav(convertToWav(path, signal), path);
}

async function headOf(path: string): Promise<{ head: Uint8Array; size: number }> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new EngineError(`${path} is no file`, { retry: false });
    const file = await open(path);
    try {
      const head = new Uint8Array(Math.min(found.size, 200));
      await file.read(head, 0, head.length, 0);
      return { head, size: found.size };
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new EngineError(`cannot read ${path}: ${reason}`, { retry: false, cause });
  }
}

/** Bytes of a file or of a program, and how much of the whole has come with them, where it is known. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly fraction?: number;
}

async function* bytesOf(path: string, size: number, signal: AbortSignal): AsyncGenerator<Piece> {
  let read = 0;
  for await (const bytes of createReadStream(path, { highWaterMark: PIECE, signal })) {
    read += bytes.length;
    yield { bytes, fraction: Math.min(1, read / size) };
  }
}

async function* readWav(pieces: AsyncIterable<Piece>, path: string): AsyncGenerator<RatedBlock> {
  const reader = new WavReader();
  try {
    for await (const { bytes, fraction = 0 } of pieces) {
      const channels = reader.push(bytes);
      const { sampleRate = 0 } = reader.format ?? {};
      if (channels?.[0]?.length) yield { channels, sampleRate, fraction };
    }
    reader.end();
  } catch (cause) {
    throw cause instanceof WavError ? unreadable(path, cause) : cause;
  }
}

async function* readCompressed(
  pieces: AsyncIterable<Piece>,
  head: Uint8Array,
  path: string,
): AsyncGenerator<RatedBlock> {
  const { decoder: createDecoder } = await decoderFor(head);
  const decoder = await createDecoder();
  try {
    for await (const { bytes, fraction = 0 } of pieces) {
      const { channelData, sampleRate } = decoder.decode(bytes);
      if (channelData[0]?.length) yield { channels: channelData, sampleRate, fraction };
    }
    const { channelData = [], sampleRate = 0 } = decoder.flush?.() ?? {};
    if (channelData[0]?.length) yield { channels: channelData, sampleRate, fraction: 1 };
  } catch (cause) {
    if (cause instanceof EngineError || (cause instanceof Error && cause.name === 'AbortError')) {
      throw cause;
    }
    throw unreadable(path, cause);
  } finally {
    decoder.free();
  }
}

/**
 * The decoder of FLAC knows the end of a frame by the beginning of the next one, and of the frames that it holds
 * at the end it gives the first one only. So it gets the first frames once more, and what it makes of them is left out.
 */
async function* readFlac(
  path: string,
  size: number,
  head: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<RatedBlock> {
  const { samples, start } = await readFlacFacts(path);
  async function* pieces(): AsyncGenerator<Piece> {
    yield* bytesOf(path, size, signal);
    if (samples === 0) return;
    const again = createReadStream(path, { start, end: start + PIECE - 1, signal });
    for await (const bytes of again) yield { bytes, fraction: 1 };
  }
  let left = samples === 0 ? Number.POSITIVE_INFINITY : samples;
  for await (const block of readCompressed(pieces(), head, path)) {
    const channels = block.channels.map((all) => all.subarray(0, left));
    const { length = 0 } = channels[0] ?? [];
    left -= length;
    if (length > 0) yield { ...block, channels };
  }
}

function unreadable(path: string, cause?: unknown): EngineError {
  return new EngineError(`${basename(path)} has no sound that can be read`, {
    hint: 'Play it to see whether it is whole, or convert it to WAV.',
    retry: false,
    cause,
  });
}
