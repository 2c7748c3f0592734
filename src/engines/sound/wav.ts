import { type EncoderOptions, presentTags, type SoundEncoder } from './encoder.ts';

/** Names of the tags in a LIST INFO chunk (RIFF, Multimedia Programming Interface 1.0, 1991). */
const INFO_IDS: Readonly<Record<string, string>> = {
  title: 'INAM',
  album: 'IPRD',
  track: 'ITRK',
  software: 'ISFT',
};

/** WAV, 16 bit, mono, with its tags in a LIST INFO chunk before the samples. */
export function wavEncoder(options: EncoderOptions): SoundEncoder {
  const header = wavHeader(options);
  let started = false;
  let length = 0;
  return {
    async encode(samples) {
      const pcm = Buffer.allocUnsafe(samples.length * 2);
      for (let index = 0; index < samples.length; index++) {
        const value = Math.round((samples[index] ?? 0) * 32767);
        pcm.writeInt16LE(Math.max(-32768, Math.min(32767, value)), index * 2);
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

function wavHeader({ sampleRate, tags }: EncoderOptions): Buffer {
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * 2, 8);
  format.writeUInt16LE(2, 12);
  format.writeUInt16LE(16, 14);
  const info = Object.entries(presentTags(tags)).flatMap(([name, value]) => {
    const id = INFO_IDS[name];
    return id === undefined ? [] : [chunk(id, Buffer.from(`${value}\0`))];
  });
  const list =
    info.length === 0 ? [] : [chunk('LIST', Buffer.concat([Buffer.from('INFO'), ...info]))];
  const body = [Buffer.from('WAVE'), chunk('fmt ', format), ...list];
  return Buffer.concat([Buffer.from('RIFF'), uint32(0), ...body, Buffer.from('data'), uint32(0)]);
}

function chunk(id: string, body: Buffer): Buffer {
  const padding = Buffer.alloc(body.length % 2);
  return Buffer.concat([Buffer.from(id), uint32(body.length), body, padding]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  // A length that does not fit is written as "to the end of the file".
  bytes.writeUInt32LE(Math.min(value, 0xffffffff));
  return bytes;
}
