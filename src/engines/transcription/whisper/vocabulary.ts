import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { EngineError } from '../../error.ts';

const tokenizerFile = z.object({
  added_tokens: z.array(z.object({ id: z.int(), content: z.string() })),
  model: z.object({ vocab: z.record(z.string(), z.int()) }),
});

/** The tokens of Whisper: pieces of UTF-8, languages, tasks, and times that are not used here. */
export class Vocabulary {
  /** Bytes of each token that is text. */
  readonly #bytes = new Map<number, Uint8Array>();
  readonly #special = new Map<string, number>();
  /** By their codes. */
  readonly languages = new Map<string, number>();

  constructor(content: unknown) {
    const { added_tokens: added, model } = tokenizerFile.parse(content);
    for (const { id, content: name } of added) {
      this.#special.set(name, id);
      const code = /^<\|([a-z]{2,3})\|>$/.exec(name)?.[1];
      if (code !== undefined) this.languages.set(code, id);
    }
    const toByte = bytesOfCharacters();
    for (const [token, id] of Object.entries(model.vocab)) {
      if (this.isSpecial(id)) continue;
      this.#bytes.set(
        id,
        Uint8Array.from([...token], (character) => toByte.get(character) ?? 63),
      );
    }
  }

  /** Reads a `tokenizer.json`. Throws an `EngineError`. */
  static async read(path: string): Promise<Vocabulary> {
    try {
      return new Vocabulary(JSON.parse(await readFile(path, 'utf8')));
    } catch (cause) {
      throw new EngineError("Whisper's tokenizer.json cannot be read", {
        hint: 'Remove the model, and it is fetched again.',
        retry: false,
        cause,
      });
    }
  }

  /** The number of `<|startoftranscript|>` and the like. */
  special(name: string): number {
    const id = this.#special.get(name);
    if (id === undefined) throw new EngineError(`Whisper has no token ${name}`, { retry: false });
    return id;
  }

  isSpecial(id: number): boolean {
    return id >= this.special('<|endoftext|>');
  }

  bytes(id: number): Uint8Array {
    return this.#bytes.get(id) ?? new Uint8Array();
  }
}

/**
 * The bytes that stand for themselves in GPT-2's vocabulary are printable; the others have characters from 256 on,
 * in order (openai/gpt-2, encoder.py).
 */
function bytesOfCharacters(): ReadonlyMap<string, number> {
  const own = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  const found = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte += 1) {
    found.set(String.fromCodePoint(own(byte) ? byte : next++), byte);
  }
  return found;
}
