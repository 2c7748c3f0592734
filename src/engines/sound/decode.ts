import decodeFlac from '@audio/decode-flac';
import decodeMp3 from '@audio/decode-mp3';
import decodeOpus from '@audio/decode-opus';
import decodeVorbis from '@audio/decode-vorbis';
import { EngineError } from '../error.ts';
import { decodeWav, type MonoSound } from './decode-wav.ts';

type Decode = (bytes: Uint8Array) => Promise<{ channelData: Float32Array[]; sampleRate: number }>;

/**
 * Reads a WAV, MP3, FLAC, Ogg Vorbis or Ogg Opus sound in memory, channels mixed to one. Throws an
 * `EngineError` for bytes that are no sound. Each format has its own package: the one that reads
 * every format comes with decoders under the GPL.
 */
export async function decodeSound(bytes: Uint8Array): Promise<MonoSound> {
  if (bytes.length === 0) throw new EngineError('the sound is empty');
  if (beginsWith(bytes, 'RIFF')) return decodeWav(bytes);
  try {
    const { channelData, sampleRate } = await decoderFor(bytes)(bytes);
    const [first, ...others] = channelData;
    if (!first || first.length === 0) throw new Error('nothing in it');
    if (others.length === 0) return { samples: first, sampleRate };
    const samples = first.map(
      (sample, index) =>
        others.reduce((sum, other) => sum + (other[index] ?? 0), sample) / channelData.length,
    );
    return { samples, sampleRate };
  } catch (cause) {
    throw new EngineError('the sound cannot be read: it is no WAV, MP3, Ogg or FLAC', { cause });
  }
}

/** By the first bytes, as the formats' specifications have them; MP3 has no mark of its own. */
function decoderFor(bytes: Uint8Array): Decode {
  if (beginsWith(bytes, 'fLaC')) return decodeFlac;
  if (!beginsWith(bytes, 'OggS')) return decodeMp3;
  return Buffer.from(bytes.subarray(0, 200)).includes('OpusHead') ? decodeOpus : decodeVorbis;
}

function beginsWith(bytes: Uint8Array, mark: string): boolean {
  return Buffer.from(bytes.subarray(0, mark.length)).toString('latin1') === mark;
}
