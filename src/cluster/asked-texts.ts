import type { Answer, TextAnswer, TextRequest } from '../protocol/step.ts';
import { TextRefused, type TextService } from '../runner/text-service.ts';
import type { Up } from './messages.ts';

interface Asked {
  onPiece(text: string): void;
  resolve(answer: TextAnswer): void;
  reject(reason: unknown): void;
}

/** Texts that a worker's steps ask for: the run has them written, as it does for steps of its own machine. */
export class AskedTexts {
  readonly #send: (message: Up) => void;
  readonly #asked = new Map<string, Asked>();
  #number = 0;

  constructor(send: (message: Up) => void) {
    this.#send = send;
  }

  readonly write: TextService = async (
    request: TextRequest,
    onPiece: (text: string) => void,
    signal: AbortSignal,
  ) => {
    this.#number += 1;
    const ask = String(this.#number);
    const { promise, resolve, reject } = Promise.withResolvers<TextAnswer>();
    const withdraw = (): void => {
      this.#send({ type: 'withdraw', ask });
      reject(signal.reason);
    };
    signal.throwIfAborted();
    signal.addEventListener('abort', withdraw, { once: true });
    this.#asked.set(ask, { onPiece, resolve, reject });
    this.#send({ type: 'ask', id: '', ask, text: request });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', withdraw);
      this.#asked.delete(ask);
    }
  };

  /** @param lost the window that was answering has gone */
  answer(answer: Answer, lost: boolean): void {
    const asked = this.#asked.get(answer.ask);
    if (answer.type === 'answer') {
      asked?.onPiece(answer.text);
      return;
    }
    if (answer.type === 'answered') {
      const { type: _, ask: __, ...answered } = answer;
      asked?.resolve(answered);
    } else {
      const { type: _, ask: __, ...refusal } = answer;
      asked?.reject(new TextRefused(refusal, lost));
    }
  }

  /** No answer comes any more. */
  close(): void {
    const gone = new TextRefused({ message: 'The item that asked for the text is over' }, true);
    for (const { reject } of this.#asked.values()) reject(gone);
  }
}
