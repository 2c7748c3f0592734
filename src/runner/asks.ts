import type { Answer, FromStep } from '../protocol/step.ts';
import { TextRefused, type TextService } from './text-service.ts';

type Ask = Extract<FromStep, { type: 'ask' }>;

/** What a step has asked for and not got yet. */
export class Asks {
  readonly #text: TextService;
  readonly #send: (answer: Answer) => void;
  readonly #open = new Map<string, AbortController>();

  constructor(text: TextService, send: (answer: Answer) => void) {
    this.#text = text;
    this.#send = send;
  }

  /** Answers a question; `onLost` is called when the window that was answering has gone. */
  async answer({ ask, text }: Ask, item: AbortSignal, onLost: () => void): Promise<void> {
    const controller = new AbortController();
    // A step that asks twice by one name wants the second answer.
    this.withdraw(ask);
    this.#open.set(ask, controller);
    const signal = AbortSignal.any([item, controller.signal]);
    const say = (answer: Answer): void => {
      if (!controller.signal.aborted) this.#send(answer);
    };
    try {
      const answered = await this.#text(
        text,
        (piece) => say({ type: 'answer', ask, text: piece }),
        signal,
      );
      say({ type: 'answered', ask, ...answered });
    } catch (error) {
      const refused = error instanceof TextRefused;
      if (refused && error.lost) onLost();
      const message = error instanceof Error ? error.message : String(error);
      say({ type: 'refused', ask, ...(refused ? error.refusal : { message }) });
    } finally {
      if (this.#open.get(ask) === controller) this.#open.delete(ask);
    }
  }

  /** Gives up on a question. */
  withdraw(ask: string): void {
    this.#open.get(ask)?.abort();
    this.#open.delete(ask);
  }

  /** Gives up on all of them: the step is gone. */
  close(): void {
    for (const ask of [...this.#open.keys()]) this.withdraw(ask);
  }
}
