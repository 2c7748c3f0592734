import { type EncoderOptions, presentTags, type SampleBits, type SoundEncoder } from './encoder.ts';

/** Names of the tags in a LIST INFO chunk (RIFF, Multimedia Programming Interface 1.0, 1991). */
const INFO_IDS: Readonly<Record<string, string>> = {
  title: 'INAM',
  album: 'IPRD',
  track: 'ITRK',
  software: 'ISFT',
};

/** How a sample is written, by its bits: -1 to 1 is full scale. */
const WRITERS: Readonly<Record<SampleBits, (bytes: Buffer, sample: number, at: number) => void>> = {
  16: (bytes, sample, at) => bytes.writeInt16LE(whole(sample, 32_768), at),
  24: (bytes, sample, at) => bytes.writeIntLE(whole(sample, 8_388_608), at, 3),
  32: (bytes, sample, at) => bytes.writeFloatLE(sample, at),
};

/** The nearest number that a sample can be. A reader divides by the same scale. */
function whole(sample: number, scale: number): number {
  return Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale)));
}

/** What a length is written as that is not known yet: up to the end of the file. */
const UNKNOWN = 0xffffffff;

/**
 * WAV, with its tags in a LIST INFO chunk before the samples. A header that is not patched at the end, as of a
 * stream, says with `endless` that the samples go on to the end.
 */
export function wavEncoder(options: EncoderOptions & { readonly endless?: boolean }): SoundEncoder {
  const header = wavHeader(options, options.endless === true ? UNKNOWN : 0);
  const write = WRITERS[options.bits];
  let started = false;
  let length = 0;
  return {
    async encode(channels) {
      const width = options.bits / 8;
      const frame = width * channels.length;
      const pcm = Buffer.allocUnsafe((channels[0]?.length ?? 0) * frame);
      for (const [channel, samples] of channels.entries()) {
        let at = channel * width;
        for (let index = 0; index < samples.length; index += 1, at += frame) {
          write(pcm, samples[index] ?? 0, at);
        }
      }
      length += pcm.length;
      if (started) return pcm;
      started = true;
      return Buffer.concat([header, pcm]);
    },
    async finish() {
      const bytes = started ? Buffer.alloc(0) : header;
      const patches = [
        { at: 4, bytes: uint32(header.length - 8 + length) },
        { at: header.length - 4, bytes: uint32(length) },
      ];
      return { bytes, patches };
    },
    free() {},
  };
}

/** A whole WAV file in memory, of mono samples. */
export async function wavBytes(samples: Float32Array, sampleRate: number): Promise<Uint8Array> {
  const encoder = wavEncoder({ sampleRate, channels: 1, bits: 16, tags: {} });
  const bytes = await encoder.encode([samples]);
  for (const patch of (await encoder.finish()).patches)
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).set(patch.bytes, patch.at);
  return bytes;
}

function wavHeader({ sampleRate, channels, bits, tags }: EncoderOptions, length: number): Buffer {
  const format = Buffer.alloc(16);
  const frame = (channels * bits) / 8;
  // 1: whole numbers; 3: floats.
  format.writeUInt16LE(bits === 32 ? 3 : 1, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * frame, 8);
  format.writeUInt16LE(frame, 12);
  format.writeUInt16LE(bits, 14);
  const info = Object.entries(presentTags(tags)).flatMap(([name, value]) => {
    const id = INFO_IDS[name];
    return id === undefined ? [] : [chunk(id, Buffer.from(`${value}\0`))];
  });
  const list =
    info.length === 0 ? [] : [chunk('LIST', Buffer.concat([Buffer.from('INFO'), ...info]))];
  const body = [Buffer.from('WAVE'), chunk('fmt ', format), ...list];
  return Buffer.concat([
    Buffer.from('RIFF'),
    uint32(length),
    ...body,
    Buffer.from('data'),
    uint32(length),
  ]);
}

function chunk(id: string, body: Buffer): Buffer {
  const padding = Buffer.alloc(body.length % 2);
  return Buffer.concat([Buffer.from(id), uint32(body.length), body, padding]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(Math.min(value, UNKNOWN));
  return bytes;
}
