import type { Failure } from '../protocol/events.ts';

/** A step that failed, and whether another attempt may help. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly failure: Failure;
  readonly retry: boolean;
  /** Ms to wait before another attempt, as the other side asked. */
  readonly retryAfter: number | undefined;
  /** It was none of the item's doing: it is tried again at once, and the attempt does not count. */
  readonly innocent: boolean;

  constructor(
    failure: Failure,
    options: { retry?: boolean; retryAfter?: number | undefined; innocent?: boolean } = {},
  ) {
    super(failure.message);
    this.failure = failure;
    this.retry = options.retry ?? true;
    this.retryAfter = options.retryAfter;
    this.innocent = options.innocent ?? false;
  }
}

/** The item or the run was cancelled: not a failure. The reason of an AbortSignal. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Whatever was thrown, as something to show. */
export function failureOf(error: unknown): Failure {
  if (error instanceof StepFailure) return error.failure;
  const { code, message, path, syscall } = error as NodeJS.ErrnoException;
  // SQLite has a number of its own for it.
  if (code === 'ENOSPC' || (error as { errcode?: unknown }).errcode === 13) {
    return {
      message: 'The disk is full.',
      hint: 'Make room, then run the batch again: finished items are kept.',
    };
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return { message: `No permission to write ${path ?? 'here'}.` };
  }
  if (code === 'ENOENT' && path !== undefined) {
    return { message: `${path} is not there any more.` };
  }
  if (syscall === 'mkdir' && (code === 'EEXIST' || code === 'ENOTDIR')) {
    return { message: `${path} is a file, so no folder can be made there.` };
  }
  return { message: message ?? String(error) };
}
