import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Result } from '../protocol/events.ts';
import type { Translate } from '../protocol/log-lines.ts';
import type { ResultContent } from '../protocol/panel.ts';
import { resultPath } from './places.ts';

/** Bytes of a sound, which is played whole, and of a text, of which the first part is shown. */
const SOUND_LIMIT = 256 << 20;
const TEXT_LIMIT = 64 << 10;
/** Bytes of JSON, which the panel itself reads, such as a transcript: that of three hours has 3 MB. */
const JSON_LIMIT = 8 << 20;

/** A file that a run has made. */
type Made = Pick<Result, 'path' | 'mime'>;

/**
 * The bytes of a result for the panel, or why there are none. `result` is one that the run has declared, and
 * its path is checked: nothing else is read.
 */
export async function readContent(
  workspace: string,
  result: Made,
  t: Translate,
): Promise<ResultContent> {
  const path = resultPath(workspace, result);
  if (path === undefined) {
    return { problem: t('{0} lies outside the workspace and is not opened.', result.path) };
  }
  const sound = result.mime.startsWith('audio/');
  try {
    // A pipe or a device would wait for ever, and is no result.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile()) return { problem: t('{0} is no file.', result.path) };
      if (sound && found.size > SOUND_LIMIT) {
        return { problem: t('{0} is too long to be played here. Open it instead.', result.path) };
      }
      const limit = sound ? SOUND_LIMIT : result.mime.endsWith('json') ? JSON_LIMIT : TEXT_LIMIT;
      const length = Math.min(found.size, limit);
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, 0);
      return { bytes: bytes.subarray(0, bytesRead), whole: bytesRead === found.size };
    } finally {
      await file.close();
    }
  } catch (error) {
    return { problem: problemOf(error as NodeJS.ErrnoException, result, t) };
  }
}

function problemOf(error: NodeJS.ErrnoException, { path }: Made, t: Translate): string {
  return error.code === 'ENOENT'
    ? t('{0} is not there any more.', path)
    : t('{0} cannot be read: {1}', path, error.message);
}
