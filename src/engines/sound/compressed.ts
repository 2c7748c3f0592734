import encode, { type StreamEncoder } from '@audio/encode';
import { flac, mp3, ogg } from '@audio/encode/meta';
import { EngineError } from '../error.ts';
import { type EncoderOptions, type Patch, presentTags, type SoundEncoder } from './encoder.ts';

/**
 * An encoder of @audio/encode as a stream with its tags in front. The package writes tags into a
 * finished file only, and would hold the whole of it; its tag writers work on the first bytes as
 * well, since each of these formats has its header, whole, in the first bytes that come out.
 */
function tagged(
  stream: StreamEncoder,
  addTags: (first: Uint8Array) => Uint8Array,
  patches: (samples: number) => readonly Patch[] = () => [],
): SoundEncoder {
  let started = false;
  let samples = 0;
  const out = (bytes: Uint8Array) => {
    if (started || bytes.length === 0) return bytes;
    started = true;
    return addTags(bytes);
  };
  return {
    async encode(channels) {
      samples += channels[0]?.length ?? 0;
      return out(await stream([...channels]));
    },
    async finish() {
      return { bytes: out(await stream()), patches: patches(samples) };
    },
    free: () => stream.free(),
  };
}

const MP3_BITRATES = [8, 16, 24, 32, 40, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

/**
 * What LAME multiplies samples by at a constant bit rate, so that nothing clips (abr_switch_map in its presets.c):
 * it is undone before, since a sound shall be as loud as it was.
 */
function scaleOf(bitrate: number, sampleRate: number): number {
  // Lower rates go with lower bit rates.
  if (bitrate <= 160 || sampleRate < 32_000) return 0.95;
  if (bitrate >= 256) return 1;
  return bitrate === 192 ? 0.97 : 0.98;
}

/** MP3 by LAME, constant bit rate (64 kbit/s unless told), ID3v2.4 tags. */
export async function mp3Encoder(options: EncoderOptions): Promise<SoundEncoder> {
  const { sampleRate, channels, bitrate = 64 } = options;
  if (!MP3_BITRATES.includes(bitrate)) {
    const hint = `Set \`bitrate\` to one of ${MP3_BITRATES.join(', ')}.`;
    throw new EngineError(`MP3 has no bit rate of ${bitrate} kbit/s`, { hint, retry: false });
  }
  const stream = await encode.mp3({ sampleRate, channels, bitrate });
  const gain = 1 / scaleOf(bitrate, sampleRate);
  const encoder = tagged(stream, (first) => mp3(first, { meta: presentTags(options.tags) }));
  return {
    ...encoder,
    encode: (block) => encoder.encode(block.map((samples) => samples.map((one) => one * gain))),
  };
}

/** Ogg Vorbis, variable bit rate, Vorbis comments. */
export async function oggEncoder(options: EncoderOptions): Promise<SoundEncoder> {
  const { sampleRate, channels, bitrate } = options;
  const quality = bitrate === undefined ? 3 : Math.max(0, Math.min(10, (bitrate - 40) / 12));
  const stream = await encode.ogg({ sampleRate, channels, quality });
  return tagged(stream, (first) => ogg(first, { meta: presentTags(options.tags) }));
}

/** FLAC, 16 or 24 bits, Vorbis comments. The number of samples is put into STREAMINFO at the end. */
export async function flacEncoder(options: EncoderOptions): Promise<SoundEncoder> {
  const { sampleRate, channels, bits } = options;
  if (bits === 32) {
    const hint = 'Set `bits` to 16 or 24, or `format` to wav.';
    throw new EngineError('FLAC has no samples of 32 bits', { hint, retry: false });
  }
  const stream = await encode.flac({ sampleRate, channels, bitDepth: bits });
  return tagged(
    stream,
    (first) => flac(first, { meta: presentTags(options.tags) }),
    // RFC 9639, section 8.2: 36 bits from the middle of byte 13 of STREAMINFO, which is byte 21 of
    // the file. The upper four bits stay zero, for 12 hours at 96 kHz.
    (samples) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(Math.min(samples, 0xffffffff));
      return [{ at: 22, bytes }];
    },
  );
}
