import { constants } from 'node:fs';
import { access, mkdir, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { slug } from '../../batch/placeholders.ts';
import { BATCH_ENDING } from '../diagnostics.ts';
import { isInside } from '../places.ts';

/** Contents by path, relative to a folder. */
export type NewFiles = Readonly<Record<string, string | Uint8Array>>;

/** Where a batch of this name is written, relative to its folder. */
export function batchFileOf(name: string): string {
  return `${slug(name)}${BATCH_ENDING}`;
}

/** How a batch file in `folder` names a file: relative, with `/`, where it lies inside. */
export function pathFrom(folder: string, file: string): string {
  return isInside(folder, file) ? relative(folder, file).replaceAll('\\', '/') : file;
}

/**
 * Writes all of the files, or none. Rejects with code EEXIST, having changed nothing, when a file stands
 * there already.
 */
export async function writeNew(folder: string, files: NewFiles): Promise<void> {
  const written: string[] = [];
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { flag: 'wx' });
      written.push(path);
    }
  } catch (error) {
    await Promise.all(written.map((path) => unlink(path)));
    throw error;
  }
}

/** `name`, or `name 2` and so on: one for which none of the files stands there. */
export async function freeName(
  folder: string,
  name: string,
  filesOf: (name: string) => readonly string[],
): Promise<string> {
  let free = name;
  for (let number = 2; await isTaken(folder, filesOf(free)); number += 1) {
    free = `${name} ${number}`;
  }
  return free;
}

/** True when one of the files, or a folder of that name, stands there. */
export async function isTaken(folder: string, files: readonly string[]): Promise<boolean> {
  return (await Promise.all(files.map((file) => exists(join(folder, file))))).includes(true);
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
