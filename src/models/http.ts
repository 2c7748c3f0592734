import npmFetch from 'npm-registry-fetch';
import { codeOf, ModelError } from './error.ts';
import type { NpmOptions } from './npm-config.ts';

/** The part of npm-registry-fetch's answer that is used here. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array | string>;
}

type Fetch = (url: string, options: object) => Promise<HttpResponse>;

// Its types lean on a package for browsers' fetch that does not describe what it answers.
const fetchWithNpm = npmFetch as unknown as Fetch;

/**
 * GET through npm's own library, so that the user's proxy, certificates and credentials hold.
 * Follows redirects; rejects for a status of 400 and above, and when `signal` is aborted.
 */
export function get(
  url: string,
  npm: NpmOptions,
  request: { headers?: Record<string, string>; retries?: number; signal: AbortSignal },
): Promise<HttpResponse> {
  return fetchWithNpm(url, {
    ...npm,
    headers: request.headers ?? {},
    fetchRetries: request.retries ?? 0,
    // Without all three there is no wait between the attempts.
    fetchRetryMintimeout: 1000,
    fetchRetryFactor: 2,
    fetchRetryMaxtimeout: 10_000,
    signal: request.signal,
  });
}

/** HTTP status of an error that `get` threw. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** A header of the answer that made `get` throw. */
export function headerOf(error: unknown, name: string): string | undefined {
  if (typeof error !== 'object' || error === null || !('headers' in error)) return undefined;
  const { headers } = error;
  if (typeof headers !== 'object' || headers === null) return undefined;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return found ? String(found[1]) : undefined;
}

const REFUSED = new Set(['ENOENT', 'EACCES', 'ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG', 'ENOTCACHED']);

/** Whether another attempt may help: the network's faults do, the disk's and a plain "no" do not. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ModelError) return false;
  const status = statusOf(error);
  if (status !== undefined) return status === 408 || status === 429 || status >= 500;
  return !REFUSED.has(codeOf(error) ?? '');
}

/** What went wrong at `url`, in words, without the credentials that the address may hold. */
export function explain(error: unknown, url: string): unknown {
  if (error instanceof ModelError) return error;
  const { host } = new URL(url);
  const status = statusOf(error);
  const code = codeOf(error);
  if (status === 401 || status === 403) {
    return new ModelError(`${host} refused access (HTTP ${status})`, {
      hint: 'Check the registry and the credentials in your .npmrc.',
      cause: error,
    });
  }
  if (status !== undefined)
    return new ModelError(`${host} answered HTTP ${status}`, { cause: error });
  if (code === 'ENOTCACHED') {
    return new ModelError(`npm is set to be offline, and its cache does not hold ${url}`, {
      hint: 'Unset `offline` in the npm settings.',
      cause: error,
    });
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new ModelError(`${host} was not found: is there a network?`, { cause: error });
  }
  if (code === 'ECONNREFUSED') {
    return new ModelError(`${host} refused the connection`, { cause: error });
  }
  if (code?.startsWith('E') && REFUSED.has(code)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ModelError(`the transfer from ${host} failed: ${message}`, { cause: error });
}
