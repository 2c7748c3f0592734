import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { StepFailure } from '../runner/failure.ts';
import { QueueError } from './error.ts';
import { IncomingFile } from './incoming-file.ts';
import { type Asker, elementOf, Refused, type Request, S3, textOf } from './s3.ts';
import { isName, type StorageAddress, takeStorage } from './storage-address.ts';

/** A larger file is sent in parts of so many bytes. S3 takes 5 MB to 5 GB a part, 10,000 parts at most. */
const PART_BYTES = 16 << 20;
const PARTS = 10_000;
/** How long the storage may take to answer whether it is there, in ms; or to clean up. */
const LOOK_MS = 10_000;

/** A file in storage. */
export interface Stored {
  /** s3://BUCKET/KEY */
  readonly address: string;
  readonly endpoint: string;
  readonly size: number;
  readonly sha256: string;
  /** What the file's owner and others may do with it. */
  readonly mode: number;
}

/** Storage that speaks S3: workers leave results there, and runs that know it get them from there. */
export class Storage {
  readonly #address: StorageAddress;
  readonly #s3: S3;
  readonly #partBytes: number;

  constructor(
    address: StorageAddress,
    { partBytes = PART_BYTES, patience }: { partBytes?: number; patience?: number } = {},
  ) {
    this.#address = address;
    this.#s3 = new S3(address, patience);
    this.#partBytes = partBytes;
  }

  /** Reads an address as `takeStorage` does, and looks whether the storage is there. Rejects with QueueError. */
  static async open(url: string, env: NodeJS.ProcessEnv): Promise<Storage> {
    const storage = new Storage(takeStorage(url, env));
    await storage.look();
    return storage;
  }

  /** Looks whether the storage is there and knows the key, and says what it is. Rejects with QueueError. */
  async look(): Promise<string> {
    const request = { method: 'GET', query: 'list-type=2&max-keys=0' } as const;
    const { shown } = this.#s3;
    try {
      await this.#s3.once('', request, AbortSignal.timeout(LOOK_MS), textOf);
      return shown;
    } catch (error) {
      if (!(error instanceof Refused)) throw new QueueError((error as Error).message);
      // A key that may write and not list is a good one.
      if (error.code === 'AccessDenied') return `${shown}, which this key may not list`;
      throw new QueueError(error.message, error.failure.hint);
    }
  }

  /**
   * Puts a file there; its bytes are read twice and never all in memory. Rejects as S3's `ask` does.
   *
   * @param names of its key, after the prefix; a key is written once
   */
  async put(path: string, names: readonly string[], asker: Asker): Promise<Stored> {
    if (!names.every(isName)) throw new Error(`No file there can be called ${names.join('/')}.`);
    const { bucket, prefix, endpoint } = this.#address;
    const key = prefix + names.join('/');
    const { mode } = await stat(path);
    const file = await openAsBlob(path);
    const whole = createHash('sha256');
    if (file.size <= this.#partBytes) {
      const sha256 = await hashed(file, whole);
      await this.#s3.ask(key, { method: 'PUT', body: file, sha256 }, asker, textOf);
    } else {
      await this.#putParts(key, file, whole, asker);
    }
    const sha256 = whole.digest('hex');
    const address = `s3://${bucket}/${key}`;
    return { address, endpoint, size: file.size, sha256, mode: mode & 0o777 };
  }

  /** Whether a file lies where this storage has its own. */
  has({ address }: Pick<Stored, 'address'>): boolean {
    return this.#keyOf(address) !== undefined;
  }

  /** Gets a file to a path, where it is once it is whole. Rejects as S3's `ask` does, or when its checksum is wrong. */
  async get({ address, sha256, mode }: Stored, path: string, asker: Asker): Promise<void> {
    const key = this.#keyOf(address);
    if (key === undefined) throw new Error(`${address} is not in this storage.`);
    await this.#s3.ask(key, { method: 'GET' }, asker, async ({ body }) => {
      const file = await IncomingFile.begin(path);
      try {
        for await (const chunk of body ?? []) await file.add(Buffer.from(chunk));
        await file.finish(sha256, mode);
      } catch (error) {
        await file.drop();
        throw error;
      }
    });
  }

  #keyOf(address: string): string | undefined {
    const { bucket, prefix } = this.#address;
    const root = `s3://${bucket}/`;
    if (!address.startsWith(root + prefix)) return undefined;
    const key = address.slice(root.length);
    return key.split('/').every(isName) ? key : undefined;
  }

  async #putParts(key: string, file: Blob, whole: Hash, asker: Asker): Promise<void> {
    const size = Math.max(this.#partBytes, Math.ceil(file.size / PARTS));
    const begun = await this.#s3.ask(key, { method: 'POST', query: 'uploads' }, asker, textOf);
    const upload = `uploadId=${encodeURIComponent(elementOf(begun, 'UploadId') ?? '')}`;
    try {
      const parts: string[] = [];
      for (let from = 0; from < file.size; from += size) {
        const number = parts.length + 1;
        const body = file.slice(from, from + size);
        const sha256 = await hashed(body, whole);
        const request: Request = {
          method: 'PUT',
          query: `partNumber=${number}&${upload}`,
          body,
          sha256,
        };
        const etag = await this.#s3.ask(key, request, asker, async (answer) => {
          await textOf(answer);
          return answer.headers.get('etag') ?? '';
        });
        parts.push(`<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`);
      }
      const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
      const end = await this.#s3.ask(key, { method: 'POST', query: upload, body }, asker, textOf);
      // It answers before it knows how it ends.
      const code = elementOf(end, 'Code');
      if (code !== undefined) {
        throw new StepFailure({ message: `The storage ${this.#s3.shown} has failed: ${code}.` });
      }
    } catch (error) {
      // Parts that belong to nothing cost money.
      const request = { method: 'DELETE', query: upload } as const;
      await this.#s3.once(key, request, AbortSignal.timeout(LOOK_MS), textOf).catch(() => {});
      throw error;
    }
  }
}

type Hash = ReturnType<typeof createHash>;

/** The SHA-256 of a part, which also goes into that of the whole. */
async function hashed(part: Blob, whole: Hash): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of part.stream()) {
    hash.update(chunk);
    whole.update(chunk);
  }
  return hash.digest('hex');
}
