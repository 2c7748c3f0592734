import decode from '@audio/decode';
import { EngineError } from '../error.ts';
import { decodeWav, type MonoSound } from './decode-wav.ts';

/**
 * Reads a sound of any common format in memory, channels mixed to one. Throws an `EngineError` for
 * bytes that are no sound.
 */
export async function decodeSound(bytes: Uint8Array): Promise<MonoSound> {
  if (bytes.length === 0) throw new EngineError('the sound is empty');
  if (String.fromCharCode(...bytes.subarray(0, 4)) === 'RIFF') return decodeWav(bytes);
  try {
    const { channelData, sampleRate } = await decode(bytes);
    const [first, ...others] = channelData;
    if (!first) throw new Error('no channel in it');
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
