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
