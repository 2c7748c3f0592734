/** What the model store throws: the message says what happened, the hint what to do. */
export class ModelError extends Error {
  override readonly name: string = 'ModelError';
  readonly hint: string | undefined;
  /** False when another attempt cannot help. */
  readonly retry: boolean | undefined;

  constructor(message: string, options: { hint?: string; retry?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
    this.retry = options.retry;
  }
}

/** What came is not what it should be; from its beginning it may be. */
export class DamagedError extends ModelError {
  override readonly name = 'DamagedError';
}

/** A person has to accept a model's notice first. */
export class NotAcceptedError extends ModelError {
  override readonly name = 'NotAcceptedError';
}

/** An id that the catalogue does not have. */
export class UnknownModelError extends ModelError {
  override readonly name = 'UnknownModelError';
}

/** The `code` of a system error (`ENOENT`, `ECONNREFUSED`...), where it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Turns the disk's errors (full, not writable) into words; gives others back as they are. */
export function aboutDisk(error: unknown, folder: string, needed?: number): unknown {
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new ModelError(`The folder ${folder} cannot be written (${code})`, {
      hint: 'Set SLUICE_MODELS to a folder that is yours.',
      retry: false,
      cause: error,
    });
  }
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  const amount = needed === undefined ? '' : ` ${megabytes(needed)} are needed.`;
  return new ModelError(`The disk of ${folder} is full.${amount}`, {
    hint: 'Free some space, or set SLUICE_MODELS to a folder on another disk. What was fetched so far is kept.',
    retry: false,
    cause: error,
  });
}

/** `322.6 MB`: a number of bytes for people, in decimal units. */
export function megabytes(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
