import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StepFailure } from '../runner/failure.ts';

/** A file that comes in chunks. It is in its place once it is whole, as its checksum says. */
export class IncomingFile {
  readonly #path: string;
  readonly #part: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');

  private constructor(path: string, part: string, handle: FileHandle) {
    this.#path = path;
    this.#part = part;
    this.#handle = handle;
  }

  /** @param path absolute; its folder is made */
  static async begin(path: string): Promise<IncomingFile> {
    await mkdir(dirname(path), { recursive: true });
    // A name of its own: a longer one than the file's might be too long.
    const part = join(dirname(path), `.${randomBytes(8).toString('hex')}`);
    return new IncomingFile(path, part, await open(part, 'wx', 0o600));
  }

  async add(chunk: Buffer): Promise<void> {
    this.#hash.update(chunk);
    await this.#handle.writeFile(chunk);
  }

  /** Puts it in its place. Rejects with StepFailure when it is not what was sent. */
  async finish(sha256: string, mode: number): Promise<void> {
    await this.#handle.chmod(mode & 0o755);
    await this.#handle.close();
    if (this.#hash.digest('hex') === sha256) {
      await rename(this.#part, this.#path);
      return;
    }
    await rm(this.#part, { force: true });
    throw new StepFailure({ message: 'A file came damaged: its checksum is wrong.' });
  }

  /** Nothing more comes. Idempotent. */
  async drop(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.#part, { force: true });
  }
}
