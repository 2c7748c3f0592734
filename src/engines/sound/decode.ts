import { EngineError } from '../error.ts';
import { decodeWav } from './decode-wav.ts';
import { type MonoSound, mixed } from './mono.ts';

interface Decoded {
  readonly channelData: Float32Array[];
  readonly sampleRate: number;
}

/** What each of the packages gives. */
interface DecoderPackage {
  /** Decodes a whole file. */
  default(bytes: Uint8Array): Promise<Decoded>;
  /** Decodes a file as it comes. */
  decoder(): Promise<{
    decode(bytes: Uint8Array): Decoded;
    /** What is left at the end, for formats that hold something back. */
    flush?(): Decoded;
    free(): void;
  }>;
}

/**
 * Reads a WAV, MP3, FLAC, Ogg Vorbis or Ogg Opus sound in memory, channels mixed to one. Throws an
 * `EngineError` for bytes that are no sound. Each format has its own package: the one that reads
 * every format comes with decoders under the GPL.
 */
export async function decodeSound(bytes: Uint8Array): Promise<MonoSound> {
  if (bytes.length === 0) throw new EngineError('the sound is empty');
  if (beginsWith(bytes, 'RIFF')) return decodeWav(bytes);
  const { default: decode } = await decoderFor(bytes);
  try {
    const { channelData, sampleRate } = await decode(bytes);
    const samples = mixed(channelData);
    if (samples.length === 0) throw new Error('nothing in it');
    return { samples, sampleRate };
  } catch (cause) {
    throw new EngineError('the sound cannot be read: it is no WAV, MP3, Ogg or FLAC', { cause });
  }
}

/**
 * By the first bytes, as the formats' specifications have them; MP3 has no mark of its own. Each decoder is a
 * file of its own, and loaded when it is needed: the one of MP3 is under the LGPL.
 */
export function decoderFor(bytes: Uint8Array): Promise<DecoderPackage> {
  if (beginsWith(bytes, 'fLaC')) return import('@audio/decode-flac');
  if (!beginsWith(bytes, 'OggS')) return import('@audio/decode-mp3');
  return Buffer.from(bytes.subarray(0, 200)).includes('OpusHead')
    ? import('@audio/decode-opus')
    : import('@audio/decode-vorbis');
}

/** Whether bytes begin with a mark, as ASCII. */
export function beginsWith(bytes: Uint8Array, mark: string): boolean {
  return Buffer.from(bytes.subarray(0, mark.length)).toString('latin1') === mark;
}
