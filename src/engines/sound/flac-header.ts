import { open } from 'node:fs/promises';

export interface FlacFacts {
  /** Of each channel; 0 where the file does not say. */
  readonly samples: number;
  /** Bytes before the first frame. */
  readonly start: number;
}

/** Bytes of a metadata block's header, and of STREAMINFO, which is the first block (RFC 9639, section 8). */
const BLOCK_HEADER = 4;
const STREAM_INFO = 34;

/** What the metadata of a FLAC file say. For a damaged file it is anything. */
export async function readFlacFacts(path: string): Promise<FlacFacts> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(BLOCK_HEADER + STREAM_INFO);
    let samples = 0;
    let start = 'fLaC'.length;
    for (let last = false; !last; ) {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
      if (bytesRead < BLOCK_HEADER) break;
      const [kind = 0] = bytes;
      last = kind >= 0x80;
      // 36 bits from the middle of byte 13 on.
      if ((kind & 0x7f) === 0) {
        const at = BLOCK_HEADER + 13;
        samples = ((bytes[at] ?? 0) & 0xf) * 2 ** 32 + bytes.readUInt32BE(at + 1);
      }
      start += BLOCK_HEADER + bytes.readUIntBE(1, 3);
    }
    return { samples, start };
  } finally {
    await file.close();
  }
}
