import npmFetch from 'npm-registry-fetch';
import { ModelError } from './error.ts';
import { explain, get } from './http.ts';
import type { NpmOptions } from './npm-config.ts';

export interface Tarball {
  readonly url: string;
  /** Subresource integrity (`sha512-...`), where the registry gives one. */
  readonly integrity: string | undefined;
}

/**
 * Asks the registry of the user's npm settings where the tarball of `name@version` is. Through
 * npm-registry-fetch, the library that npm and pacote ask with: pacote itself cannot go on with an
 * interrupted download.
 */
export async function findTarball(
  spec: string,
  npm: NpmOptions,
  signal: AbortSignal,
): Promise<Tarball> {
  const at = spec.lastIndexOf('@');
  const name = spec.slice(0, at);
  const version = spec.slice(at + 1);
  const registry = npmFetch.pickRegistry(name, npm).replace(/\/?$/, '/');
  const url = new URL(name.replace('/', '%2f'), registry).href;
  const dist = distOf(await packument(url, { ...npm, spec: name }, signal), version);
  if (!dist) {
    throw new ModelError(`${new URL(registry).host} has no package ${spec} (any more)`, {
      hint: 'Check the registry in your .npmrc, or let SLUICE_MODEL_SOURCES name another source.',
    });
  }
  return { url: throughRegistry(dist.tarball, registry, npm), integrity: dist.integrity };
}

async function packument(url: string, npm: NpmOptions, signal: AbortSignal): Promise<unknown> {
  const headers = { accept: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8' };
  const chunks: Uint8Array[] = [];
  try {
    const response = await get(url, npm, { headers, retries: 2, signal });
    for await (const chunk of response.body) chunks.push(Buffer.from(chunk));
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    signal.throwIfAborted();
    throw explain(error, url);
  }
}

function distOf(
  value: unknown,
  version: string,
): { tarball: string; integrity?: string } | undefined {
  const dist = field(field(field(value, 'versions'), version), 'dist');
  const tarball = field(dist, 'tarball');
  const integrity = field(dist, 'integrity');
  if (typeof tarball !== 'string' || !URL.canParse(tarball)) return undefined;
  return { tarball, ...(typeof integrity === 'string' && { integrity }) };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

// A mirror hands on the public registry's addresses; npm rewrites them to the mirror, and so does this.
function throughRegistry(tarball: string, registry: string, npm: NpmOptions): string {
  const setting = npm.replaceRegistryHost ?? 'npmjs';
  if (setting === 'never') return tarball;
  const publicHost = new URL(npmFetch.pickRegistry('any', {})).hostname;
  const url = new URL(tarball);
  const replaced = setting === 'npmjs' ? publicHost : setting;
  if (url.host === new URL(registry).host) return tarball;
  if (setting !== 'always' && url.hostname !== replaced) return tarball;
  return new URL(`.${url.pathname}${url.search}`, registry).href;
}
