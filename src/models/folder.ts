import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import type { Model, ModelFile } from './catalogue.ts';

/**
 * Absolute path of the store: SLUICE_MODELS, or `models` in the platform's cache directory
 * (`~/.cache/sluice` on Linux, `~/Library/Caches/sluice` on macOS, `%LOCALAPPDATA%\sluice\Cache`).
 */
export function storeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env['SLUICE_MODELS'];
  return chosen ? resolve(chosen) : join(envPaths('sluice', { suffix: '' }).cache, 'models');
}

export function modelFolder(root: string, model: Model): string {
  return join(root, model.id);
}

export function filePath(root: string, model: Model, file: ModelFile): string {
  return join(modelFolder(root, model), file.name);
}

/** Where downloads and files under construction lie: on the same disk, so that a rename is whole. */
export function partialFolder(root: string): string {
  return join(root, '.partial');
}

/** A download that is not complete, or not checked. */
export function downloadPath(root: string, name: string): string {
  return join(partialFolder(root), `${name.replace(/^@/, '').replaceAll(/[^\w.@-]/g, '-')}.part`);
}

/** Name of the download of a file from its home. */
export function hubDownload(model: Model, file: ModelFile): string {
  return `hub-${model.id}-${file.name}`;
}

/** A file that is being put together. */
export function assemblyPath(root: string, model: Model, file: ModelFile): string {
  return join(partialFolder(root), `${model.id}-${file.name}.assembly`);
}

export function lockPath(root: string, name: string): string {
  return join(root, '.locks', name.replace(/^@/, '').replaceAll(/[^\w.@-]/g, '-'));
}
