import { open } from 'node:fs/promises';
import { beginsWith } from './decode.ts';

/** Bytes in which a frame begins, behind the tag: the longest frame has 1441. */
const NEAR = 4096;
const TAG_HEADER = 10;

/** Whether a file begins as MP3 files do: with an ID3v2 tag, or with a frame. */
export function isMp3(head: Uint8Array): boolean {
  return beginsWith(head, 'ID3') || isFrame(head, 0);
}

/** Whether an MP3 file has one channel: its decoder gives two, the same, for it. */
export async function isMonoMp3(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(TAG_HEADER);
    await file.read(head, 0, TAG_HEADER, 0);
    // The length of an ID3v2 tag, in four times seven bits (https://id3.org/id3v2.4.0-structure, section 3.1).
    const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6);
    const tag = beginsWith(head, 'ID3') ? TAG_HEADER + ((a << 21) | (b << 14) | (c << 7) | d) : 0;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(NEAR), 0, NEAR, tag);
    const bytes = buffer.subarray(0, bytesRead);
    const at = bytes.findIndex((_, index) => isFrame(bytes, index));
    return at >= 0 && (bytes[at + 3] ?? 0) >> 6 === 3;
  } finally {
    await file.close();
  }
}

/** Whether a frame of layer III begins here: eleven bits set, and no field with a value that is not used. */
function isFrame(bytes: Uint8Array, at: number): boolean {
  const [sync, version = 0, rates = 0xff] = bytes.subarray(at, at + 3);
  return (
    sync === 0xff &&
    (version & 0xe6) === 0xe2 &&
    (version & 0x18) !== 0x08 &&
    rates >> 4 !== 0xf &&
    ((rates >> 2) & 3) !== 3
  );
}
