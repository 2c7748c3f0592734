import type { RunEvent } from '../protocol/events.ts';
import type { RunState } from '../protocol/state.ts';
import { forPanel } from './panel-state.ts';

/** How a stream of messages is written: server-sent events, or a JSON object a line. */
export type StreamFormat = 'sse' | 'ndjson';

export const STREAM_TYPES: Readonly<Record<StreamFormat, string>> = {
  sse: 'text/event-stream; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/** After so many ms a browser comes back to a stream that broke. */
const RETRY_MS = 2000;

/** The beginning of every stream of server-sent events: comes at once, so that proxies pass on the head. */
export const SSE_OPENING: Uint8Array = Buffer.from(`retry: ${RETRY_MS}\n\n`);

/** Says nothing, and keeps a stream from looking dead. In NDJSON an empty line, which readers leave out. */
export const KEEP_ALIVE: Readonly<Record<StreamFormat, Uint8Array>> = {
  sse: Buffer.from(':\n\n'),
  ndjson: Buffer.from('\n'),
};

/** One message. JSON has no line end in it, so that it is one `data` field. */
export function messageText(format: StreamFormat, value: unknown, id?: number): string {
  const json = JSON.stringify(value);
  if (format === 'ndjson') return `${json}\n`;
  return id === undefined ? `data: ${json}\n\n` : `id: ${id}\ndata: ${json}\n\n`;
}

/** Events of a run, each a message with its number as `id`. */
export function eventBytes(events: readonly RunEvent[]): Buffer {
  let text = '';
  for (const event of events) text += `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`;
  return Buffer.from(text);
}

/** The state of a run in place of the events up to it; without the text of items that are not running. */
export function snapshotBytes(state: RunState): Buffer {
  const json = JSON.stringify(forPanel(state));
  return Buffer.from(`id: ${state.seq}\nevent: snapshot\ndata: ${json}\n\n`);
}
