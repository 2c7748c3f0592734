import OpenAI from 'openai';
import type { Endpoint } from './endpoint.ts';
import { explainOpenAi } from './error.ts';

/** A client of an endpoint. The runner repeats, and shows that it does. */
export function openAiClient(endpoint: Endpoint, timeout: number): OpenAI {
  return new OpenAI({
    apiKey: endpoint.key ?? 'none',
    ...(endpoint.baseUrl !== undefined && { baseURL: endpoint.baseUrl }),
    // A local endpoint needs no key, but the client does.
    ...(endpoint.key === undefined && { defaultHeaders: { authorization: null } }),
    timeout,
    maxRetries: 0,
    logLevel: 'off',
  });
}

/**
 * The names of an endpoint's models (`GET /models`), which also tells whether it takes the key. Throws an
 * `EngineError`, and the reason of the signal.
 *
 * @param timeout ms
 */
export async function listModels(
  endpoint: Endpoint,
  timeout: number,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    const page = await openAiClient(endpoint, timeout).models.list({ signal });
    return page.data.map((model) => model.id);
  } catch (error) {
    signal.throwIfAborted();
    throw explainOpenAi(error, endpoint, timeout);
  }
}
