import { plain } from '../plain.ts';

/** What went wrong and what to do about it, for a notification. */
export function wordsOf({ message, hint }: { message: string; hint?: string | undefined }): string {
  return plain(hint === undefined ? message : `${message}. ${hint}`);
}
