import { EngineError } from '../error.ts';

/** Sound in memory: mono, -1 to 1, `sampleRate` in Hz. */
export interface MonoSound {
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

/**
 * Reads a WAV file in memory: PCM of 8, 16, 24 or 32 bits or floats of 32 bits, channels mixed to
 * one. A data chunk may have a false length, as programs write that cannot seek in their output.
 */
export function decodeWav(bytes: Uint8Array): MonoSound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const id = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || id(0) !== 'RIFF' || id(8) !== 'WAVE') {
    throw new EngineError(
      bytes.length === 0 ? 'the sound is empty' : 'the sound is not a WAV file',
    );
  }
  let format = { code: 0, channels: 0, sampleRate: 0, bits: 0 };
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (id(at) === 'fmt ' && body + 16 <= bytes.length) {
      const code = view.getUint16(body, true);
      format = {
        // 0xfffe says that the code stands in the extension.
        code: code === 0xfffe && size >= 26 ? view.getUint16(body + 24, true) : code,
        channels: view.getUint16(body + 2, true),
        sampleRate: view.getUint32(body + 4, true),
        bits: view.getUint16(body + 14, true),
      };
    } else if (id(at) === 'data') {
      const end = Math.min(bytes.length, body + size);
      return { samples: mix(view, body, end, format), sampleRate: format.sampleRate };
    }
    at = body + size + (size % 2);
  }
  throw new EngineError('the WAV file has no sound in it');
}

interface WavFormat {
  readonly code: number;
  readonly channels: number;
  readonly bits: number;
}

function mix(view: DataView, start: number, end: number, format: WavFormat): Float32Array {
  const { channels, bits } = format;
  const read = reader(view, format);
  const frame = (channels * bits) / 8;
  const samples = new Float32Array(Math.floor((end - start) / frame));
  for (let index = 0; index < samples.length; index++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      sum += read(start + index * frame + (channel * bits) / 8);
    }
    samples[index] = sum / channels;
  }
  return samples;
}

function reader(view: DataView, { code, channels, bits }: WavFormat): (at: number) => number {
  if (channels > 0 && code === 3 && bits === 32) return (at) => view.getFloat32(at, true);
  if (channels > 0 && code === 1) {
    if (bits === 8) return (at) => (view.getUint8(at) - 128) / 128;
    if (bits === 16) return (at) => view.getInt16(at, true) / 32768;
    if (bits === 24) {
      return (at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 8388608;
    }
    if (bits === 32) return (at) => view.getInt32(at, true) / 2147483648;
  }
  throw new EngineError(`cannot read a WAV file of format ${code} with ${bits} bits`, {
    hint: 'Let the program write PCM.',
    retry: false,
  });
}
