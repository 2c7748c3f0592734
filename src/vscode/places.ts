import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Place, Result } from '../protocol/events.ts';

/**
 * Absolute path of a result. A relative path must stay inside the workspace: `undefined` for one that
 * does not. An absolute one was recorded by the runner and is taken as it is.
 */
export function resultPath(workspace: string, result: Pick<Result, 'path'>): string | undefined {
  if (isAbsolute(result.path)) return result.path;
  const path = resolve(workspace, result.path);
  return isInside(workspace, path) ? path : undefined;
}

/** Absolute path of the file that a place is in. */
export function placePath(workspace: string, place: Place): string {
  return resolve(workspace, place.file);
}

export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The innermost folder that all of these files, by their absolute paths, are in. */
export function commonFolder(files: readonly string[]): string {
  let folder = dirname(files[0] ?? sep);
  for (const file of files) {
    while (!isInside(folder, file) && folder !== dirname(folder)) folder = dirname(folder);
  }
  return folder;
}
