import { EngineError } from '../error.ts';

/** Where texts are asked for, and with which key. */
export interface Endpoint {
  /** Undefined for OpenAI itself. */
  readonly baseUrl: string | undefined;
  readonly key: string | undefined;
}

/**
 * The endpoint that the options and the environment name. Keys come from the environment alone:
 * SLUICE_OPENAI_KEY goes to whatever endpoint is set; OPENAI_API_KEY only to OpenAI itself and to
 * OPENAI_BASE_URL, so that a batch file with an address of its own cannot send it elsewhere.
 */
export function findEndpoint(baseUrl: string | undefined, env: NodeJS.ProcessEnv): Endpoint {
  const fromEnv = env['OPENAI_BASE_URL'] || undefined;
  const own = baseUrl === undefined || (fromEnv !== undefined && same(baseUrl, fromEnv));
  const key = env['SLUICE_OPENAI_KEY'] || (own ? env['OPENAI_API_KEY'] : undefined);
  return { baseUrl: baseUrl ?? fromEnv, key: key || undefined };
}

/** Whether anything says that an endpoint is to be used. */
export function isConfigured(endpoint: Endpoint): boolean {
  return endpoint.baseUrl !== undefined || endpoint.key !== undefined;
}

/** Host of an endpoint for messages: never the credentials that an address may hold. */
export function hostOf(endpoint: Endpoint): string {
  if (endpoint.baseUrl === undefined) return 'OpenAI';
  if (URL.canParse(endpoint.baseUrl)) return new URL(endpoint.baseUrl).host;
  throw new EngineError('The baseUrl of the endpoint is not an address', {
    hint: 'It looks like http://localhost:11434/v1',
    retry: false,
  });
}

/** A text of a server with keys taken out, shortened for a message. */
export function withoutKeys(text: string, endpoint: Endpoint): string {
  const { key } = endpoint;
  const clean = key ? text.replaceAll(key, '[key]') : text;
  return clean
    .replace(/\bsk-[\w*.-]+/g, '[key]')
    .replace(/\s+/g, ' ')
    .slice(0, 300);
}

function same(one: string, other: string): boolean {
  const plain = (url: string) => (URL.canParse(url) ? new URL(url).href.replace(/\/+$/, '') : url);
  return plain(one) === plain(other);
}
