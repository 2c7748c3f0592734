import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { relativePath } from '../batch/paths.ts';
import type { RunState } from '../protocol/state.ts';
import { mimeOf } from '../runner/mime.ts';
import { RequestError } from './errors.ts';

/** What a browser may show by itself. Everything else is a download: it could hold a program for a page. */
const SHOWN: ReadonlySet<string> = new Set([
  'application/json',
  'application/x-subrip',
  'audio/flac',
  'audio/mp4',
  'audio/mpeg',
  'audio/ogg',
  'audio/wav',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/csv',
  'text/plain',
  'text/vtt',
  'video/mp4',
]);

interface Range {
  readonly start: number;
  /** The last byte. */
  readonly end: number;
}

/** Whether a run has declared a file, by its path relative to the workspace: nothing else is read. */
export function hasDeclared({ items }: RunState, path: string): boolean {
  return items.some(
    ({ results, sounds }) =>
      results.some((result) => result.path === path) || sounds?.some((one) => one.path === path),
  );
}

/** Sends a file that a run has made; a part of it when that is asked for. Rejects with RequestError. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  workspace: string,
  path: string,
): Promise<FastifyReply> {
  const { file, found } = await openInside(workspace, path);
  const etag = `"${found.size.toString(16)}-${Math.round(found.mtimeMs).toString(16)}"`;
  reply.headers({
    ...headersOf(path),
    'accept-ranges': 'bytes',
    etag,
    'cache-control': 'no-cache',
  });
  if (request.headers['if-none-match'] === etag) {
    await file.close();
    return reply.code(304).send();
  }
  const fresh = request.headers['if-range'] ?? etag;
  const range = fresh === etag ? rangeOf(request.headers.range, found.size) : undefined;
  if (range === 'none') {
    await file.close();
    reply.header('content-range', `bytes */${found.size}`);
    throw new RequestError(416, `The file has ${found.size} bytes.`);
  }
  const { start, end } = range ?? { start: 0, end: found.size - 1 };
  reply.header('content-length', end - start + 1);
  if (range !== undefined) {
    reply.code(206).header('content-range', `bytes ${start}-${end}/${found.size}`);
  }
  if (request.method === 'HEAD' || found.size === 0) {
    await file.close();
    return reply.send('');
  }
  // The stream closes the file, also when the client leaves.
  return reply.send(file.createReadStream({ start, end }));
}

/** What a range asks for: bytes of it, `none` when there are none, or all of the file. */
export function rangeOf(header: string | undefined, size: number): Range | 'none' | undefined {
  // Of several ranges none is taken: the whole file is a right answer.
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const [from, to] = [match[1], match[2]].map((digits) =>
    digits === '' ? undefined : Number(digits),
  );
  if (from === undefined) {
    // The last bytes.
    return to === 0 || size === 0
      ? 'none'
      : { start: Math.max(0, size - (to ?? 0)), end: size - 1 };
  }
  if (from >= size || (to !== undefined && to < from)) return 'none';
  return { start: from, end: Math.min(to ?? size - 1, size - 1) };
}

/** All of a file of the workspace. Rejects with RequestError. */
export async function readInside(workspace: string, path: string): Promise<Uint8Array> {
  const { file } = await openInside(workspace, path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Opens a file of the workspace. No part of its path is a link: one could lead out, also later. */
async function openInside(
  workspace: string,
  path: string,
): Promise<{ file: FileHandle; found: Stats }> {
  const full = resolve(workspace, path);
  const missing = new RequestError(404, `${path} is not there any more.`);
  if (relativePath(workspace, full) === full) {
    throw new RequestError(403, `${path} lies outside the workspace.`);
  }
  // A pipe or a device would wait for ever, and is no result.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
  const file = await open(full, flags).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ELOOP' ? linked(path) : missing;
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw missing;
    // What was opened is what stands there without any link on the way.
    const real = await realpath(full).catch(() => undefined);
    const there = real === full ? await stat(full) : undefined;
    if (there?.ino !== found.ino || there.dev !== found.dev) throw linked(path);
    return { file, found };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function linked(path: string): RequestError {
  return new RequestError(403, `${path} is reached by a link, which is not followed.`);
}

function headersOf(path: string): Record<string, string> {
  const mime = mimeOf(path);
  const text = mime === 'text/markdown' ? 'text/plain' : mime;
  const shown = SHOWN.has(text);
  const type = shown ? text : 'application/octet-stream';
  const name = encodeURIComponent(basename(path)).replace(/['()*]/g, percent);
  return {
    'content-type': type.startsWith('text/') ? `${type}; charset=utf-8` : type,
    'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
    // Whatever it is taken for, nothing in it runs.
    'content-security-policy':
      "sandbox; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'",
  };
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
