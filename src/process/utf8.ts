import { isAscii } from 'node:buffer';

const NOTHING = new Uint8Array(0);

/** Length that a character has by its first byte; 0 for a byte that begins none. */
function announced(byte: number): number {
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  if (byte >= 0xf0 && byte <= 0xf4) return 4;
  return 0;
}

/** How many bytes at the end may begin a character that goes on in the next chunk: 0 to 3. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    // What begins a character ends the one before it, so that the rest may be decoded alone.
    if (byte >= 0xc0) return announced(byte) > back ? back : 0;
  }
  return 0;
}

function toText(bytes: Uint8Array, isPlain?: boolean): string {
  const { buffer, byteOffset, byteLength } = bytes;
  const view = Buffer.isBuffer(bytes) ? bytes : Buffer.from(buffer, byteOffset, byteLength);
  // Two steps, as plain text is the rule and twice as fast in this way.
  return view.toString((isPlain ?? isAscii(view)) ? 'latin1' : 'utf8');
}

/**
 * Bytes to text, chunk by chunk. Invalid UTF-8 becomes U+FFFD, a character cut between two chunks
 * is whole, and a byte order mark at the beginning is left out. Never throws.
 */
export class Utf8Decoder {
  #held: Uint8Array = NOTHING;
  #begun = false;

  /** `isPlain` spares a look at the chunk: that it is ASCII only, or that it is not. */
  push(chunk: Uint8Array, isPlain?: boolean): string {
    if (isPlain === true && this.#held.length === 0) return this.#begin(toText(chunk, true));
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const cut = bytes.length - unfinished(bytes);
    // A copy, as three bytes of a big chunk would keep all of it.
    this.#held = cut === bytes.length ? NOTHING : bytes.slice(cut);
    return this.#begin(toText(cut === bytes.length ? bytes : bytes.subarray(0, cut)));
  }

  /** What is left: U+FFFD for a character that never ended, else nothing. */
  end(): string {
    const text = toText(this.#held);
    this.#held = NOTHING;
    return this.#begin(text);
  }

  #begin(text: string): string {
    if (this.#begun || text === '') return text;
    this.#begun = true;
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}
