import type { RunEvent } from '../protocol/events.ts';
import type { RunState } from '../protocol/state.ts';
import { messageText, type StreamFormat } from './frames.ts';
import type { Outlet } from './outlet.ts';
import { isOver, type RunStream } from './run-stream.ts';

/** Every message says by its `type` what it is. */
export type Message = Readonly<Record<string, unknown>> & { readonly type: string };

/** Turns the events of a run into messages, in a client's own terms. */
export interface Teller {
  /** The first message. */
  begin(state: RunState): Message;
  /** Messages for an event; `state` holds it already. */
  tell(event: RunEvent, state: RunState): readonly Message[];
  /** The last message: the run is over. */
  end(state: RunState): Message;
}

/**
 * Tells one client of a run, from its beginning to its end. Of a client that is too slow messages are left out; a
 * message `skipped` says so.
 */
export function tellRun(stream: RunStream, outlet: Outlet, teller: Teller): void {
  const { run } = stream;
  let last = 0;
  let skipped = false;
  const say = (messages: readonly Message[], id?: number): void => {
    if (messages.length === 0) return;
    const text = messages.map((message) => messageText(outlet.format, message, id)).join('');
    if (!outlet.write(Buffer.from(text))) skipped = true;
  };
  const end = (): void => {
    if (outlet.closed) return;
    stop();
    // What waits for the client comes before the end.
    if (outlet.behind) return;
    say([teller.end(stream.run.state)]);
    outlet.end();
  };
  outlet.onRoom(() => {
    if (skipped) say([{ type: 'skipped', run: run.id, after: last }]);
    skipped = false;
    if (isOver(stream.run)) end();
  });
  say([teller.begin(run.state)]);
  let stop = (): void => {};
  stop = stream.follow((events, state) => {
    for (const event of events) {
      say(teller.tell(event, state), event.seq);
      if (!outlet.behind) last = event.seq;
    }
    if (isOver(stream.run)) end();
  });
  outlet.onClose(() => stop());
  if (isOver(stream.run)) end();
}

/** The form of a stream that a client asks for by its `Accept`: server-sent events unless it says otherwise. */
export function formatFor(accept: string | undefined): StreamFormat {
  const asksFor = (type: string): boolean => accept?.includes(type) === true;
  if (asksFor('text/event-stream')) return 'sse';
  return asksFor('ndjson') || asksFor('jsonl') ? 'ndjson' : 'sse';
}
