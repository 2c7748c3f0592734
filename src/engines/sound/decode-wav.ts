import { EngineError } from '../error.ts';
import { type MonoSound, mixed } from './mono.ts';
import { WavReader } from './wav-reader.ts';

/** Reads a WAV file in memory, channels mixed to one. Throws an `EngineError` for what is none. */
export function decodeWav(bytes: Uint8Array): MonoSound {
  if (bytes.length === 0) throw new EngineError('the sound is empty');
  const reader = new WavReader();
  const channels = reader.push(bytes) ?? [];
  reader.end();
  return { samples: mixed(channels), sampleRate: reader.format?.sampleRate ?? 0 };
}
