import type { Result } from '../protocol/events.ts';
import type { ContentId, FromPanel, ResultContent } from '../protocol/panel.ts';

/** Asks the host for the bytes of results and of parts of sounds: the panel itself reaches no file. */
export class Contents {
  readonly #post: (message: FromPanel) => void;
  readonly #waiting = new Map<string, ((content: ResultContent) => void)[]>();

  constructor(post: (message: FromPanel) => void) {
    this.#post = post;
  }

  /** Resolves with the host's answer, which may be why there are none. */
  load(id: ContentId): Promise<ResultContent> {
    return new Promise((resolve) => {
      const key = keyOf(id);
      const waiting = this.#waiting.get(key);
      // Two that ask for the same at the same time get one answer.
      if (waiting !== undefined) {
        waiting.push(resolve);
        return;
      }
      this.#waiting.set(key, [resolve]);
      const { run, item } = id;
      if ('input' in id) this.#post({ type: 'loadInput', run, item });
      else if ('chunk' in id) this.#post({ type: 'loadSound', run, item, chunk: id.chunk });
      else this.#post({ type: 'loadResult', run, item, result: id.result });
    });
  }

  receive(id: ContentId, content: ResultContent): void {
    const key = keyOf(id);
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    for (const resolve of waiting) resolve(content);
  }
}

export function keyOf(id: ContentId): string {
  const { run, item } = id;
  if ('input' in id) return `${item}/input/${run}`;
  return 'chunk' in id ? `${item}/chunk ${id.chunk}/${run}` : `${item}/${id.result}/${run}`;
}

/** Tells a result from one that was made anew in its place. */
export function versionOf({ path, bytes }: Result): string {
  return `${bytes} ${path}`;
}

/** Bytes as a buffer of their own. */
export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): ArrayBuffer {
  if (byteLength === buffer.byteLength) return buffer;
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
