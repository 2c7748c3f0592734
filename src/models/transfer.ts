import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import writeFileAtomic from 'write-file-atomic';
import { explain, get, type HttpResponse, headerOf, isPassing, statusOf } from './http.ts';
import type { NpmOptions } from './npm-config.ts';
import { stallWatch } from './stall.ts';

export interface TransferOptions {
  readonly npm: NpmOptions;
  /** Bytes that the whole has, where that is known beforehand. */
  readonly bytes?: number | undefined;
  /** Names the content (an integrity or a sha256): bytes kept of other content are thrown away. */
  readonly tag: string;
  readonly onBytes: (got: number) => void;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which the connection is given up; 60 s when left out. */
  readonly stall?: number | undefined;
  /** Milliseconds before the second attempt, doubled for each further one; 500 when left out. */
  readonly pause?: number | undefined;
}

/** Attempts in a row that bring not one byte before a transfer fails. */
const ATTEMPTS = 5;

interface Kept {
  readonly tag: string;
  /** For `If-Range`, so that a changed file is not joined to an old beginning. */
  readonly validator?: string;
}

/** The connection ended too early, or cannot go on where the last one stopped. */
class Cut extends Error {
  readonly restart: boolean;
  constructor(message: string, restart = false) {
    super(message);
    this.restart = restart;
  }
}

/**
 * Downloads `url` to the file `to`, going on where an earlier, interrupted transfer ended if the
 * server allows it (HTTP ranges). What came is kept on failure. Throws `ModelError`, a system error
 * of the disk, or the signal's reason. The content is not checked here.
 */
export async function transfer(url: string, to: string, options: TransferOptions): Promise<void> {
  if ((await readKept(to))?.tag !== options.tag) await forgetTransfer(to);
  for (let failed = 0; ; ) {
    const before = await sizeOf(to);
    if (options.bytes !== undefined && before === options.bytes) return options.onBytes(before);
    try {
      return await attempt(url, to, before, options);
    } catch (error) {
      options.signal.throwIfAborted();
      if (!isPassing(error)) throw explain(error, url);
      if (error instanceof Cut && error.restart) await forgetTransfer(to);
      failed = (await sizeOf(to)) > before ? 0 : failed + 1;
      if (failed >= ATTEMPTS) throw explain(error, url);
      await sleep(delay(error, failed, options.pause ?? 500), undefined, {
        signal: options.signal,
      });
    }
  }
}

/** Deletes what `transfer` keeps. */
export async function forgetTransfer(to: string): Promise<void> {
  await Promise.all([rm(to, { force: true }), rm(`${to}.json`, { force: true })]);
}

/** Bytes of a file; 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function attempt(
  url: string,
  to: string,
  before: number,
  options: TransferOptions,
): Promise<void> {
  const watch = stallWatch(options.stall ?? 60_000, options.signal);
  const file = await open(to, before > 0 ? 'r+' : 'w');
  try {
    const response = await request(url, to, before, options, watch.signal);
    if (!response) return;
    const from = response.status === 206 ? before : 0;
    await file.truncate(from);
    const validator = validatorOf(response);
    await writeFileAtomic(`${to}.json`, JSON.stringify({ tag: options.tag, validator }));
    const total = totalOf(response, from) ?? options.bytes;
    const got = await receive(response, file, from, options.onBytes, watch.alive);
    if (total !== undefined && got < total)
      throw new Cut(`it ended after ${got} of ${total} bytes`);
    await file.sync();
  } catch (error) {
    throw watch.stalled() ? new Cut('no byte came for too long') : error;
  } finally {
    watch.stop();
    await file.close();
  }
}

/** The answer to go on with, or nothing when all bytes are here already. */
async function request(
  url: string,
  to: string,
  from: number,
  options: TransferOptions,
  signal: AbortSignal,
): Promise<HttpResponse | undefined> {
  const { cache, ...npm } = options.npm;
  // Weights are kept once, in the store; only a machine told to be offline reads npm's cache.
  const settings = npm.offline && cache !== undefined ? { ...npm, cache } : npm;
  const ranged = from > 0 && !npm.offline;
  const validator = ranged ? (await readKept(to))?.validator : undefined;
  const headers = {
    'accept-encoding': 'identity',
    ...(ranged && { range: `bytes=${from}-` }),
    ...(validator !== undefined && { 'if-range': validator }),
  };
  try {
    const response = await get(url, settings, { headers, signal });
    const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
    if (response.status === 206 && Number(start) !== from) {
      throw new Cut('the server sent another range than the one asked for', true);
    }
    return response;
  } catch (error) {
    if (statusOf(error) !== 416) throw error;
    // The range lies outside the file: either all of it is here, or it is another file by now.
    if (headerOf(error, 'content-range') === `bytes */${from}`) return undefined;
    throw new Cut('the server refused to go on', true);
  }
}

async function receive(
  response: HttpResponse,
  file: FileHandle,
  from: number,
  onBytes: (got: number) => void,
  alive: () => void,
): Promise<number> {
  let at = from;
  onBytes(at);
  for await (const chunk of response.body) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    for (let sent = 0; sent < bytes.length; ) {
      const written = await file.write(bytes, sent, bytes.length - sent, at + sent);
      sent += written.bytesWritten;
    }
    at += bytes.length;
    alive();
    onBytes(at);
  }
  return at;
}

async function readKept(to: string): Promise<Kept | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(`${to}.json`, 'utf8'));
    if (typeof value !== 'object' || value === null || !('tag' in value)) return undefined;
    if (typeof value.tag !== 'string') return undefined;
    const validator = 'validator' in value ? value.validator : undefined;
    return { tag: value.tag, ...(typeof validator === 'string' && { validator }) };
  } catch {
    return undefined;
  }
}

function validatorOf(response: HttpResponse): string | undefined {
  const etag = response.headers.get('etag');
  // A weak ETag does not promise the same bytes.
  if (etag && !etag.startsWith('W/')) return etag;
  return response.headers.get('last-modified') ?? undefined;
}

function totalOf(response: HttpResponse, from: number): number | undefined {
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  return Number.isFinite(length) ? from + length : undefined;
}

function delay(error: unknown, failed: number, pause: number): number {
  const asked = Number(headerOf(error, 'retry-after'));
  if (Number.isFinite(asked) && asked > 0) return Math.min(asked, 60) * 1000;
  return failed === 0 ? pause / 5 : Math.min(pause * 2 ** (failed - 1), 8000);
}
