import type { RunEvent } from '../protocol/events.ts';
import { failedLines } from '../protocol/failed.ts';
import type { RunState } from '../protocol/state.ts';
import type { RunHandle } from '../runner/client.ts';
import { liveDisplay } from './display.ts';
import { EXIT, exitCodeOf } from './exit.ts';
import { plainLines } from './plain.ts';

/** One way to show a run. */
export interface Surface {
  show(state: RunState, events: readonly RunEvent[]): void;
  end(state: RunState): void;
}

export interface FollowOptions {
  readonly json: boolean;
  /** What Ctrl-C does: a run that this terminal started is cancelled, one that it watches goes on. */
  readonly interrupt: 'cancel' | 'leave';
}

/** Shows a run until it is over. Resolves with the exit code. */
export async function follow(run: RunHandle, options: FollowOptions): Promise<number> {
  const surface = options.json
    ? jsonLines(process.stdout)
    : process.stdout.isTTY
      ? liveDisplay(process.stdout)
      : plainLines(process.stdout);
  const stop = onInterrupt(run, options.interrupt);
  let left = false;
  void stop.left.then(() => {
    left = true;
  });
  await new Promise<void>((resolve) => {
    const check = (events: readonly RunEvent[]): void => {
      surface.show(run.state, events);
      if (run.state.ended !== undefined && (!run.live || run.state.state !== 'interrupted'))
        resolve();
    };
    run.onChange(check);
    check([]);
    void stop.left.then(resolve);
  });
  stop.dispose();
  surface.end(run.state);
  const failed = options.json || left ? [] : failedLines(run.state);
  if (failed.length > 0) process.stderr.write(`${failed.join('\n')}\n`);
  run.dispose();
  return left ? EXIT.done : exitCodeOf(run.state);
}

function onInterrupt(
  run: RunHandle,
  interrupt: FollowOptions['interrupt'],
): { left: Promise<void>; dispose: () => void } {
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const listener = (): void => {
    if (interrupt === 'leave') leave();
    // The run may be over in this very moment.
    else run.request('cancel', {}).catch(() => {});
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    left,
    dispose: () => {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    },
  };
}

/** The events themselves, one JSON a line. */
function jsonLines(stream: NodeJS.WriteStream): Surface {
  return {
    show(_, events) {
      if (events.length > 0)
        stream.write(`${events.map((event) => JSON.stringify(event)).join('\n')}\n`);
    },
    end() {},
  };
}
