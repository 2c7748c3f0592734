import { isUtf8 } from 'node:buffer';
import { EngineError } from '../error.ts';

/** A file's text without its byte order mark. Bytes that are no UTF-8 throw, with their line and column. */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const { before, at } = firstBadByte(bytes);
  const lines = before.split('\n');
  const column = [...(lines.at(-1) ?? '')].length + 1;
  const value = (bytes[at] ?? 0).toString(16).padStart(2, '0');
  throw new EngineError(`${file}:${lines.length}:${column}: not UTF-8 (byte 0x${value})`, {
    hint: 'Save the file as UTF-8.',
    retry: false,
  });
}

/** The text before the first byte that belongs to no UTF-8 character, and that byte's index. */
function firstBadByte(bytes: Uint8Array): { before: string; at: number } {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let at = 0;
  let from = 0;
  for (let mark = text.indexOf('\ufffd'); mark >= 0; mark = text.indexOf('\ufffd', mark + 1)) {
    at += Buffer.byteLength(text.slice(from, mark));
    // The replacement character itself may be in the file: EF BF BD.
    const real = bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
    if (!real) return { before: text.slice(0, mark).replace(/^\ufeff/, ''), at };
    from = mark;
  }
  return { before: text, at };
}
