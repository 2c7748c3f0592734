import type { FromPanel, ResultContent, ResultId } from '../protocol/panel.ts';

/** Asks the host for the bytes of results: the panel itself reaches no file. */
export class Contents {
  readonly #post: (message: FromPanel) => void;
  readonly #waiting = new Map<string, ((content: ResultContent) => void)[]>();

  constructor(post: (message: FromPanel) => void) {
    this.#post = post;
  }

  /** Resolves with the host's answer, which may be why there are none. */
  load({ run, item, result }: ResultId): Promise<ResultContent> {
    return new Promise((resolve) => {
      const key = keyOf({ run, item, result });
      const waiting = this.#waiting.get(key);
      // Two that ask for one result at the same time get one answer.
      if (waiting !== undefined) {
        waiting.push(resolve);
        return;
      }
      this.#waiting.set(key, [resolve]);
      this.#post({ type: 'loadResult', run, item, result });
    });
  }

  receive(id: ResultId, content: ResultContent): void {
    const key = keyOf(id);
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    for (const resolve of waiting) resolve(content);
  }
}

export function keyOf({ run, item, result }: ResultId): string {
  return `${item}/${result}/${run}`;
}

export function sameResult(a: ResultId | undefined, b: ResultId | undefined): boolean {
  return a !== undefined && b !== undefined && keyOf(a) === keyOf(b);
}
