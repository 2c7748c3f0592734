import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { EngineError } from '../error.ts';

/**
 * What an endpoint of the OpenAI API answered, as an `EngineError` that says what to do. Other
 * errors come back as they are.
 */
export function endpointError(error: unknown, baseUrl: string): unknown {
  if (error instanceof APIConnectionTimeoutError) {
    const hint = 'Set a longer `timeout`, or look whether it is overloaded.';
    return new EngineError(`${baseUrl} did not answer in time`, { hint, cause: error });
  }
  if (error instanceof APIConnectionError) {
    const hint = 'Is it running, and is `baseUrl` right?';
    return new EngineError(`cannot reach ${baseUrl}: ${reason(error)}`, { hint, cause: error });
  }
  if (!(error instanceof APIError)) return error;
  const { status } = error;
  const message = `${baseUrl} answered ${status ?? 'an error'}: ${error.message}`;
  const retry = status === undefined || status === 408 || status === 429 || status >= 500;
  return new EngineError(message, {
    retry,
    hint: hintFor(status),
    retryAfter: retryAfterOf(error.headers),
    cause: error,
  });
}

function hintFor(status: number | undefined): string | undefined {
  if (status === 401 || status === 403) return 'Check the key in OPENAI_API_KEY.';
  if (status === 404) return 'Check `baseUrl` (it ends with /v1 as a rule) and `model`.';
  if (status === 429) return 'The endpoint limits the rate, or the account has no credit left.';
  return undefined;
}

/** Seconds out of Retry-After, which holds seconds or a date (RFC 9110, section 10.2.3). */
function retryAfterOf(headers: Headers | undefined): number | undefined {
  const milliseconds = headers?.get('retry-after-ms');
  if (milliseconds && Number.isFinite(Number(milliseconds))) return Number(milliseconds) / 1000;
  const value = headers?.get('retry-after');
  if (!value) return undefined;
  if (Number.isFinite(Number(value))) return Math.max(0, Number(value));
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

function reason(error: Error): string {
  let deepest: Error = error;
  while (deepest.cause instanceof Error) deepest = deepest.cause;
  return deepest.message || error.message;
}
