import { sep } from 'node:path';

const NOTE = '.s3.json';

/** Where the note about a result stands that was left elsewhere; in a folder each file has its own. */
export function noteOf(path: string): string {
  return path.endsWith(sep) ? path : path + NOTE;
}

/** Of a result the place of its note, and of a note that of its result: one of them is there. */
export function otherOf(path: string): string {
  return path.endsWith(NOTE) ? path.slice(0, -NOTE.length) : path + NOTE;
}
