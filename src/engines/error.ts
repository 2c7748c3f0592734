/** What an engine or a step throws when it knows more than "it failed". */
export interface EngineErrorOptions {
  /** What the person can do about it. */
  readonly hint?: string | undefined;
  /** False when another attempt cannot help. */
  readonly retry?: boolean | undefined;
  /** Seconds to wait before another attempt, as an endpoint's Retry-After says. */
  readonly retryAfter?: number | undefined;
  /** The HTTP status that an endpoint answered with. */
  readonly status?: number | undefined;
  readonly cause?: unknown;
}

/** An error of an engine or a step; the message says what happened, the hint what to do. */
export class EngineError extends Error {
  override readonly name: string = 'EngineError';
  readonly hint: string | undefined;
  readonly retry: boolean | undefined;
  readonly retryAfter: number | undefined;
  readonly status: number | undefined;

  constructor(message: string, options: EngineErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
    this.retry = options.retry;
    this.retryAfter = options.retryAfter;
    this.status = options.status;
  }
}
