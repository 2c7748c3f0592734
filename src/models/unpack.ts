import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { constants, open } from 'node:fs/promises';
import { Parser, type ReadEntry } from 'tar';
import type { ModelPart } from './catalogue.ts';
import { DamagedError, ModelError } from './error.ts';

/** Where a part of a package goes: into the file `to`, from the byte `offset` on. */
export interface Place {
  readonly part: ModelPart;
  readonly to: string;
  readonly offset: number;
}

/**
 * Writes the wanted parts of a tarball to their places and checks the whole tarball against its
 * integrity (`sha512-BASE64`). What it writes must still be checked by its own sha256.
 */
export async function unpack(
  tarball: string,
  spec: string,
  places: readonly Place[],
  integrity: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const missing = new Map(places.map((place) => [`package/${place.part.path}`, place]));
  const writing: Promise<void>[] = [];
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      // The first folder of a package's tarball may have any name.
      const name = entry.path.replace(/^[^/]+\//, 'package/');
      const place = missing.get(name);
      if (!place) return void entry.resume();
      missing.delete(name);
      const written = writeEntry(entry, place, spec);
      // A rejection is met below; until then it must not count as unhandled.
      written.catch((error: unknown) => parser.abort(asError(error)));
      writing.push(written);
    },
  });
  const expected = /^(sha512|sha384|sha256|sha1)-(\S+)/.exec(integrity ?? '');
  const hash = createHash(expected?.[1] ?? 'sha512');
  const input = createReadStream(tarball, { highWaterMark: 1 << 20 });
  input.on('data', (chunk) => hash.update(chunk));
  const failed = await read(input, parser, signal).catch((error: unknown) => ({ error }));
  const written = await Promise.allSettled(writing);
  signal.throwIfAborted();
  for (const result of written) if (result.status === 'rejected') throw result.reason;
  if (failed) throw new DamagedError(`The download of ${spec} is damaged`, { cause: failed.error });
  if (expected && hash.digest('base64') !== expected[2]) {
    throw new DamagedError(`The download of ${spec} is not what the registry announced`);
  }
  const [first] = missing.keys();
  if (first) throw new ModelError(`${spec} holds no ${first}`);
}

async function read(input: ReadStream, parser: Parser, signal: AbortSignal): Promise<undefined> {
  const ended = new Promise<void>((resolve, reject) => {
    parser.on('end', resolve);
    parser.on('error', reject);
  });
  // Both may fail; the one that is not awaited first must not count as unhandled.
  ended.catch(() => undefined);
  const stop = () => input.destroy(asError(signal.reason));
  signal.addEventListener('abort', stop);
  try {
    for await (const chunk of input) {
      if (parser.write(chunk)) continue;
      await Promise.race([new Promise<void>((go) => parser.once('drain', go)), ended]);
    }
    parser.end();
  } finally {
    signal.removeEventListener('abort', stop);
    input.destroy();
  }
  await ended;
}

async function writeEntry(entry: ReadEntry, place: Place, spec: string): Promise<void> {
  if (entry.size !== place.part.bytes) {
    entry.resume();
    const is = `has ${entry.size} bytes, not ${place.part.bytes}`;
    throw new ModelError(`${place.part.path} of ${spec} ${is}`);
  }
  const file = await open(place.to, constants.O_CREAT | constants.O_WRONLY);
  try {
    let at = place.offset;
    for await (const chunk of entry) {
      for (let sent = 0; sent < chunk.length; ) {
        const result = await file.write(chunk, sent, chunk.length - sent, at + sent);
        sent += result.bytesWritten;
      }
      at += chunk.length;
    }
  } finally {
    await file.close();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
