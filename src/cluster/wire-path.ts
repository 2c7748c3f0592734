import { join, resolve, sep } from 'node:path';

/*
 * Paths on their way to another machine: names joined by `/`, from the root, without it. There all of them lie under
 * one folder, so that each still leads from one to another.
 */

/** An absolute path on its way. A folder keeps the separator at its end. */
export function toWire(path: string): string {
  const end = path.endsWith(sep) ? '/' : '';
  // A drive of Windows is a folder elsewhere.
  const names = resolve(path)
    .replace(/^([A-Za-z]):/, '$1')
    .split(sep);
  return names.filter((name) => name !== '').join('/') + end;
}

/** A path that came, below a folder of this machine. */
export function fromWire(folder: string, path: string): string {
  const end = path.endsWith('/') ? sep : '';
  return join(folder, ...path.split('/')) + end;
}
