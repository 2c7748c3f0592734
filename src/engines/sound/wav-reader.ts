import { EngineError } from '../error.ts';
import type { Channels } from './resample.ts';

interface WavFormat {
  readonly code: number;
  readonly channels: number;
  /** Hz. */
  readonly sampleRate: number;
  readonly bits: number;
  /** Bytes of one sample of every channel. */
  readonly frame: number;
}

/** The code of a format that stands in an extension of the header. */
const EXTENSIBLE = 0xfffe;
/** More is no sound but a broken header. */
const MOST_CHANNELS = 64;
const PCM = 1;
const FLOAT = 3;
/** A length that its writer did not know: the sound goes to the end. */
const UNKNOWN = 0xffffffff;
/** A header is short; what is not told by then is no WAV file. */
const LONGEST_HEADER = 64 << 20;

/**
 * Reads a WAV file as it comes: PCM of 8, 16, 24 or 32 bits, or floats of 32 or 64. A data chunk may have a
 * false length, as programs write that cannot seek in their output.
 */
export class WavReader {
  #rest: Buffer = Buffer.alloc(0);
  #format: WavFormat | undefined;
  /** Bytes of sound that are still to come; `undefined` before the sound. */
  #left: number | undefined;
  /** Bytes of a chunk that says nothing to us. */
  #skip = 0;
  #begun = false;

  /** Known once the sound has begun. */
  get format(): Pick<WavFormat, 'channels' | 'sampleRate'> | undefined {
    return this.#left === undefined ? undefined : this.#format;
  }

  /** The samples that are whole now; `undefined` before the sound. Throws an `EngineError`. */
  push(bytes: Uint8Array): Channels | undefined {
    this.#rest = this.#rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
    while (this.#left === undefined) if (!this.#readHeader()) return undefined;
    const format = this.#format;
    if (format === undefined) throw noSound();
    const length = Math.min(this.#left, this.#rest.length);
    const whole = length - (length % format.frame);
    this.#left -= whole;
    const samples = samplesOf(this.#rest.subarray(0, whole), format);
    this.#rest = this.#left === 0 ? Buffer.alloc(0) : this.#rest.subarray(whole);
    return samples;
  }

  /** Throws an `EngineError` when no sound has begun. */
  end(): void {
    if (this.#left === undefined) throw noSound();
  }

  /** Reads one thing of the header; false when more bytes are needed. */
  #readHeader(): boolean {
    if (this.#skip > 0) {
      const gone = Math.min(this.#skip, this.#rest.length);
      this.#skip -= gone;
      this.#rest = this.#rest.subarray(gone);
      return this.#skip === 0;
    }
    if (!this.#begun) {
      if (this.#rest.length < 12) return false;
      const id = this.#rest.toString('latin1', 0, 4) + this.#rest.toString('latin1', 8, 12);
      if (id !== 'RIFFWAVE') throw new WavError('the sound is not a WAV file');
      this.#begun = true;
      this.#rest = this.#rest.subarray(12);
      return true;
    }
    if (this.#rest.length < 8) return false;
    const id = this.#rest.toString('latin1', 0, 4);
    const size = this.#rest.readUInt32LE(4);
    if (id === 'data') {
      if (this.#format === undefined) throw noSound();
      this.#left = size === UNKNOWN || size === 0 ? Number.POSITIVE_INFINITY : size;
      this.#rest = this.#rest.subarray(8);
      return true;
    }
    if (id === 'fmt ') {
      if (this.#rest.length < 8 + Math.min(size, 26)) return false;
      this.#format = readFormat(this.#rest.subarray(8), size);
    }
    if (size > LONGEST_HEADER) throw noSound();
    this.#skip = size + (size % 2);
    this.#rest = this.#rest.subarray(8);
    return true;
  }
}

/** What is no WAV file, or a broken one. */
export class WavError extends EngineError {
  override readonly name = 'WavError';
}

function noSound(): WavError {
  return new WavError('the WAV file has no sound in it', { retry: false });
}

function readFormat(bytes: Buffer, size: number): WavFormat {
  if (size < 16) throw noSound();
  const code = bytes.readUInt16LE(0);
  const channels = bytes.readUInt16LE(2);
  const bits = bytes.readUInt16LE(14);
  const format = {
    code: code === EXTENSIBLE && size >= 26 ? bytes.readUInt16LE(24) : code,
    channels,
    sampleRate: bytes.readUInt32LE(4),
    bits,
    frame: (channels * bits) / 8,
  };
  if (channels === 0 || channels > MOST_CHANNELS || format.sampleRate === 0) throw noSound();
  sampleReader(format);
  return format;
}

function samplesOf(bytes: Buffer, format: WavFormat): Channels {
  const read = sampleReader(format);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: format.channels }, (_, channel) => {
    const samples = new Float32Array(bytes.length / format.frame);
    let at = (channel * format.bits) / 8;
    for (let index = 0; index < samples.length; index += 1, at += format.frame) {
      samples[index] = read(view, at);
    }
    return samples;
  });
}

type SampleReader = (view: DataView, at: number) => number;

const READERS: Readonly<Record<string, SampleReader>> = {
  [`${PCM}/8`]: (view, at) => (view.getUint8(at) - 128) / 128,
  [`${PCM}/16`]: (view, at) => view.getInt16(at, true) / 32_768,
  [`${PCM}/24`]: (view, at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 8_388_608,
  [`${PCM}/32`]: (view, at) => view.getInt32(at, true) / 2_147_483_648,
  [`${FLOAT}/32`]: (view, at) => view.getFloat32(at, true),
  [`${FLOAT}/64`]: (view, at) => view.getFloat64(at, true),
};

/** A WAV file, but with samples of a kind that is not read here. */
export class WavFormatError extends EngineError {
  override readonly name = 'WavFormatError';
}

/** How a sample is read. Throws a `WavFormatError` for a format that is not known. */
function sampleReader({ code, bits }: WavFormat): SampleReader {
  const reader = READERS[`${code}/${bits}`];
  if (reader !== undefined) return reader;
  throw new WavFormatError(`cannot read a WAV file of format ${code} with ${bits} bits`, {
    hint: 'Let the program write PCM.',
    retry: false,
  });
}
