import type { TextAnswer, TextRequest } from '../protocol/step.ts';
import { TextRefused, type TextService } from './text-service.ts';

/** A window of the workspace is attached so many ms after a run began. */
const ARRIVAL_MS = 2000;
/** A window that is being reloaded is back after so many ms, also on a busy machine. */
const RETURN_MS = 30_000;

/** The windows that are attached to a run and serve it. */
export class Windows {
  readonly #say: (note: string) => void;
  readonly #services = new Set<TextService>();
  readonly #waiting = new Set<() => void>();
  /** Until when it is worth waiting for a window; in ms, as `performance.now` gives them. */
  #until = performance.now() + ARRIVAL_MS;
  #said = false;

  /** @param say tells the run, once, that there is no window */
  constructor(say: (note: string) => void) {
    this.#say = say;
  }

  /** Takes a window; the answer lets go of it. Idempotent. */
  add(service: TextService): () => void {
    this.#services.add(service);
    for (const wake of this.#waiting) wake();
    return () => this.#remove(service);
  }

  /**
   * Has a text written by the window that came first, and by the next one when that goes before it has
   * begun. Rejects as a TextService does.
   */
  async text(
    request: TextRequest,
    onPiece: (text: string) => void,
    signal: AbortSignal,
  ): Promise<TextAnswer> {
    for (;;) {
      const service = await this.#service(signal);
      signal.throwIfAborted();
      if (service === undefined) throw this.#noWindow();
      let begun = false;
      try {
        return await service(
          request,
          (piece) => {
            begun = true;
            onPiece(piece);
          },
          signal,
        );
      } catch (error) {
        if (!(error instanceof TextRefused && error.lost)) throw error;
        this.#remove(service);
        if (begun) throw error;
      }
    }
  }

  #remove(service: TextService): void {
    if (!this.#services.delete(service) || this.#services.size > 0) return;
    this.#until = performance.now() + RETURN_MS;
  }

  async #service(signal: AbortSignal): Promise<TextService | undefined> {
    const left = this.#until - performance.now();
    if (this.#services.size === 0 && left > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = (): void => resolve();
      const timer = setTimeout(wake, left);
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      await promise;
      signal.removeEventListener('abort', wake);
      clearTimeout(timer);
      this.#waiting.delete(wake);
    }
    const [first] = this.#services;
    return first;
  }

  #noWindow(): TextRefused {
    if (!this.#said) {
      this.#said = true;
      this.#say(
        'No window is attached: what the language models of VS Code are to write is left to the `fallback` of the step, and fails without one.',
      );
    }
    return new TextRefused({
      message: 'No window of VS Code is attached',
      hint: 'Open the workspace in VS Code and retry, or give the step a `fallback`.',
    });
  }
}
