import { EngineError } from '../error.ts';

/**
 * The text of a file's bytes: UTF-8, with or without a byte order mark; UTF-16 with one. Throws an
 * `EngineError` that names the line and column of the first byte that is not UTF-8.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const at = firstBadByte(bytes);
    const before = new TextDecoder().decode(bytes.subarray(0, at));
    const lines = before.split('\n');
    const column = [...(lines.at(-1) ?? '')].length + 1;
    const byte = (bytes[at] ?? 0).toString(16).padStart(2, '0');
    throw new EngineError(`${name}:${lines.length}:${column}: byte 0x${byte} is not UTF-8`, {
      hint: 'Save the file as UTF-8.',
      retry: false,
      cause,
    });
  }
}

/** The end of the longest valid beginning, which is found by halving. */
function firstBadByte(bytes: Uint8Array): number {
  const decodeTo = (end: number) => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    // As a stream: a beginning may end within a character.
    return decoder.decode(bytes.subarray(0, end), { stream: true });
  };
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      decodeTo(middle);
      good = middle;
    } catch {
      bad = middle;
    }
  }
  // The bytes of an unfinished character at its end gave no character.
  return Buffer.byteLength(decodeTo(good));
}
