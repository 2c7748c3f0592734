import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { QueueError } from './error.ts';

/** Characters that a key has at least. */
const SHORTEST = 32;

/**
 * A secret that runners and workers share. What one signs with it nobody else can have written, whoever may write
 * to Redis.
 */
export class Trust {
  /** Tells one key from another, and tells nothing of it. */
  readonly id: string;
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
    this.id = createHmac('sha256', key).update('sluice key').digest('hex').slice(0, 8);
  }

  /** Reads the key in a file. Rejects with QueueError. */
  static async read(path: string): Promise<Trust> {
    const key = await readFile(path, 'utf8').catch((error: Error) => {
      throw new QueueError(`The key ${path} cannot be read: ${error.message}`);
    });
    if (key.trim().length < SHORTEST) {
      throw new QueueError(
        `The key in ${path} is shorter than ${SHORTEST} characters.`,
        `Make one with: openssl rand -base64 32 > ${path}`,
      );
    }
    return new Trust(key.trim());
  }

  /** Signs parts, in their order. */
  sign(parts: readonly (string | Buffer)[]): Buffer {
    const hmac = createHmac('sha256', this.#key);
    for (const part of parts) {
      // Its length in front: what stands in one part cannot be read as the next one.
      hmac.update(`${Buffer.byteLength(part)}:`).update(part);
    }
    return hmac.digest();
  }

  signed(parts: readonly (string | Buffer)[], signature: Buffer | undefined): boolean {
    const own = this.sign(parts);
    return signature?.length === own.length && timingSafeEqual(signature, own);
  }
}
