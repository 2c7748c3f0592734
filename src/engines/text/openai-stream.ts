import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { Stream } from 'openai/streaming';

/** The end of an endpoint's answer. */
export interface Ending {
  /** `stop`, `length`, ...; undefined when the stream ended without one. */
  readonly reason: string | undefined;
}

/**
 * The pieces of a streamed chat completion. `alive` is called whenever bytes come. A stream that
 * ends with neither a finish reason nor `[DONE]` was cut: its ending has no reason.
 */
export async function* readStream(
  response: Response,
  controller: AbortController,
  alive: () => void,
): AsyncGenerator<string, Ending> {
  let last = '';
  const decoder = new TextDecoder();
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, out) {
      alive();
      last = (last + decoder.decode(bytes, { stream: true })).slice(-32);
      out.enqueue(bytes);
    },
  });
  const { status, headers, body } = response;
  const watched = new Response(body?.pipeThrough(watch) ?? null, { status, headers });
  let reason: string | undefined;
  for await (const chunk of Stream.fromSSEResponse<ChatCompletionChunk>(watched, controller)) {
    const choice = chunk.choices?.[0];
    if (choice?.delta?.content) yield choice.delta.content;
    reason = choice?.finish_reason ?? reason;
  }
  return { reason: reason ?? (last.includes('[DONE]') ? 'stop' : undefined) };
}

/** The text of a chat completion that came as a whole, and why it ended. */
export function readWhole(body: unknown): { text: string; reason: string | undefined } {
  const choices = field(body, 'choices');
  const choice = Array.isArray(choices) ? choices[0] : undefined;
  const text = field(field(choice, 'message'), 'content');
  const reason = field(choice, 'finish_reason');
  return {
    text: typeof text === 'string' ? text : '',
    reason: typeof reason === 'string' ? reason : undefined,
  };
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<string, unknown>)[name];
}
