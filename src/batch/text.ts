import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { BatchError } from './problem.ts';

/**
 * A whole text file, its byte order mark left out. Rejects with BatchError, at the line and column of
 * the first bad byte, when the file cannot be read or is not UTF-8.
 */
export async function readText(path: string, shown: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new BatchError([{ file: shown, message: readFailure(error) }]);
  }
  if (!isUtf8(bytes)) {
    const { line, column } = firstBadByte(bytes);
    throw new BatchError([
      { file: shown, line, column, message: 'Not UTF-8 text.', hint: 'Save the file as UTF-8.' },
    ]);
  }
  const text = bytes.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function readFailure(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'No such file.';
  if (code === 'EISDIR') return 'This is a folder, not a file.';
  if (code === 'EACCES') return 'No permission to read this file.';
  return `Cannot be read: ${(error as Error).message}.`;
}

/** Line and column, from 1, of the first byte that is not UTF-8; columns count characters. */
export function firstBadByte(bytes: Uint8Array): { line: number; column: number } {
  let low = 0;
  let high = bytes.length;
  // A prefix is good when it is UTF-8 but for a character that its end may cut in two.
  const good = (length: number): boolean =>
    [0, 1, 2, 3].some((cut) => cut <= length && isUtf8(bytes.subarray(0, length - cut)));
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (good(middle)) low = middle;
    else high = middle;
  }
  let end = low;
  while (end > 0 && !isUtf8(bytes.subarray(0, end))) end -= 1;
  const before = Buffer.from(bytes.subarray(0, end)).toString('utf8');
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - start + 1 };
}
