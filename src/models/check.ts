import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Model, ModelFile } from './catalogue.ts';
import { filePath, modelFolder } from './folder.ts';

/**
 * What was true of a model's files when their sha256 was last computed, so that hundreds of
 * megabytes are not read again at every start. Kept as `.verified.json` in the model's folder.
 */
type Marker = Readonly<Record<string, { sha256: string; bytes: number; mtime: number }>>;

/** Hex sha256 of a file, read in pieces. */
export async function sha256Of(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const options = { highWaterMark: 1 << 20, ...(signal && { signal }) };
  for await (const chunk of createReadStream(path, options)) hash.update(chunk);
  return hash.digest('hex');
}

export type FileState = 'good' | 'missing' | 'wrong';

/**
 * Whether each file of a model is there with its sha256. A file whose size and time are those of
 * the last check is not read again, unless `rehash` is true.
 */
export async function checkModel(
  root: string,
  model: Model,
  options: { rehash?: boolean; signal?: AbortSignal | undefined } = {},
): Promise<Map<ModelFile, FileState>> {
  const marker = await readMarker(root, model);
  const states = new Map<ModelFile, FileState>();
  const next: Record<string, Marker[string]> = {};
  let read = false;
  for (const file of model.files) {
    const path = filePath(root, model, file);
    const found = await stat(path).catch(() => undefined);
    if (!found) {
      states.set(file, 'missing');
      continue;
    }
    const known = marker[file.name];
    const same =
      known !== undefined &&
      known.sha256 === file.sha256 &&
      known.bytes === found.size &&
      known.mtime === found.mtimeMs;
    const trusted = same && options.rehash !== true;
    if (!trusted) read = true;
    const good =
      found.size === file.bytes &&
      (trusted || (await sha256Of(path, options.signal)) === file.sha256);
    states.set(file, good ? 'good' : 'wrong');
    if (good) next[file.name] = { sha256: file.sha256, bytes: found.size, mtime: found.mtimeMs };
  }
  if (read) await writeMarker(root, model, next);
  return states;
}

/** Notes that files of a model were found good just now. */
export async function markGood(
  root: string,
  model: Model,
  files: Iterable<ModelFile>,
): Promise<void> {
  const marker = { ...(await readMarker(root, model)) };
  for (const file of files) {
    const found = await stat(filePath(root, model, file));
    marker[file.name] = { sha256: file.sha256, bytes: found.size, mtime: found.mtimeMs };
  }
  await writeMarker(root, model, marker);
}

async function readMarker(root: string, model: Model): Promise<Marker> {
  try {
    const value: unknown = JSON.parse(await readFile(markerPath(root, model), 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Marker) : {};
  } catch {
    return {};
  }
}

// The marker only saves time: on a store that cannot be written, files are read again each time.
async function writeMarker(root: string, model: Model, marker: Marker): Promise<void> {
  await writeFileAtomic(markerPath(root, model), `${JSON.stringify(marker)}\n`).catch(
    () => undefined,
  );
}

function markerPath(root: string, model: Model): string {
  return join(modelFolder(root, model), '.verified.json');
}
