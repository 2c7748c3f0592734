import type { Result } from '../protocol/events.ts';

const TEXT = /^text\/|^application\/(?:[\w.-]+\+)?(?:json|xml|yaml|x-ndjson|x-subrip)$/;

/** What the panel itself can do with a result; other files are opened in VS Code. */
export function kindOf({ mime }: Pick<Result, 'mime'>): 'sound' | 'text' | 'other' {
  if (mime.startsWith('audio/')) return 'sound';
  return TEXT.test(mime) ? 'text' : 'other';
}

/** The name of a file without its folders. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** The path of a file without its ending. */
export function stemOf(path: string): string {
  return path.replace(/\.[^./\\]+$/, '');
}

/**
 * The place of the result that an item was made for, -1 when there is none: the last one. Of a sound and what stands
 * beside it under its name, such as its captions, it is the sound.
 */
export function mainResult(results: readonly Result[]): number {
  const last = results.length - 1;
  const stem = stemOf(results[last]?.path ?? '');
  const sound = results.findLastIndex(
    (result) => kindOf(result) === 'sound' && stemOf(result.path) === stem,
  );
  return sound === -1 ? last : sound;
}
