import { EngineError } from '../engines/error.ts';
import { Queue } from '../engines/text/queue.ts';
import type { Answer, TextAnswer, TextRequest } from '../protocol/step.ts';
import type { Send } from './channel.ts';

/** Asks the host for texts, and takes its answers. */
export class Asking {
  readonly #send: Send;
  readonly #open = new Map<string, { readonly pieces: Queue<string>; answer: TextAnswer }>();
  #asked = 0;
  #closed = false;

  constructor(send: Send) {
    this.#send = send;
  }

  /**
   * A text for an item, piece by piece. Throws an `EngineError` when it does not come, and the reason of
   * the signal. Whoever stops reading withdraws the question.
   */
  async *text(
    item: string,
    request: TextRequest,
    signal: AbortSignal,
  ): AsyncGenerator<string, TextAnswer> {
    signal.throwIfAborted();
    if (this.#closed) throw hostGone();
    this.#asked += 1;
    const ask = String(this.#asked);
    const question = { pieces: new Queue<string>(), answer: {} };
    const stop = (): void => question.pieces.fail(signal.reason);
    this.#open.set(ask, question);
    signal.addEventListener('abort', stop, { once: true });
    this.#send({ type: 'ask', id: item, ask, text: request });
    try {
      yield* question.pieces;
      return question.answer;
    } finally {
      signal.removeEventListener('abort', stop);
      if (this.#open.delete(ask)) this.#send({ type: 'withdraw', ask });
    }
  }

  /** The host is silent from now on. */
  close(): void {
    this.#closed = true;
    for (const { pieces } of this.#open.values()) pieces.fail(hostGone());
    this.#open.clear();
  }

  take(line: Answer): void {
    const question = this.#open.get(line.ask);
    if (question === undefined) return;
    if (line.type === 'answer') {
      question.pieces.push(line.text);
      return;
    }
    this.#open.delete(line.ask);
    if (line.type === 'refused') {
      question.pieces.fail(new EngineError(line.message, line));
    } else {
      question.answer = line.model === undefined ? {} : { model: line.model };
      question.pieces.end();
    }
  }
}

function hostGone(): EngineError {
  return new EngineError('The runner has gone before it had an answer');
}
