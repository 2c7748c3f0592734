import { Worker } from 'node:worker_threads';
import { EngineError } from '../error.ts';
import type { SearchData, SearchNews } from './search-worker.ts';

/** A thread that searches, and what it has said last. */
export class SearchThread {
  readonly #worker: Worker;
  readonly #over = Promise.withResolvers<void>();
  news: SearchNews | undefined;
  /** The best assignment that it has said, and its value. */
  found: { readonly assignment: Int32Array; readonly value: number } | undefined;

  /** @param onNews called after `news` and `found` have changed */
  constructor(program: URL, data: SearchData, onNews: () => void) {
    this.#worker = new Worker(program, { workerData: data });
    this.#worker.on('message', (news: SearchNews) => {
      this.news = news;
      const { assignment, best } = news;
      if (assignment !== undefined) this.found = { assignment, value: best };
      onNews();
      if (news.ended) this.#over.resolve();
    });
    this.#worker.on('error', (cause) => {
      this.#over.reject(new EngineError(`The search broke: ${cause.message}`, { cause }));
    });
    this.#worker.on('exit', () => this.#over.reject(new EngineError('The search broke off')));
    // Whoever does not wait for it any more has no use for how it ended.
    this.#over.promise.catch(() => {});
  }

  /** Resolves with its last message. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
