import { EngineError } from '../error.ts';

/** Where texts or sounds are asked for with the OpenAI API, and with which key. */
export interface Endpoint {
  /** Undefined for OpenAI itself. */
  readonly baseUrl: string | undefined;
  readonly key: string | undefined;
}

/** Address of the OpenAI API itself. */
export const OPENAI_URL = 'https://api.openai.com/v1';

const OPENAI_ORIGIN = new URL(OPENAI_URL).origin;

/**
 * The endpoint that the options and the environment name. Keys come from the environment alone, and go
 * where they belong, so that a batch file with an address of its own cannot send one elsewhere: one of
 * SLUICE_KEYS to its own origin, OPENAI_API_KEY to OpenAI itself and to OPENAI_BASE_URL. SLUICE_OPENAI_KEY goes
 * to whatever endpoint is set.
 */
export function findEndpoint(baseUrl: string | undefined, env: NodeJS.ProcessEnv): Endpoint {
  const fromEnv = env['OPENAI_BASE_URL'] || undefined;
  const address = baseUrl ?? fromEnv;
  const origin = originOf(address ?? OPENAI_URL);
  const own =
    baseUrl === undefined ||
    origin === OPENAI_ORIGIN ||
    (fromEnv !== undefined && same(baseUrl, fromEnv));
  const key =
    (origin !== undefined && keysOf(env)[origin]) ||
    env['SLUICE_OPENAI_KEY'] ||
    (own ? env['OPENAI_API_KEY'] : undefined);
  return { baseUrl: address, key: key || undefined };
}

/** Whether anything says that an endpoint is to be used. */
export function isConfigured(endpoint: Endpoint): boolean {
  return endpoint.baseUrl !== undefined || endpoint.key !== undefined;
}

/** Scheme, host and port of an address: what a key belongs to. Undefined when it is none of a server. */
export function originOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { origin } = new URL(address);
  return origin === 'null' ? undefined : origin;
}

/** Host of an endpoint for messages: never the credentials that an address may hold. */
export function hostOf(endpoint: Endpoint): string {
  if (endpoint.baseUrl === undefined) return 'OpenAI';
  if (originOf(endpoint.baseUrl) === OPENAI_ORIGIN) return 'OpenAI';
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

/** SLUICE_KEYS: a JSON object of origins and their keys. */
function keysOf(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const text = env['SLUICE_KEYS'];
  if (!text) return {};
  try {
    return Object.fromEntries(
      Object.entries(JSON.parse(text) as object).filter(([, key]) => typeof key === 'string'),
    );
  } catch {
    // The reason would hold a part of the keys.
    throw new EngineError('SLUICE_KEYS is no JSON object', {
      hint: 'It looks like {"https://host.example": "KEY"}',
      retry: false,
    });
  }
}

function same(one: string, other: string): boolean {
  const plain = (url: string) => (URL.canParse(url) ? new URL(url).href.replace(/\/+$/, '') : url);
  return plain(one) === plain(other);
}
