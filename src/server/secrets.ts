import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const BYTES = 32;
/** A link to the page opens it once, and within so many ms. */
const LINK_MS = 10 * 60_000;
/** So many are kept at most: the oldest goes. */
const KEPT = 100;

/** A new secret that nobody guesses, of characters that need no escape anywhere. */
export function newSecret(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** Compares in a time that says nothing about where the two differ, or how long the right one is. */
export function isSame(given: string, right: string): boolean {
  return timingSafeEqual(digest(given), digest(right));
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Secrets that the server gave out, as digests, each with what it is for. The oldest go when there are many. */
export class GivenSecrets<T> {
  readonly #given = new Map<string, { readonly value: T; readonly until: number }>();
  readonly #lasts: number;

  /** @param lasts ms that a secret is good for */
  constructor(lasts = Number.POSITIVE_INFINITY) {
    this.#lasts = lasts;
  }

  give(value: T): string {
    const secret = newSecret();
    this.#given.set(keyOf(secret), { value, until: Date.now() + this.#lasts });
    for (const key of this.#given.keys()) {
      if (this.#given.size <= KEPT) break;
      this.#given.delete(key);
    }
    return secret;
  }

  /** What a secret is for; `undefined` when it is none of ours, or too old. */
  find(secret: string): T | undefined {
    const found = this.#given.get(keyOf(secret));
    return found !== undefined && found.until > Date.now() ? found.value : undefined;
  }

  /** As `find`; the secret is worth nothing after it. */
  take(secret: string): T | undefined {
    const value = this.find(secret);
    this.#given.delete(keyOf(secret));
    return value;
  }
}

/** Links that open the page, once each. */
export function newLinks(): GivenSecrets<true> {
  return new GivenSecrets(LINK_MS);
}

/** Looked up by its digest, a secret is compared with no other one character by character. */
function keyOf(secret: string): string {
  return digest(secret).toString('base64');
}
