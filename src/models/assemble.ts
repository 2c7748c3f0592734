import { mkdir, open, rename, rm } from 'node:fs/promises';
import { markGood, sha256Of } from './check.ts';
import type { Wanted } from './context.ts';
import { ModelError } from './error.ts';
import { filePath, modelFolder } from './folder.ts';

/**
 * Moves a finished file to its place in the store if it has its sha256: read back from the disk,
 * flushed, renamed. A file that has not is deleted, and a `ModelError` names its source.
 */
export async function admit(
  root: string,
  { model, file }: Wanted,
  from: string,
  source: string,
  signal: AbortSignal,
): Promise<void> {
  const found = await sha256Of(from, signal);
  if (found !== file.sha256) {
    await rm(from, { force: true });
    throw new ModelError(`${file.name} from ${source} is not the file that it should be`, {
      hint: `Its sha256 is ${found}, not ${file.sha256}. Nothing of it is used.`,
    });
  }
  await flush(from);
  await mkdir(modelFolder(root, model), { recursive: true });
  await rename(from, filePath(root, model, file));
  await markGood(root, model, [file]);
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
