import type { RunEvent } from '../../protocol/events.ts';
import { messageText } from '../frames.ts';
import type { Outlet } from '../outlet.ts';
import { isOver, type RunStream } from '../run-stream.ts';
import { type Frame, RecordingSteps } from './recording-steps.ts';

/** Older clients are told so often, in ms. */
const POLL_MS = 2000;
/** The number of the last message: a browser that comes back with it has all. */
export const LAST_ID = '1';

export interface TellOptions {
  readonly workspace: string;
  /** Without partial results, and every 2 seconds. */
  readonly polled: boolean;
}

/**
 * Tells one client of a recording, from its beginning to its end. A client that is too slow gets the results and
 * the last of each growing text, not every one.
 */
export function tellRecording(
  stream: RunStream,
  outlet: Outlet,
  { workspace, polled }: TellOptions,
): void {
  const steps = new RecordingSteps(workspace, stream.run.state);
  /** Frames that wait for their time, or for room: the last one of each step. */
  const waiting = new Map<string, Frame>();
  let ended = false;
  const flush = (): void => {
    for (const [step, frame] of waiting) {
      if (!outlet.write(Buffer.from(textOf(frame, outlet, polled)))) return;
      waiting.delete(step);
    }
    if (ended) outlet.end();
  };
  let working = Promise.resolve();
  const take = (events: readonly RunEvent[]): void => {
    const { state } = stream.run;
    const over = isOver(stream.run);
    working = working.then(async () => {
      if (outlet.closed || ended) return;
      let broke = false;
      const frames = await steps.take(events, state, over).catch((error: unknown) => {
        broke = true;
        return [broken(state.run.id, error)];
      });
      for (const frame of frames) {
        waiting.set(frame.step, frame);
        if (!polled) flush();
      }
      ended = over || broke;
      if (ended) flush();
    });
  };
  outlet.onRoom(flush);
  const timer = polled ? setInterval(flush, POLL_MS) : undefined;
  const stop = stream.follow(take);
  outlet.onClose(() => {
    clearInterval(timer);
    stop();
  });
}

function textOf(frame: Frame, { format }: Outlet, polled: boolean): string {
  const last = frame.step === 'completed' || frame.step === 'failed';
  if (last) return messageText(format, frame, Number(LAST_ID));
  const { partial_result: _, ...plain } = frame;
  return messageText(format, polled ? plain : frame);
}

/** A result that was taken away, or changed, before it was told. */
function broken(run: string, error: unknown): Frame {
  const message = error instanceof Error ? error.message : String(error);
  return { task_id: run, step: 'failed', progress: 100, message };
}
