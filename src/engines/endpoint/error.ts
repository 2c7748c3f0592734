import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { EngineError, type EngineErrorOptions } from '../error.ts';
import { type Endpoint, hostOf, withoutKeys } from './endpoint.ts';

/** What an endpoint's failure means and what to do about it. */
export function explainOpenAi(error: unknown, endpoint: Endpoint, timeout: number): EngineError {
  if (error instanceof EngineError) return error;
  const host = hostOf(endpoint);
  if (error instanceof APIConnectionTimeoutError) return silent(host, timeout);
  if (error instanceof APIConnectionError) return unreachable(error, host);
  if (error instanceof APIError && error.status !== undefined) return refused(error, endpoint);
  const message = error instanceof Error ? error.message : String(error);
  return new EngineError(`${host} failed: ${withoutKeys(message, endpoint)}`);
}

/** No answer, or no more of it, for `timeout` milliseconds. */
export function silent(host: string, timeout: number, came?: string): EngineError {
  const after = came === undefined ? '' : `, after ${came}`;
  return new EngineError(`${host} said nothing for ${timeout / 1000} s${after}`, {
    hint: 'Raise `timeout` if the model is slow or is still being loaded.',
  });
}

function unreachable(error: Error, host: string): EngineError {
  const code = causeCode(error);
  if (code === 'ECONNREFUSED') {
    return new EngineError(`${host} refused the connection`, {
      hint: 'Start the server there, or correct baseUrl.',
    });
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return new EngineError(`${host} did not take the connection in time`, {
      hint: 'Check baseUrl, the network and the proxy.',
    });
  }
  // The longest that Node's own fetch waits.
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return silent(host, 300_000);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new EngineError(`${host} was not found`, {
      hint: 'Check baseUrl and the network.',
    });
  }
  return new EngineError(`The connection to ${host} failed${code ? ` (${code})` : ''}`, {
    hint: 'Check the network and the proxy.',
  });
}

function refused(error: APIError, endpoint: Endpoint): EngineError {
  const host = hostOf(endpoint);
  const said = saidBy(error, endpoint);
  const { status } = error;
  const fail = (message: string, options: EngineErrorOptions = {}): EngineError =>
    new EngineError(message, { ...options, status });
  if (status === 401 || status === 403) {
    return fail(`${host} refused the key (HTTP ${status})`, {
      hint: keyHint(endpoint),
      retry: false,
    });
  }
  if (status === 404) {
    return fail(`${host} has no such model or address (HTTP 404)${said}`, {
      hint: 'Check `model`, and that baseUrl ends as the server wants, often with /v1.',
      retry: false,
    });
  }
  if (status === 429 && error.code === 'insufficient_quota') {
    return fail(`The account at ${host} has no credit left (HTTP 429)`, {
      hint: 'Add credit, or use another endpoint.',
      retry: false,
    });
  }
  if (status === 429 || status === 503) {
    const retryAfter = retryAfterOf(error.headers);
    const what = status === 429 ? 'takes no more requests for now' : 'is overloaded';
    return fail(`${host} ${what} (HTTP ${status})${said}`, {
      hint: 'Lower the concurrency of the batch if this goes on.',
      ...(retryAfter !== undefined && { retryAfter }),
    });
  }
  if (typeof status === 'number' && status >= 500) {
    return fail(`${host} failed (HTTP ${status})${said}`);
  }
  return fail(`${host} did not accept the request (HTTP ${status})${said}`, {
    retry: status === 408,
  });
}

function saidBy(error: APIError, endpoint: Endpoint): string {
  const body: unknown = error.error;
  const message =
    typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  const said = typeof message === 'string' ? withoutKeys(message, endpoint) : '';
  return said === '' ? '' : `: ${said}`;
}

function keyHint(endpoint: Endpoint): string {
  if (endpoint.key !== undefined) return 'Check the key, and that it may use this model.';
  return endpoint.baseUrl === undefined
    ? 'Set OPENAI_API_KEY.'
    : 'Keep a key for it with "Sluice: Choose Engine…" in VS Code, or in SLUICE_KEYS. OPENAI_API_KEY goes only to OpenAI and to OPENAI_BASE_URL.';
}

/** Seconds that `Retry-After` asks for: a number, or a date. */
export function retryAfterOf(headers: Headers | undefined, now = Date.now()): number | undefined {
  const value = headers?.get('retry-after');
  if (!value) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

function causeCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return causeCode(at.errors[0]);
  }
  return undefined;
}
